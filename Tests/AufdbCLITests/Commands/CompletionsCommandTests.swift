// Scripts for shells, and what they ask the command for.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct CompletionsCommandTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  @Test(arguments: ["bash", "zsh", "fish"])
  func everyVerbIsInTheScript(_ shell: String) {
    let run = TestSurroundings().run("completions", shell)
    #expect(run.exitCode == 0)
    for verb in AufdbCommand.configuration.subcommands { #expect(run.output.contains(verb.verbName)) }
  }

  @Test func branchesAndTagsComeFromTheStoreOnTheLine() throws {
    try stage.expectDone("branch", "create", stage.store, "drts")
    try stage.expectDone("tag", "create", stage.store, "v1")
    let before = try stage.contents()
    let names = { (words: [String], prefix: String) in RevisionCompletion.names(["aufdb"] + words, prefix) }
    #expect(names(["query", stage.store, "SELECT 1", "--at", ""], "") == ["drts", "main", "v1"])
    #expect(names(["branch", "delete", "'\(stage.store)'", ""], "") == ["drts", "main", "v1"])
    #expect(names(["diff", stage.store, "v1..m"], "v1..m") == ["v1..drts", "v1..main", "v1..v1"])
    #expect(names(["diff", stage.store, "a...m"], "a...m") == ["a...drts", "a...main", "a...v1"])
    #expect(try stage.contents() == before, "no file comes or goes")
  }

  @Test func whatIsNoStoreHasNone() throws {
    #expect(RefNames.names(at: stage.path("nothing")) == [])
    #expect(RefNames.names(at: stage.path("")) == [])
    #expect(RefNames.names(at: try stage.file("text", "no database")) == [])
    #expect(RefNames.names(at: try stage.file("empty", "")) == [])
    let pipe = stage.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(RefNames.names(at: pipe) == [])
    #expect(RevisionCompletion.names([], "") == [])
  }

  @Test func aPathMayHaveAnyCharacters() throws {
    for name in ["a b.db", "100%.db", "what?.db", "c#.db", "é.db"] {
      try stage.file(name, stage.bytes("store.aufdb"))
      #expect(RefNames.names(at: stage.path(name)) == ["main"], "\(name)")
      let word = stage.path(name).replacing(" ", with: "\\ ")
      #expect(RevisionCompletion.names(["aufdb", "switch", word, ""], "") == ["main"], "\(name)")
    }
  }

  /// Runs the script in bash, as TAB would.
  @Test(
    .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"),
    arguments: [
      ("aufdb que", "query"), ("aufdb query STO", "STORE"), ("aufdb query STORE x --format js", "json jsonl"),
      ("aufdb query STORE x --at m", "main"), ("aufdb branch ren", "rename"),
      ("aufdb query STORE x --exp", "--explain"),
    ])
  func bashCompletes(_ line: String, _ expected: String) throws {
    try stage.file("STORE", stage.bytes("store.aufdb"))
    let folder = URL(filePath: try #require(BuiltCommand.path)).deletingLastPathComponent().path(percentEncoded: false)
    let script = """
      cd '\(stage.path(""))'; export PATH="\(folder):$PATH"
      source <(aufdb completions bash)
      COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMP_KEY=9
      read -ra COMP_WORDS <<< "$COMP_LINE"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _aufdb aufdb "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      echo "${COMPREPLY[*]}"
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["--norc", "--noprofile", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let words = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words == expected)
  }
}

// `aufdb import --map` and `--skip-bad`: what the command says, and what it refuses.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Import under other names, and without bad records") struct MappingAndSkippingTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private static let theirs = """
    {"id":"t1","question":"q","engine":{"name":"m"},"data":{"answer":["one"]}}
    {"id":"t2","question":"q","engine":{"name":"m"},"data":{}}
    {"id":"t3","question":"q","engine":{"name":"m"},"data":{"answer":[3]}}
    {"id":"t4",
    {"id":"t5","question":"q5","engine":{"name":"m"},"data":{"answer":["five"]}}

    """

  private static let maps = [
    "--map", "prompt_id=id", "--map", "prompt=question", "--map", "model=engine.name", "--map",
    "response=data.answer[0]",
  ]

  @Test("what is good comes in, and the rest is listed and counted")
  func skipped() throws {
    let (file, bad) = (try stage.file("theirs.jsonl", Self.theirs), stage.path("bad.jsonl"))
    let arguments = ["import", stage.store, file] + Self.maps
    try stage.expectRefused(arguments, exitCode: 65, error: "response is missing ({}/theirs.jsonl:2)")
    let run = CommandStage.run(arguments + ["--skip-bad", bad])
    #expect(run.exitCode == 0 && run.output == "")
    #expect(
      run.error.hasSuffix(
        "  3 bad records were skipped (see \(bad)): 1 response is a number, not a text, 1 response is missing, "
          + "1 the text ends before its value does\n"), "\(run.error)")
    let rows = CommandStage.run(
      [
        "query", stage.store, "SELECT prompt_id, response FROM responses WHERE model = 'm' ORDER BY 1", "--format",
        "csv",
      ])
    #expect(rows.output == "prompt_id,response\nt1,one\nt5,five\n", "\(rows.output)\(rows.error)")
    let again = CommandStage.run(arguments + ["--skip-bad", stage.path("again.jsonl")])
    #expect(again.error.hasPrefix("nothing to commit: the store has all 2 records already\n"), "\(again.error)")
    #expect(try stage.bytes("again.jsonl") == stage.bytes("bad.jsonl"))
    let lines = try String(decoding: stage.bytes("bad.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && lines[0].contains(#""line":2,"reason":"response is missing","record":"{\"id\":\"t2\""#))

    // The same list may be there, as a killed import leaves it; another one, or another file, is somebody's.
    #expect(CommandStage.run(arguments + ["--skip-bad", bad]).exitCode == 0)
    let other = try stage.file("other.jsonl", #"{"file":"elsewhere","line":1,"reason":"none","record":"x"}"# + "\n")
    try stage.expectRefused(
      arguments + ["--skip-bad", other], exitCode: 1, error: "{}/other.jsonl exists already, and lists other records",
      hint: "choose another name, or remove it")
    let notes = try stage.file("notes.txt", "mine\n")
    try stage.expectRefused(
      arguments + ["--skip-bad", notes], exitCode: 1, error: "{}/notes.txt exists already",
      hint: "choose another name, or remove it")
    try stage.expectRefused(
      arguments + ["--skip-bad", stage.path("no/bad.jsonl")], exitCode: 73,
      error: "can't be created: no such file or directory ({}/no/bad.jsonl)")
    try stage.expectRefused(arguments + ["--skip-bad", "-"], exitCode: 64, error: "bad records go to a file")
  }

  @Test("maps that make no sense")
  func maps() throws {
    let file = try stage.file("theirs.jsonl", Self.theirs)
    let cases: [(maps: [String], error: String, hint: String?)] = [
      (["modle=a"], "'modle' is no field that records are read by", "did you mean model?"),
      (["model"], "'model' is not FIELD=PATH", nil), (["=a"], "'=a', character 1: a field is missing before '='", nil),
      (["model="], "'model=', character 7: a path is missing after '='", nil),
      (["model=a..b"], "'model=a..b', character 9: a key is missing", nil),
      (["model=a[x]"], "'model=a[x]', character 9: an index is a number, counted from 0", nil),
      (["model=a[0"], "'model=a[0', character 8: the bracket isn't closed", nil),
      (["model=\"a"], "'model=\"a', character 7: the quotes aren't closed", nil),
      (["model=a", "model=b"], "model is mapped twice: to a, and to b", nil),
    ]
    for (maps, error, hint) in cases {
      try stage.expectRefused(
        ["import", stage.store, file] + maps.flatMap { ["--map", $0] }, exitCode: 64, error: error, hint: hint)
    }
  }
}

// Stores that aren't there, aren't ours, or are held by somebody else; and command lines that make no sense.

import AufdbAcquisition
import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Bad stores") struct BadStoreTests {
  private let stage: CommandStage

  init() throws {
    stage = try CommandStage()
    try stage.file("input.jsonl", #"{"prompt_id":"new","prompt":"q","completions":[]}"#)
  }

  /// Every verb that opens a store, as a command line for it.
  private func commandLines(_ store: String) -> [[String]] {
    [
      ["import", store, stage.path("input.jsonl")], ["select", store, "--method", "random"],
      ["annotate", store, "--judge", "random"], ["log", store], ["show", store], ["query", store, "SELECT 1"],
      ["stats", store], ["verify", store], ["schema", store], ["export", store, "dpo", "--output", stage.path("out")],
    ]
  }

  private func expectRefused(
    _ name: String, exitCode: Int32, _ error: String, hint: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for arguments in commandLines(stage.path(name)) {
      try stage.expectRefused(arguments, exitCode: exitCode, error: error, hint: hint, sourceLocation: sourceLocation)
    }
  }

  @Test("a store that isn't there")
  func missing() throws {
    try expectRefused(
      "no.aufdb", exitCode: 66, "there is no store at {}/no.aufdb", hint: "`aufdb init {}/no.aufdb` makes one")
    try expectRefused("input.jsonl/x", exitCode: 66, "{}/input.jsonl/x: Not a directory")
  }

  @Test("a folder, or something else that is no file")
  func folder() throws {
    try FileManager.default.createDirectory(atPath: stage.path("folder"), withIntermediateDirectories: false)
    try expectRefused("folder", exitCode: 66, "{}/folder is not a file")
  }

  @Test("a file that isn't SQLite")
  func notSQLite() throws {
    for (name, text) in [
      ("text", "hello\n"), ("empty", ""), ("almost", "SQLite format 3\0"),
      ("long", String(repeating: "x", count: 5000)),
    ] {
      try stage.file(name, text)
      try expectRefused(name, exitCode: 65, "{}/\(name) is not an aufdb store: it isn't a SQLite file")
    }
  }

  @Test("a SQLite file that isn't ours, or is of a later format")
  func foreign() throws {
    // The header's fields: https://sqlite.org/fileformat2.html#the_database_header
    var bytes = try stage.bytes("store.aufdb")
    bytes[68] = 0
    try stage.file("other.db", bytes)
    try expectRefused("other.db", exitCode: 65, "{}/other.db is a SQLite file, but not an aufdb store")
    bytes = try stage.bytes("store.aufdb")
    bytes[63] = 7
    try stage.file("newer.aufdb", bytes)
    try expectRefused(
      "newer.aufdb", exitCode: 65, "{}/newer.aufdb has format version 7, and this aufdb knows 6",
      hint: "use a newer aufdb")
    try stage.file("header", Array(try stage.bytes("store.aufdb").prefix(100)))
    for arguments in commandLines(stage.path("header")) { #expect(CommandStage.run(arguments).exitCode == 65) }
  }

  @Test("damage of the store that an import meets is not blamed on the input")
  func damagedStore() throws {
    let root = CommandStage.run(
      ["query", stage.store, "SELECT rootpage FROM sqlite_schema WHERE name = 'prompts_key'", "--format", "csv"])
    let page = try #require(Int(root.output.split(separator: "\n").last ?? ""))
    var bytes = try stage.bytes("store.aufdb")
    bytes.replaceSubrange((page - 1) * 16384..<page * 16384, with: repeatElement(0xA5, count: 16384))
    try stage.file("damaged.aufdb", bytes)
    try stage.expectRefused(
      ["import", stage.path("damaged.aufdb"), stage.path("input.jsonl")], exitCode: 65,
      error: "the store is damaged: database disk image is malformed", hint: "`aufdb verify STORE` says where")
  }

  @Test("init never overwrites, and says what it can't make")
  func initialisation() throws {
    let choose = "choose another name; aufdb never overwrites a store"
    try FileManager.default.createSymbolicLink(atPath: stage.path("dangling"), withDestinationPath: "nowhere")
    for name in ["store.aufdb", "input.jsonl", "", "dangling"] {
      try stage.expectRefused(
        ["init", stage.path(name)], exitCode: 1, error: "\(stage.path(name)) exists already", hint: choose)
    }
    try stage.expectRefused(
      ["init", stage.path("no/x.aufdb")], exitCode: 73,
      error: "can't be created: no such file or directory ({}/no/x.aufdb)")
    try stage.expectRefused(
      ["init", stage.path("input.jsonl/x")], exitCode: 73,
      error: "can't be created: a part of its path is not a directory ({}/input.jsonl/x)")
  }

  @Test(
    "wrong usage",
    arguments: [
      ["frobnicate", "STORE"], ["import"], ["import", "STORE"], ["import", "STORE", "x", "--frob"],
      ["import", "STORE", "x", "--as", "nonsense"], ["import", "STORE", "x", "--wait", "-1"],
      ["import", "STORE", "x", "--wait", "soon"], ["select", "STORE"], ["select", "STORE", "--method"],
      ["select", "STORE", "--method", "random", "--seed", "-1"],
      ["select", "STORE", "--method", "random", "--limit", "x"],
      ["annotate", "STORE"], ["annotate", "STORE", "--judge", "scores:overall", "--seed", "1"], ["init"],
      ["init", "STORE", "--branch", "b"], ["log", "STORE", "--limit", "-1"], ["stats", "STORE", "extra"],
    ])
  func usage(arguments: [String]) throws {
    let before = try stage.contents()
    let run = CommandStage.run(arguments.map { $0 == "STORE" ? stage.store : $0 })
    #expect(run.exitCode == 64)
    let lines = run.error.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("error: ") && lines[1].hasPrefix("hint: "))
    #expect(run.output == "")
    #expect(try stage.contents() == before)
  }

  @Test("options that make no sense")
  func senseless() throws {
    let cases: [([String], Int32, String, String?)] = [
      (
        ["select", "--method", "drt"], 64, "there is no selection method 'drt'",
        "known methods: " + SelectionMethods.names.nearestFirst(to: "drt").joined(separator: ", ")
      ),
      (
        ["select", "--method", "drts", "--beta=-1"], 64,
        "method drts: beta can't be '-1.0': it must be a finite number of at least 0.0", nil
      ),
      (
        ["select", "--method", "maxmin", "--beta", "1"], 64, "the method maxmin has no parameter 'beta'",
        "it has no parameters: leave this one out"
      ),
      (
        ["select", "--method", "maxmin", "--snapshot", "base"], 64,
        "--snapshot means nothing to the method maxmin, which needs scores", "leave it out"
      ),
      (["select", "--method", "drts", "--snapshot", "x"], 1, "there is no snapshot 'x'", "snapshots here: base"),
      (
        ["select", "--method", "maxmin", "--judge", "x"], 1, "there are no scores of a judge 'x'",
        "judges here: overall"
      ),
      (["select", "--method", "random", "--limit", "0"], 64, "--limit is at least 1, not 0", nil),
      (["select", "--method", "random", "--at", "nowhere"], 1, "there is no revision 'nowhere'", nil),
      (["select", "--method", "random", "--branch", "b"], 1, "there is no branch 'b'", nil),
      (
        ["annotate", "--judge", "nobody"], 1, "there is no judge 'nobody'",
        "`aufdb model add STORE FILE` defines one; other judges: scores:NAME, random, command:CMD, file:PATH"
      ),
      (
        ["annotate", "--judge", "random"], 1, "there are no selections to annotate on 'main'",
        "`aufdb select STORE --method M` makes some"
      ),
      (
        ["import", stage.path("input.jsonl"), "--judge", ""], 64,
        "a judge's name can't be empty or hold control characters", nil
      ),
      (["import", stage.path("input.jsonl"), "--branch", "b"], 1, "there is no branch 'b'", nil),
      (
        ["import", stage.path("input.jsonl"), "--author", " "], 64, "the author has no name",
        "set it with --author or AUFDB_AUTHOR"
      ),
      (["import", stage.path("input.jsonl"), "--as", "estimates"], 65, "model is missing ({}/input.jsonl:1)", nil),
    ]
    for (arguments, exitCode, error, hint) in cases {
      try stage.expectRefused(
        [arguments[0], stage.store] + arguments.dropFirst(), exitCode: exitCode, error: error, hint: hint)
    }
  }

  @Test("a second writer is told who holds the store, and readers go on")
  func busy() throws {
    let holder = try Store(stage.store, for: .writing(waitSeconds: 0, command: "aufdb train \u{1B}[31m"))
    let wait = ["--wait", "0"]
    for arguments in [
      ["import", stage.store, stage.path("input.jsonl")], ["select", stage.store, "--method", "random"],
      ["annotate", stage.store, "--judge", "random"],
    ] {
      try stage.expectRefused(
        arguments + wait, exitCode: 75,
        error: "the store is being written by process \(getpid()) (aufdb train ?[31m)",
        hint: "try again, or wait longer with --wait SECONDS")
    }
    #expect(
      CommandStage.run(["query", stage.store, "SELECT count(*) FROM prompts", "--format", "csv"]).output.hasSuffix(
        "\n2\n"))
    #expect(CommandStage.run(["verify", stage.store]).exitCode == 0)
    withExtendedLifetime(holder) {}
  }

  @Test("the lock goes with its holder")
  func released() throws {
    do { _ = try Store(stage.store, for: .writing(waitSeconds: 0, command: "test")) }
    try stage.expectDone("import", stage.store, stage.path("input.jsonl"), "--wait", "0")
    #expect(try Set(stage.contents().keys) == ["store.aufdb", "input.jsonl"])
    for verb in ["verify", "stats", "log"] { #expect(CommandStage.run([verb, stage.store]).exitCode == 0) }
    #expect(try Set(stage.contents().keys) == ["store.aufdb", "input.jsonl"], "and so do a reader's files")
  }
}

// What can be wrong with a command line, a definition or a server: one line says it, and nothing is lost.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Refusals of verbs that ask models") struct AskingRefusalTests {
  private static let key = "sk-0123456789abcdef"

  /// Generates with a key in the environment, and expects that nothing is committed.
  private func expectRefused(
    _ stage: ModelStage, _ arguments: [String] = [], exitCode: Int32, _ error: String, hint: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    stage.environment["EMBER_KEY"] = Self.key
    let before = stage.lines("SELECT id FROM commits")
    let run = stage.run(["generate", stage.store, "--model", "ember"] + arguments)
    #expect(run.exitCode == exitCode, "\(run.error)", sourceLocation: sourceLocation)
    #expect(run.error.contains("error: \(error)"), "\(run.error)", sourceLocation: sourceLocation)
    if let hint { #expect(run.error.contains("hint: \(hint)"), "\(run.error)", sourceLocation: sourceLocation) }
    #expect(run.output == "" && !run.error.contains(Self.key), sourceLocation: sourceLocation)
    #expect(stage.lines("SELECT id FROM commits") == before, sourceLocation: sourceLocation)
  }

  @Test func aServerThatIsNotThere() throws {
    let stage = try ModelStage("right")
    // Nobody listens at port 1.
    try stage.define(url: "http://127.0.0.1:1/v1")
    try expectRefused(
      stage, exitCode: 74, "no connection to http://127.0.0.1:1/v1/chat/completions: ", hint: "is the server running")
  }

  @Test(arguments: [
    ("keyed.another-key", "Incorrect API key provided"),
    ("status.404.no%20such%20path", "no such path"),
    ("status.404.The%20model%20'ember'%20does%20not%20exist", "The model 'ember' does not exist"),
    ("status.402.no%20money", "no money"), ("page.200", "answers with a web page: Welcome"),
    ("redirect", "which is not followed"),
  ])
  func aServerThatRefuses(script: String, message: String) throws {
    let stage = try ModelStage(script, lines: ["key: {env: EMBER_KEY}"])
    let url = "\(stage.server.baseURL(stage.name, script))/chat/completions"
    try expectRefused(stage, exitCode: 1, "\(url) ")
    #expect(stage.run("generate", stage.store, "--model", "ember").error.contains(message))
    #expect(try stage.book.headers["authorization"] == "Bearer \(Self.key)")
    #expect(try stage.book.requests == 2 && stage.keptCount() == 0)
    // Nothing is lost: with the right server it goes on.
    try stage.define(url: stage.server.baseURL(stage.name, "right"))
    #expect(stage.run("generate", stage.store, "--model", "ember").exitCode == 0)
    try stage.expectPaidOnce((0..<4).map { "question \($0)" })
  }

  @Test func whatCameBeforeARefusalIsKept() throws {
    let stage = try ModelStage("right,right,status.401.the%20key%20has%20expired")
    let run = stage.run("generate", stage.store, "--model", "ember")
    #expect(run.exitCode == 1 && run.error.contains("the key has expired"))
    #expect(run.error.contains("Generate 2 responses by ember@1\n  2 are still missing\n"), "\(run.error)")
    #expect(stage.lines(ModelStage.rows).count == 2)
  }

  @Test func keysThatCannotBeHad() throws {
    let stage = try ModelStage("right", lines: ["key: {env: NO_SUCH_KEY}"])
    try expectRefused(stage, exitCode: 64, "the environment variable NO_SUCH_KEY isn't set")
    let url = stage.server.baseURL(stage.name, "right")
    try stage.define(url: url, ["key: {file: /nowhere/key}"])
    try expectRefused(stage, exitCode: 66, "the key's file '/nowhere/key' can't be read")
    stage.environment["EMPTY_KEY"] = " "
    try stage.define(url: url, ["key: {env: EMPTY_KEY}"])
    try expectRefused(stage, exitCode: 64, "the key in the environment variable EMPTY_KEY is empty")
    #expect(try stage.book.requests == 0)
  }

  @Test func aKeyGoesNowhereUnencrypted() throws {
    let stage = try ModelStage("right")
    try stage.define(url: "http://192.0.2.1/v1", ["key: {env: EMBER_KEY}"])
    try expectRefused(
      stage, exitCode: 64, "the key would go to 192.0.2.1 unencrypted: its URL is http, not https",
      hint: "use https, or --insecure")
  }

  @Test(arguments: ["echo.401", "echo.400", "parrot", "echo.500"])
  func theKeyIsNowhere(script: String) throws {
    let stage = try ModelStage(script, lines: ["key: {env: EMBER_KEY}", "price: {input: 1}"])
    stage.environment["EMBER_KEY"] = Self.key
    let runs = [
      stage.run("generate", stage.store, "--model", "ember"),
      stage.run("generate", stage.store, "--model", "ember", "--dry-run"), stage.run("log", stage.store),
      stage.run("model", "show", stage.store), stage.run("query", stage.store, ModelStage.rows),
    ]
    for run in runs { #expect(!(run.output + run.error).contains(Self.key), "\(run.error)") }
    #expect(try stage.book.headers["authorization"] == "Bearer \(Self.key)")
    for (name, bytes) in try stage.stage.contents() {
      #expect(bytes.range(of: Data(Self.key.utf8)) == nil, "\(name)")
    }
  }

  @Test func whatIsNotDefined() throws {
    let stage = try ModelStage("right", promptCount: 1)
    for (arguments, message) in [
      (["generate", stage.store, "--model", "embre"], "there is no model 'embre'"),
      (["generate", stage.store, "--model", "ember@2"], "there is no version 2 of the model ember"),
      (["embed", stage.store, "--encoder", "ember"], "there is no encoder 'ember'"),
      (["annotate", stage.store, "--judge", "nobody"], "there is no judge 'nobody'"),
      (["batch", "write", stage.store, "--judge", "mini"], "there is no judge 'mini'"),
      (["run", stage.store, "--judge", "nobody"], "there is no judge 'nobody'"),
      (["generate", stage.store, "--model", "ember", "--where", "nonsense"], ""),
      (["generate", stage.store, "--model", "ember", "--branch", "nowhere"], ""),
    ] {
      let run = stage.run(arguments)
      #expect(run.exitCode == 1 && run.error.hasPrefix("error: \(message)"), "\(arguments): \(run.error)")
    }
    #expect(try stage.book.requests == 0)
  }

  @Test func optionsThatMeanNothing() throws {
    let stage = try ModelStage("right", promptCount: 1)
    let batch = stage.stage.path("q.jsonl")
    for arguments in [
      ["generate", stage.store], ["embed", stage.store],
      ["generate", stage.store, "--model", "ember", "--samples", "0"],
      ["generate", stage.store, "--model", "ember", "--concurrency", "0"],
      ["generate", stage.store, "--model", "ember", "--max-cost", "-1"],
      ["generate", stage.store, "--model", "ember", "--max-cost", "nan"],
      ["generate", stage.store, "--model", "ember", "--max-requests", "-1"],
      ["generate", stage.store, "--model", "ember", "--max-cost", "1"],
      ["generate", stage.store, "--model", "ember", "--seed", "18446744073709551615"],
      ["annotate", stage.store, "--judge", "random", "--max-cost", "5"],
      ["annotate", stage.store, "--judge", "scores:x", "--all-responses"],
      ["annotate", stage.store, "--judge", "random", "--dry-run"],
      ["annotate", stage.store, "--judge", "rater", "--seed", "3"],
      ["annotate", stage.store, "--judge", "rater", "--where", "1"],
      ["annotate", stage.store, "--judge", "chooser", "--all-responses"],
      ["batch", "write", stage.store, "--output", batch],
      ["batch", "write", stage.store, "--model", "ember", "--judge", "rater", "--output", batch],
      ["batch", "write", stage.store, "--model", "ember", "--all-responses", "--output", batch],
      ["batch", "write", stage.store, "--judge", "rater", "--samples", "2", "--output", batch],
      ["batch", "write", stage.store, "--judge", "rater", "--where", "1", "--output", batch],
      ["run", stage.store, "--judge", "rater", "--dry-run"],
    ] {
      let run = stage.run(arguments)
      #expect(run.exitCode == 64 && run.error.hasPrefix("error: "), "\(arguments): \(run.exitCode) \(run.error)")
    }
    #expect(try stage.book.requests == 0 && !FileManager.default.fileExists(atPath: batch))
  }
}

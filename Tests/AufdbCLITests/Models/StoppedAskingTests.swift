// The built command, stopped in the middle and beside others: every answer that came is kept, and paid for once.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite(
  "Asking that is stopped", .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
struct StoppedAskingTests {
  private let questions = (0..<8).map { "question \($0)" }

  private func generate(_ stage: ModelStage, _ more: String...) throws -> ModelProcess {
    try ModelProcess(["generate", stage.store, "--model", "ember"] + more, environment: stage.environment)
  }

  @Test func theFirstInterruptWaitsForWhatIsUnderWay() throws {
    let stage = try ModelStage("right,right,right,gate", promptCount: 8, concurrency: 2)
    let process = try generate(stage)
    // Three are answered, and two wait at the gate.
    try stage.server.book(stage.name, afterRequests: 5)
    process.send(SIGINT)
    try stage.server.openGate(stage.name)
    let run = process.end()
    #expect(run.exitCode == 130, "\(run.error)")
    #expect(run.error.contains("  interrupted; run it again to go on\n"))
    #expect(run.error.contains("Generate 5 responses by ember@1\n  3 are still missing\n"), "\(run.error)")
    #expect(try stage.book.requests == 5 && stage.keptCount() == 5)
    #expect(stage.run("generate", stage.store, "--model", "ember").exitCode == 0)
    try stage.expectPaidOnce(questions)
  }

  @Test func theSecondInterruptDropsIt() throws {
    let stage = try ModelStage("right,right,right,never", promptCount: 8)
    let process = try generate(stage)
    try stage.server.book(stage.name, afterRequests: 4)
    // Two signals of one kind can be one, unless the first was taken before the second came.
    var wasTaken = false
    while !wasTaken {
      process.send(SIGINT)
      wasTaken = try Self.pendingSignals(process.identifier) == 0
    }
    process.send(SIGINT)
    let run = process.end()
    #expect(run.exitCode == 130 && run.error.contains("Generate 3 responses by ember@1\n"), "\(run.error)")
    try stage.define(url: stage.server.baseURL(stage.name, "right"))
    #expect(stage.run("generate", stage.store, "--model", "ember").exitCode == 0)
    try stage.expectPaidOnce(questions)
  }

  /// The signals that wait for a process, as a set of bits.
  private static func pendingSignals(_ process: pid_t) throws -> UInt64 {
    let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(process)/status")), as: UTF8.self)
    let match = try #require(status.firstMatch(of: /ShdPnd:\s*([0-9a-f]+)/))
    return try #require(UInt64(match.output.1, radix: 16))
  }

  @Test func aKilledRunLosesNoAnswerThatWasKept() throws {
    let stage = try ModelStage("right,right,right,gate", promptCount: 8, lines: ["key: {env: EMBER_KEY}"])
    stage.environment["EMBER_KEY"] = "sk-0123456789abcdef"
    let process = try generate(stage)
    try stage.server.book(stage.name, afterRequests: 4)
    // The third answer is kept a moment after it came.
    while try stage.keptCount() < 3 { sched_yield() }
    #expect(try !process.commandLine().contains("sk-0123456789abcdef"))
    process.send(SIGKILL)
    #expect(process.end().exitCode == -SIGKILL)
    #expect(stage.lines(ModelStage.rows).isEmpty)
    try stage.stage.expectDone("verify", stage.store)
    try stage.define(url: stage.server.baseURL(stage.name, "right"), ["key: {env: EMBER_KEY}"])
    let run = stage.run("generate", stage.store, "--model", "ember")
    #expect(run.exitCode == 0 && run.error.hasPrefix("ember@1: 3 answers were kept before\n"), "\(run.error)")
    // What was under way was asked again: nobody knew what became of it.
    let asked = try stage.book.asked
    #expect(asked.values.sorted() == [1, 1, 1, 1, 1, 1, 1, 2] && Set(asked.keys) == Set(questions))
    #expect(stage.lines(ModelStage.rows).count == 8)
    for (name, bytes) in try stage.stage.contents() {
      #expect(bytes.range(of: Data("sk-0123456789abcdef".utf8)) == nil, "\(name)")
    }
  }

  @Test func anotherWriterWaitsForNothing() throws {
    let stage = try ModelStage("right,right,gate", promptCount: 8)
    let process = try generate(stage)
    try stage.server.book(stage.name, afterRequests: 3)
    // While the server thinks, somebody imports, and makes a branch.
    try stage.importPrompts(100..<103)
    try stage.stage.expectDone("branch", "create", stage.store, "side")
    try stage.server.openGate(stage.name)
    let run = process.end()
    #expect(
      run.exitCode == 0 && run.error.contains("Generate 8 responses by ember@1\n  3 are still missing\n"),
      "\(run.error)")
    #expect(stage.lines(ModelStage.rows).count == 8)
    #expect(stage.run("generate", stage.store, "--model", "ember").error.contains("Generate 3 responses"))
    try stage.stage.expectDone("verify", stage.store)
  }

  @Test func ofTwoRunsOneWaitsAndNothingIsPaidTwice() throws {
    let stage = try ModelStage("right,right,right,gate", promptCount: 8, concurrency: 2)
    let first = try generate(stage)
    try stage.server.book(stage.name, afterRequests: 5)
    let refused = stage.run("generate", stage.store, "--model", "ember", "--wait", "0")
    #expect(refused.exitCode == 75, "\(refused.error)")
    #expect(
      refused.error == "error: ember is being asked by process \(first.identifier) (aufdb generate)\n"
        + "hint: try again, or wait longer with --wait SECONDS\n")
    // A dry run asks nothing, another model is another one.
    #expect(stage.run("generate", stage.store, "--model", "ember", "--dry-run", "--wait", "0").exitCode == 0)
    #expect(stage.run("embed", stage.store, "--encoder", "mini", "--wait", "0").exitCode == 0)
    let second = try generate(stage, "--wait", "120")
    try stage.server.openGate(stage.name)
    for run in [first.end(), second.end()] { #expect(run.exitCode == 0, "\(run.error)") }
    #expect(stage.lines(ModelStage.rows).count == 8)
    try stage.expectPaidOnce(questions)
    #expect(try stage.stage.contents().keys.allSatisfy { !$0.contains("-asking-") })
    try stage.stage.expectDone("verify", stage.store)
  }
}

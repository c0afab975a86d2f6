// The verbs that ask models, end to end against a server that answers rightly.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Verbs that ask models") struct AskingCommandTests {
  private let questions = (0..<4).map { "question \($0)" }

  @Test func generateAsksForWhatIsMissing() throws {
    let stage = try ModelStage("right")
    let first = stage.run("generate", stage.store, "--model", "ember")
    #expect(first.exitCode == 0 && first.output == "")
    #expect(first.error.contains("ember@1: 4 answers to 4 requests, 44 tokens\n"))
    #expect(first.error.contains("] Generate 4 responses by ember@1\n"))
    #expect(stage.lines(ModelStage.rows) == (0..<4).map { "p\($0),4," })
    let again = stage.run("generate", stage.store, "--model", "ember")
    #expect(again.exitCode == 0 && again.error == "nothing to commit: each prompt has its responses of ember\n")
    try stage.expectPaidOnce(questions)
    #expect(try stage.book.headers["authorization"] == nil)
    try stage.stage.expectDone("verify", stage.store)
  }

  @Test func aDryRunAsksNothing() throws {
    let stage = try ModelStage("right", lines: ["price: {input: 2, output: 0}"])
    let before = try stage.stage.contents()
    for (verb, count) in [
      (["generate", stage.store, "--model", "ember"], "4"), (["embed", stage.store, "--encoder", "mini"], "0"),
    ] {
      let run = stage.run(verb + ["--dry-run"])
      #expect(run.exitCode == 0 && run.error == "")
      #expect(run.output.contains("  questions: \(count)\n") && run.output.contains("\nanswered_before: 0\n"))
    }
    #expect(try stage.book.requests == 0)
    #expect(try stage.stage.contents() == before)
  }

  @Test func boundsStopItAndTheNextRunGoesOn() throws {
    let stage = try ModelStage("right", lines: ["price: {input: 1000000, output: 0}"])
    let first = stage.run("generate", stage.store, "--model", "ember", "--max-requests", "2")
    #expect(first.exitCode == 0)
    #expect(first.error.contains("  stopped by --max-requests; run it again to go on\n"))
    #expect(first.error.contains("Generate 2 responses") && first.error.contains("  2 are still missing\n"))
    // Ten tokens each, as the server counts: a third of them fits in no case.
    let second = stage.run("generate", stage.store, "--model", "ember", "--max-cost", "15")
    #expect(second.exitCode == 0 && second.error.contains("  stopped by --max-cost; run it again to go on\n"))
    #expect(second.error.contains("cost 10"))
    let third = stage.run("generate", stage.store, "--model", "ember", "--max-time", "0")
    #expect(third.exitCode == 0 && third.error.contains("  stopped by --max-time; run it again to go on\n"))
    #expect(stage.run("generate", stage.store, "--model", "ember").exitCode == 0)
    try stage.expectPaidOnce(questions)
    #expect(stage.lines(ModelStage.rows).count == 4)
  }

  @Test func aTerminalSeesHowFarItIs() throws {
    let stage = try ModelStage("right", lines: ["price: {input: 1000000, output: 0}"])
    let arguments = ["generate", stage.store, "--model", "ember"]
    let first = stage.run(arguments + ["--max-requests", "1"], isErrorTerminal: true)
    #expect(first.exitCode == 0)
    // One is answered already, and so three are the whole.
    let second = stage.run(arguments + ["--max-requests", "1"], isErrorTerminal: true)
    let lines = second.error.split(separator: "\r").map(String.init)
    #expect(lines.contains { $0.contains("33%") && $0.contains("1 answer,") && $0.contains("cost 10") }, "\(lines)")
    #expect(
      lines.contains { $0.contains(" a second, 11 tokens") } && second.error.contains("Generate 1 response"), "\(lines)"
    )
    #expect(stage.run(arguments).error.split(separator: "\r").count == 1, "and nobody else does")
  }

  @Test func proxiesAndCertificatesAreTheCommands() throws {
    let stage = try ModelStage("right")
    stage.environment["http_proxy"] = "http://127.0.0.1:\(stage.server.port)"
    try stage.define(url: "http://models-\(stage.name).example/\(stage.name)/right/v1")
    #expect(stage.run("generate", stage.store, "--model", "ember", "--max-requests", "1").exitCode == 0)
    #expect(try stage.server.book("models-\(stage.name).example").requests == 1)
    let secure = "https://localhost:\(stage.server.securePort)/\(stage.name)/right/v1"
    try stage.define(url: secure)
    let untrusted = stage.run("generate", stage.store, "--model", "ember")
    #expect(untrusted.exitCode == 1 && untrusted.error.contains("its certificate isn't trusted"), "\(untrusted.error)")
    let file = FaultServer.certificateFile
    #expect(stage.run("generate", stage.store, "--model", "ember", "--ca-file", file).exitCode == 0)
    try stage.expectPaidOnce(questions)
    let absent = stage.run("generate", stage.store, "--model", "ember", "--ca-file", "/nowhere.pem")
    #expect(absent.exitCode == 66 && absent.error.contains("/nowhere.pem"), "\(absent.error)")
  }

  @Test func severalModelsShareTheBounds() throws {
    let stage = try ModelStage("right")
    let url = stage.server.baseURL(stage.name, "right")
    try stage.stage.expectDone(
      "model", "add", stage.store, stage.stage.file("flint.yaml", "models: {flint: {url: '\(url)'}}"))
    let run = stage.run("generate", stage.store, "--model", "ember", "--model", "flint", "--max-requests", "6")
    #expect(run.exitCode == 0)
    #expect(stage.lines("SELECT model, count(*) FROM responses GROUP BY 1") == ["ember,4", "flint,2"])
  }

  @Test func aContextThatIsTooLongIsMarkedAndTheRunGoesOn() throws {
    let stage = try ModelStage("short.10", promptCount: 12)
    let run = stage.run("generate", stage.store, "--model", "ember")
    #expect(run.exitCode == 0)
    #expect(run.error.contains("  2 are too long for the model, and are marked\n"), "\(run.error)")
    #expect(run.error.contains("  2 failed; --retry-failed asks again\n"))
    let failed = stage.lines(ModelStage.rows).filter { !$0.hasSuffix(",") }
    #expect(failed.count == 2 && failed.allSatisfy { $0.contains("maximum context length") })
    #expect(stage.run("generate", stage.store, "--model", "ember").error.hasPrefix("nothing to commit"))
    try stage.define(url: stage.server.baseURL(stage.name, "right"))
    let retry = stage.run("generate", stage.store, "--model", "ember", "--retry-failed")
    #expect(retry.exitCode == 0 && retry.error.contains("Generate 2 responses by ember@1"))
    try stage.expectPaidOnce((0..<12).map { "question \($0)" })
  }

  @Test func annotateLabelsPairs() throws {
    let stage = try ModelStage("prefer.good.bad", promptCount: 0)
    try stage.importPairs(count: 3)
    let run = stage.run("annotate", stage.store, "--judge", "chooser")
    #expect(run.exitCode == 0 && run.error.contains("] Annotate 3 pairs by chooser@1\n"), "\(run.error)")
    #expect(run.error.contains("  being shown first adds 0.0 to a response's probability\n"), "\(run.error)")
    #expect(stage.lines("SELECT chosen_model, tie, judge FROM labels") == Array(repeating: "a,0,chooser@1", count: 3))
    #expect(try stage.book.requests == 6)
    let again = stage.run("annotate", stage.store, "--judge", "chooser")
    #expect(again.exitCode == 0 && again.error.hasPrefix("nothing to commit: chooser@1 has labelled every selection"))
    #expect(try stage.book.requests == 6 && stage.book.paid.values.allSatisfy { $0 == 1 })
  }

  @Test func annotateTellsOfPlaces() throws {
    let stage = try ModelStage("places", promptCount: 0)
    try stage.importPairs(count: 2)
    let run = stage.run("annotate", stage.store, "--judge", "chooser")
    #expect(run.exitCode == 0)
    #expect(run.error.contains("  2 pairs are ties because the two orders disagree\n"), "\(run.error)")
    #expect(run.error.contains("  being shown first adds 0.409 to a response's probability\n"), "\(run.error)")
  }

  @Test func annotateRates() throws {
    let stage = try ModelStage("right", promptCount: 0, concurrency: 4)
    try stage.importPairs(count: 2)
    let run = stage.run("annotate", stage.store, "--judge", "rater", "--all-responses")
    #expect(run.exitCode == 0 && run.error.contains("] Rate 4 responses by rater@1\n"), "\(run.error)")
    #expect(stage.lines("SELECT count(*), min(score) > 3.9, max(score) < 4.2 FROM scores") == ["4,1,1"])
    // The ratings are there, so labels need no further question.
    let requests = try stage.book.requests
    let labels = stage.run("annotate", stage.store, "--judge", "rater")
    #expect(labels.exitCode == 0 && labels.error.contains("] Annotate 2 pairs by rater@1, 2 of them ties\n"))
    #expect(try stage.book.requests == requests)
  }

  @Test func answersThatCannotBeUsedAreToldAndAskedAgain() throws {
    let stage = try ModelStage("plain", promptCount: 0)
    try stage.importPairs(count: 1)
    let run = stage.run("annotate", stage.store, "--judge", "chooser")
    #expect(run.exitCode == 0 && run.error.contains("nothing to commit: chooser@1 gave no choice\n"), "\(run.error)")
    #expect(run.error.contains("can't be used; --retry-failed asks again\n"))
    #expect(stage.run("annotate", stage.store, "--judge", "chooser").exitCode == 0)
    #expect(try stage.book.requests == 2)
    try stage.define(url: stage.server.baseURL(stage.name, "places"))
    #expect(
      stage.run("annotate", stage.store, "--judge", "chooser", "--retry-failed").error.contains("Annotate 1 pairs"))
    #expect(try stage.book.requests == 4)
  }

  @Test func embedMakesVectors() throws {
    let stage = try ModelStage("right", promptCount: 0)
    try stage.importPairs(count: 2)
    let run = stage.run("embed", stage.store, "--encoder", "mini")
    #expect(run.exitCode == 0 && run.error.contains("] Embed 4 responses by mini@1\n"), "\(run.error)")
    #expect(try stage.book.bodies == [2], "two texts, each of which stands at two responses")
    #expect(
      stage.lines("SELECT encoder, element, length(vector), count(*) FROM embeddings GROUP BY 1, 2, 3") == [
        "mini@1,f32,12,4"
      ])
    #expect(stage.run("embed", stage.store, "--encoder", "mini").error.hasPrefix("nothing to commit"))
  }

  @Test func batchesGoThereAndBack() throws {
    let stage = try ModelStage("right")
    let file = stage.stage.path("questions.jsonl")
    let written = stage.run("batch", "write", stage.store, "--model", "ember", "--output", file)
    #expect(written.exitCode == 0 && written.error == "4 questions for ember@1\n")
    let ids = String(decoding: try stage.stage.bytes("questions.jsonl"), as: UTF8.self)
      .matches(of: /"custom_id":"([0-9a-f]+)"/).map { String($0.output.1) }
    #expect(ids.count == 4)
    let body = #"{"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]}"#
    var results = ids.dropFirst().reversed().map {
      #"{"custom_id":"\#($0)","response":{"status_code":200,"body":\#(body)},"error":null}"#
    }
    results.insert("oops", at: 1)
    results.append(#"{"custom_id":"\#(ids[0])","response":null,"error":{"message":"expired"}}"#)
    let answers = try stage.stage.file("answers.jsonl", results.joined(separator: "\n"))
    let read = stage.run("batch", "read", stage.store, answers, "--model", "ember")
    #expect(read.exitCode == 65 && read.error.hasPrefix("3 answers read\n"), "\(read.error)")
    #expect(read.error.contains("not answered (expired)"))
    #expect(read.error.contains("Generate 3 responses by ember@1") && read.error.contains("answers.jsonl:2"))
    let rest = stage.run("batch", "write", stage.store, "--model", "ember", "--output", file)
    #expect(rest.error.hasPrefix("1 question for ember@1\n"))
    let split = stage.run("batch", "write", stage.store, "--model", "ember", "--split", "--output", file)
    #expect(split.exitCode == 0 && split.error.hasPrefix("1 question for ember@1 in 1 file\n"), "\(split.error)")
    #expect(try stage.stage.bytes("questions-0001.jsonl") == stage.stage.bytes("questions.jsonl"))
    #expect(stage.run("batch", "write", stage.store, "--model", "ember", "--split").exitCode == 64)
    #expect(try stage.book.requests == 0)
  }

  @Test func aRunBeginsWithPrompts() throws {
    let stage = try ModelStage("right", promptCount: 6, concurrency: 4)
    let (right, judge) = (stage.server.baseURL(stage.name, "right"), stage.server.baseURL("\(stage.name)j", "places"))
    try stage.stage.expectDone(
      "model", "add", stage.store,
      stage.stage.file(
        "more.yaml",
        """
        models: {flint: {url: "\(right)"}, arbiter: {url: "\(judge)"}}
        judges: {helpful: {endpoint: arbiter, rubric: preference}}
        """))
    let line = [
      "run", stage.store, "--judge", "helpful", "--encoder", "mini", "--set", "models=ember,flint", "--set",
      "outer-batch=3", "--set", "heads=2", "--set", "hidden=4", "--set", "steps=2", "--threads", "1",
    ]
    let run = stage.run(line)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(stage.lines("SELECT judge, tie, count(*) FROM labels GROUP BY 1, 2") == ["helpful@1,1,6"])
    #expect(stage.lines("SELECT count(*) FROM embeddings WHERE encoder = 'mini@1'") == ["12"])
    let (requests, judged) = (try stage.book.requests, try stage.server.book("\(stage.name)j").requests)
    #expect(stage.run(line).exitCode == 0)
    #expect(try stage.book.requests == requests && stage.server.book("\(stage.name)j").requests == judged)
    try stage.stage.expectDone("verify", stage.store)
  }
}

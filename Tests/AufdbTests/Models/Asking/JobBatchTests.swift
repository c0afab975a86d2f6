// Questions written to a file, and results read from one: in any order, in part, twice, and wrong.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Batches of a job") struct JobBatchTests {
  private let store: AskingStore

  init() throws { store = try AskingStore() }

  private func lines(_ job: ModelJob) throws -> [String] {
    var bytes: [UInt8] = []
    let count = try job.writeBatch { bytes += Array($0) }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.count == count)
    return lines
  }

  private func id(_ line: String) throws -> String {
    String(try #require(line.firstMatch(of: /"custom_id":"([0-9a-f]{64})"/)).output.1)
  }

  private func result(_ line: String, _ text: String) throws -> String {
    let body = #"{"choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#
    return #"{"custom_id":"\#(try id(line))","response":{"status_code":200,"body":\#(body)},"error":null}"#
  }

  private func read(_ lines: [String], _ job: ModelJob) throws -> BatchReport {
    try job.readBatch(store.fixture.file("results.jsonl", lines))
  }

  @Test("there and back, out of order, in part, and twice")
  func roundTrip() throws {
    try store.addPrompts("a", "b", "c", "a", "d")
    let questions = try lines(store.generating())
    #expect(questions.count == 4)
    let results = try questions.enumerated().map { try result($1, "answer \($0)") }
    let job = try store.generating()
    let report = try read([results[2], results[0], results[2]], job)
    #expect(report.keptCount == 3 && report.failedCount == 0 && report.badLineCount == 0)
    let (commit, counts) = try job.settle(store.context())
    #expect(commit != nil && counts.rowCount == 3 && counts.missingCount == 2)
    #expect(
      try store.lines("SELECT prompt_id, response FROM responses ORDER BY 1")
        == ["p0|answer 0", "p2|answer 2", "p3|answer 0"])
    let rest = try lines(store.generating())
    #expect(rest == [questions[1], questions[3]])
    // The whole file once more: what was read changes nothing.
    let again = try store.generating()
    #expect(try read(results.reversed(), again).keptCount == 4)
    #expect(try again.settle(store.context()).counts.rowCount == 2)
    #expect(try lines(store.generating()).isEmpty && store.fixture.isSound())
  }

  @Test("several files hold what one would, each as much as it may", arguments: [UInt64(1), 2, 3])
  func limits(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    try store.change { change in
      for number in 0..<12 { try change.addPrompt("p\(number)", draw.string(length: 200)) }
    }
    let whole = try lines(store.generating())
    let longest = whole.map(\.utf8.count).max() ?? 0
    for limit in [
      BatchLimit(lineCount: 5, byteCount: .max), BatchLimit(lineCount: 1, byteCount: .max),
      BatchLimit(lineCount: .max, byteCount: Int.random(in: 1...3 * longest, using: &draw)), .openAI,
    ] {
      let job = try store.generating()
      var files: [[String]] = []
      while try !job.isAtEnd {
        var bytes: [UInt8] = []
        let count = try job.writeBatch(within: limit) { bytes += Array($0) }
        files.append(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
        #expect(count > 0 && files.last?.count == count, "seed \(seed)")
      }
      #expect(files.flatMap { $0 } == whole, "seed \(seed)")
      for (file, next) in zip(files, files.dropFirst()) {
        let (size, more) = (file.reduce(0) { $0 + $1.utf8.count + 1 }, next[0].utf8.count + 1)
        #expect(file.count <= limit.lineCount && (file.count == 1 || size <= limit.byteCount), "seed \(seed)")
        #expect(file.count == limit.lineCount || size + more > limit.byteCount, "seed \(seed): there was room")
      }
      #expect(try job.writeBatch(within: limit) { _ in } == 0)
    }
  }

  @Test("a line with an error, a bad line and an answer that makes no sense are told apart")
  func errors() throws {
    try store.addPrompts("a", "b", "c", "d")
    let questions = try lines(store.generating())
    let ids = try questions.map(id)
    let job = try store.generating()
    let report = try read(
      [
        "nonsense", #"{"custom_id":"\#(ids[0])","response":{"status_code":400,"body":{"error":{"message":"long"}}}}"#,
        #"{"custom_id":"\#(ids[1])","response":null,"error":{"message":"expired"}}"#, "{}",
        #"{"custom_id":"\#(ids[2])","response":{"status_code":200,"body":{"choices":[]}}}"#,
        try result(questions[3], "fine"),
        // A later failure doesn't take away what was paid for.
        #"{"custom_id":"\#(ids[3])","response":{"status_code":400}}"#,
      ], job)
    #expect(report.keptCount == 4 && report.failedCount == 3 && report.unansweredCount == 1)
    #expect(report.firstUnanswered == "expired")
    #expect(report.badLineCount == 2 && report.firstBadLine?.place?.line == 1)
    let counts = try job.settle(store.context()).counts
    #expect(counts.rowCount == 3 && counts.failedCount == 2 && counts.missingCount == 1)
    #expect(try store.lines("SELECT response FROM responses WHERE prompt_id = 'p3'") == ["fine"])
    #expect(try lines(store.generating()) == [questions[1]])
  }

  @Test("vectors have a line each, and are joined again")
  func vectors() throws {
    try store.addResponses("one", "two", "three")
    let questions = try lines(store.embedding())
    #expect(questions.count == 3 && questions.allSatisfy { $0.contains(#""url":"/v1/embeddings""#) })
    let results = try questions.reversed().map {
      #"{"custom_id":"\#(try id($0))","response":{"status_code":200,"body":{"data":[{"index":0,"embedding":[1,2,3]}]}}}"#
    }
    let job = try store.embedding()
    #expect(try read(results, job).keptCount == 3)
    #expect(try job.settle(store.context()).counts.rowCount == 3)
  }

  @Test("what answers another job's questions, read with the wrong options, harms them not")
  func wrongJob() throws {
    try store.addResponses("one")
    let question = try lines(store.embedding())[0]
    let vector =
      #"{"custom_id":"\#(try id(question))","response":{"status_code":200,"body":{"data":[{"index":0,"embedding":[1,2,3]}]}}}"#
    let wrong = try store.generating()
    let report = try read([vector], wrong)
    #expect(report.badLineCount == 1 && report.keptCount == 0)
    #expect(report.firstBadLine?.message.hasPrefix("this answers something else: ") == true)
    #expect(report.firstBadLine?.hint == "read it with the options that the questions were written with")
    #expect(try store.keptCount() == 0)
    let right = try store.embedding()
    #expect(try read([vector], right).keptCount == 1 && right.settle(store.context()).counts.rowCount == 1)
  }

  @Test("a file that isn't there is an error")
  func absent() throws {
    #expect(throws: StreamError.self) { try store.generating().readBatch("/nowhere/results.jsonl") }
  }
}

// Each fault that a server can have ends right, loses nothing, and is paid for once: the server counts.

import Aufdb
import Testing

@testable import AufdbModels

@Suite struct FaultTests {
  /// What is no fault: however a right answer comes, it is kept.
  @Test(arguments: ["right", "slowly.2", "chunked", "gzip"])
  func anAnswerIsKeptHoweverItComes(_ script: String) throws {
    let trial = try Trial(script)
    let report = try trial.ask(count: 3)
    #expect(report.end == .done)
    #expect(report.answeredCount == 3)
    #expect(report.promptTokens == 30 && report.completionTokens == 3)
    #expect(report.cost == nil)
    for number in 0..<3 {
      guard case .chat(let answer) = try trial.answer(number) else {
        Issue.record("question \(number) has no answer")
        continue
      }
      #expect(answer.text == "4")
      #expect(answer.firstToken?.map(\.token) == ["4", " 5", "3"])
    }
    let book = try trial.book
    #expect(book.requests == 3)
    #expect(book.paid == ["q0": 1, "q1": 1, "q2": 1])
    #expect(book.connections == 1, "the connection is used again")
  }

  /// What passes: the request is sent once more, and paid for once.
  @Test(arguments: [
    "status.408", "status.409", "status.425", "status.429", "status.500", "status.502", "status.503", "status.504",
    "status.529", "cut", "cutchunk", "hangup", "nonsense", "hugeerror",
  ])
  func aFaultThatPassesIsAskedAgain(_ fault: String) throws {
    // Right first: a server that was never there isn't waited for.
    let trial = try Trial("right,\(fault),right")
    let report = try trial.ask(count: 3)
    #expect(report.end == .done)
    #expect(report.answeredCount == 3 && report.failedCount == 0 && report.retryCount == 1)
    #expect(report.requestCount == 4)
    #expect(trial.kept.map(\.0) == (0..<3).map(Trial.id))
    let book = try trial.book
    #expect(book.requests == 4)
    #expect(book.paid == ["q0": 1, "q1": 1, "q2": 1])
    #expect((0.25...0.6).contains(trial.time.sleptSeconds), "\(trial.time.sleptSeconds)")
  }

  @Test(arguments: [("pause.429.2", 2.0), ("pause.503.7.5", 7.5), ("date.30", 30.0), ("pause.500.600", 600)])
  func aServerIsLeftAloneForAsLongAsItAsks(_ fault: String, _ seconds: Double) throws {
    let trial = try Trial("\(fault),right", concurrency: 1)
    let report = try trial.ask(count: 2)
    #expect(report.end == .done && report.answeredCount == 2)
    #expect(abs(trial.time.sleptSeconds - seconds) < 0.01, "\(trial.time.sleptSeconds)")
    #expect(try trial.book.paid == ["q0": 1, "q1": 1])
  }

  /// An answer that can't be used was paid for: it is kept as a failure, and not asked for again.
  @Test(arguments: ["invalid", "counts", "nan", "huge", "hugechunks", "bomb"])
  func anAnswerThatIsNoneIsAFailureOfItsRow(_ fault: String) throws {
    let trial = try Trial("right,\(fault),right")
    let report = try trial.ask(count: 3)
    #expect(report.end == .done)
    #expect(report.answeredCount == 2 && report.failedCount == 1 && report.retryCount == 0)
    let failure = try trial.failure(1)
    #expect(!failure.message.isEmpty)
    let isTooLarge = ["huge", "hugechunks", "bomb"].contains(fault)
    #expect(report.failedCounts == [isTooLarge ? .tooLarge : .unreadable: 1])
    #expect(isTooLarge == failure.message.contains("64 MB"), "\(failure.message)")
    if fault == "invalid" { #expect(failure.text == #"{"choices": [{"message": {"content": "4""#) }
    #expect(try trial.book.paid == ["q0": 1, "q1": 1, "q2": 1])
    #expect(try trial.book.requests == 3)
  }

  @Test func anAnswerWithoutLogProbabilitiesIsOne() throws {
    let trial = try Trial("plain")
    let report = try trial.ask(count: 1)
    #expect(report.answeredCount == 1)
    guard case .chat(let answer) = try trial.answer(0) else { throw AufdbError(.internalDefect, "no answer") }
    #expect(answer.firstToken == nil && answer.text == "4")
    #expect(try trial.book.requests == 1)
  }

  @Test func tokensMayComeAsBytes() throws {
    let trial = try Trial("bytes")
    _ = try trial.ask(count: 1)
    guard case .chat(let answer) = try trial.answer(0) else { throw AufdbError(.internalDefect, "no answer") }
    #expect(answer.firstToken?.first?.bytes == [0x34])
    #expect(try trial.book.requests == 1)
  }

  @Test(arguments: ["counts", "nan"])
  func vectorsThatArentOnesAreFailuresOfAllTheirTexts(_ fault: String) throws {
    let trial = try Trial("right,\(fault)")
    let report = try trial.ask([Trial.texts(["a", "bb"]), Trial.texts(["c", "d"], from: 2)])
    #expect(report.end == .done)
    #expect(report.answeredCount == 2 && report.failedCounts == [.unreadable: 2])
    guard case .vector(let bytes, let tokens) = try trial.answer(1) else {
      throw AufdbError(.internalDefect, "no vector")
    }
    #expect(bytes == [Float(2), 0.5, -2].flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
    #expect(tokens == 3)
    _ = try trial.failure(2)
    _ = try trial.failure(3)
    #expect(try trial.book.requests == 2)
  }

  /// A server that takes everything and says nothing; and one that says so little at a time that it never ends.
  @Test(arguments: ["never", "slowly.60000"])
  func whoeverNeverAnswersIsGivenUp(_ fault: String) throws {
    let trial = try Trial("right,\(fault)", attempts: 2)
    trial.access.timeoutSeconds = 0.15
    let report = try trial.ask(count: 2)
    #expect(report.end == .done)
    #expect(report.answeredCount == 1)
    #expect(report.failedCounts == [.gaveUp: 1])
    #expect(report.requestCount == 3)
    #expect(trial.kept.map(\.0) == [Trial.id(0)], "what is given up is not kept: the next run asks again")
  }

  @Test func aServerThatWasNeverThereIsGivenUpAtOnce() throws {
    let trial = try Trial("never", attempts: 2)
    trial.access.timeoutSeconds = 0.15
    let report = try trial.ask(count: 5)
    #expect(report.end.error?.kind == .inputOutput)
    #expect(report.end.error?.message.contains("did not answer within 0.15 s (after 2 attempts)") ?? false)
    #expect(try trial.book.requests == 2)
  }

  @Test func aServerThatDiesEndsTheRun() throws {
    let trial = try Trial("right,hangup", attempts: 2)
    let report = try trial.ask(count: 100)
    #expect(report.end.error?.kind == .inputOutput)
    #expect(report.failedCounts == [.gaveUp: AskTally.patience])
    #expect(trial.kept.count == 1)
    #expect(try trial.book.requests == 1 + 2 * AskTally.patience)
  }
}

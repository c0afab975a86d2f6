// How a run goes: many at once, within its bounds, until it ends or is ended.

import Aufdb
import Testing

@testable import AufdbModels

@Suite struct RunTests {
  @Test func manyAreUnderWayAtOnceOnAsManyConnections() throws {
    let trial = try Trial("slowly.1", concurrency: 8)
    let report = try trial.ask(count: 60)
    #expect(report.answeredCount == 60)
    #expect(Set(trial.kept.map(\.0)).count == 60)
    let book = try trial.book
    #expect(book.requests == 60)
    #expect((2...8).contains(book.most))
    #expect(book.connections <= 8)
    #expect(trial.progresses.last?.report == report)
    #expect(trial.progresses.allSatisfy { $0.underWayCount <= 8 && $0.concurrency == 8 })
  }

  /// A server that takes fewer at once than were asked for: each question is answered and paid for once.
  @Test func tooManyAtOnceBecomeFewer() throws {
    let trial = try Trial("busy.3", concurrency: 16, attempts: 3)
    let report = try trial.ask(count: 80)
    #expect(report.end == .done && report.answeredCount == 80 && report.failedCount == 0)
    let book = try trial.book
    #expect(book.paid.count == 80 && book.paid.values.allSatisfy { $0 == 1 })
    #expect(trial.progresses.contains { $0.concurrency <= 4 })
  }

  /// Each question meets each fault that passes, many at once: none is lost, and none is paid for twice.
  @Test func manyFaultsAtOnceLoseNothing() throws {
    let trial = try Trial("each:cut,hangup,status.500,pause.429.1,cutchunk,right", concurrency: 24)
    let report = try trial.ask(count: 120)
    #expect(report.end == .done && report.answeredCount == 120 && report.failedCount == 0)
    #expect(report.requestCount == 720 && report.retryCount == 600)
    #expect(Set(trial.kept.map(\.0)).count == 120 && trial.kept.count == 120)
    let book = try trial.book
    #expect(book.requests == 720)
    #expect(book.paid.count == 120 && book.paid.values.allSatisfy { $0 == 1 })
  }

  @Test func noMinuteHasMoreRequestsThanItMay() throws {
    let trial = try Trial("right", concurrency: 4)
    trial.access.requestsPerMinute = 30
    let report = try trial.ask(count: 10)
    #expect(report.answeredCount == 10)
    #expect(abs(trial.time.sleptSeconds - 18) < 0.5, "\(trial.time.sleptSeconds)")
  }

  @Test func requestsAreBounded() throws {
    let trial = try Trial("each:status.500,right")
    trial.options.maximumRequests = 5
    let report = try trial.ask(count: 10)
    #expect(report.end == .requests)
    #expect(report.requestCount == 5)
    #expect(try trial.book.requests == 5)
    #expect(trial.kept.count == report.answeredCount)
  }

  @Test func aBoundThatIsReachedAtTheEndIsNoEnd() throws {
    let trial = try Trial("right")
    trial.options.maximumRequests = 5
    #expect(try trial.ask(count: 5).end == .done)
  }

  /// Each answer costs 10 * 1 + 1 * 10 millionths, and is estimated at 8 * 1 + 4 * 10.
  @Test(arguments: [1, 4]) func costIsBoundedAndNeverExceeded(_ concurrency: Int) throws {
    let trial = try Trial("right", concurrency: concurrency)
    trial.access.inputPrice = 1
    trial.access.outputPrice = 10
    trial.options.maximumCost = 0.000_200
    let report = try trial.ask(count: 100)
    #expect(report.end == .cost)
    let cost = try #require(report.cost)
    #expect(abs(cost - Double(report.answeredCount) * 20e-6) < 1e-9)
    #expect(cost <= 0.000_200)
    // One more could have cost 48 millionths.
    #expect(report.answeredCount == 8)
  }

  @Test func timeIsBounded() throws {
    let trial = try Trial("right,status.500")
    trial.options.totalTimeoutSeconds = 3
    trial.access.attempts = 100
    let report = try trial.ask(count: 3)
    #expect(report.end == .time)
    #expect(trial.kept.map(\.0) == [Trial.id(0)])
    #expect((2.9...3.1).contains(trial.time.sleptSeconds), "\(trial.time.sleptSeconds)")
  }

  @Test func whoeverFinishesKeepsWhatIsUnderWay() throws {
    let trial = try Trial("slowly.10", concurrency: 4)
    trial.wish = { trial.kept.isEmpty ? .goOn : .finish }
    let report = try trial.ask(count: 1000)
    #expect(report.end == .interrupted)
    let book = try trial.book
    #expect(book.requests < 20)
    #expect(trial.kept.count == book.requests, "what was sent was kept")
    #expect(trial.progresses.last?.isEnding ?? false)
  }

  @Test func whoeverAbandonsWaitsForNothing() throws {
    let trial = try Trial("never", concurrency: 4)
    trial.wish = { .abandon }
    let report = try trial.ask(count: 1000)
    #expect(report.end == .interrupted)
    #expect(trial.kept.isEmpty && report.requestCount == 4)
  }

  @Test func pausesEndWhenWished() throws {
    let trial = try Trial("pause.429.500")
    trial.wish = { trial.time.sleptSeconds > 1 ? .finish : .goOn }
    #expect(try trial.ask(count: 3).end == .interrupted)
    #expect(trial.time.sleptSeconds < 2)
  }

  @Test func anErrorOfWhoeverAsksIsThrownOnAfterAllWasKept() throws {
    let trial = try Trial("slowly.2", concurrency: 4)
    var number = 0
    let error = try #require(throws: AufdbError.self) {
      try trial.ask {
        guard number < 6 else { throw AufdbError(.badData, "no more") }
        defer { number += 1 }
        return Trial.chat(number)
      }
    }
    #expect(error.message == "no more")
    #expect(trial.kept.count == 6)
  }

  @Test func noQuestionsAreNoRequests() throws {
    let trial = try Trial("right")
    let report = try trial.ask(count: 0)
    #expect(report.end == .done && report.requestCount == 0)
  }

  /// One long text of a batch fails alone.
  @Test func aRefusedBatchIsAskedInParts() throws {
    let texts = ["a", "bb", "a text that is too long", "dd", "e"]
    let trial = try Trial("long.9", concurrency: 2)
    trial.split = { request in
      let range = request.questions.map { id in (0..<texts.count).first { Trial.id($0) == id }! }
      let half = range.count / 2
      return try! [range.prefix(half), range.suffix(range.count - half)].map { part in
        try Trial.texts(part.map { texts[$0] }, from: part.first!)
      }
    }
    let report = try trial.ask([Trial.texts(texts)])
    #expect(report.end == .done)
    #expect(report.answeredCount == 4 && report.failedCounts == [.contextTooLong: 1])
    #expect(try trial.failure(2).message.contains("maximum context length is 9 tokens"))
    for number in [0, 1, 3, 4] {
      guard case .vector = try trial.answer(number) else { throw AufdbError(.internalDefect, "no vector") }
    }
    #expect(try trial.book.paid == ["a": 1, "bb": 1, "dd": 1, "e": 1])
  }

  @Test func aBatchWithoutPartsFailsAsAWhole() throws {
    let trial = try Trial("right,long.9")
    let report = try trial.ask([Trial.texts(["a"]), Trial.texts(["b", "a text that is too long"], from: 1)])
    #expect(report.end == .done && report.failedCounts == [.contextTooLong: 2])
  }

  @Test func aProxyLeadsToServersThatAreNowhereElse() throws {
    let trial = try Trial("right")
    trial.access.baseURL = "http://model-\(trial.name).example/\(trial.name)/right/v1"
    trial.options.proxy = try ModelProxy("http://127.0.0.1:\(trial.server.port)", from: "a test")
    #expect(try trial.ask(count: 2).answeredCount == 2)
    #expect(try trial.server.book("model-\(trial.name).example").requests >= 1)
    #expect(try trial.book.paid == ["q0": 1, "q1": 1])
  }

  @Test(arguments: ["", "ada:wrong@", "ada:top%20secret@"])
  func aProxyMayWantAPassword(_ user: String) throws {
    let trial = try Trial("right")
    trial.access.baseURL = "http://locked.example/\(trial.name)/right/v1"
    trial.options.proxy = try ModelProxy("http://\(user)127.0.0.1:\(trial.server.port)", from: "a test")
    let report = try trial.ask(count: 1)
    if user.contains("secret") {
      #expect(report.end == .done && report.answeredCount == 1)
    } else {
      #expect(report.end.error?.message.hasSuffix("the proxy wants a user and a password, or others") ?? false)
    }
  }

  /// Some servers want a version in the query; it is asked, and not shown.
  @Test func aQueryIsAskedAndNotShown() throws {
    let trial = try Trial("right")
    trial.access.baseURL += "?api-version=7"
    #expect(try trial.ask(count: 1).answeredCount == 1)
    #expect(try trial.book.query == "api-version=7")
    trial.access.baseURL = trial.server.baseURL(trial.name, "right,status.401") + "?api-version=7"
    let error = try #require(try trial.ask(count: 1).end.error)
    #expect(!error.message.contains("?"))
  }
}

// The decisions of a run, with a time and a server that are made up: no threads, no network.

import Aufdb
import AufdbTestSupport
import Testing

@testable import AufdbModels

@Suite struct AskScheduleTests {
  /// A server that is simulated in the schedule's own time.
  private struct Simulation {
    var schedule: AskSchedule
    var now = 0.0
    /// When each request under way ends, and how.
    var ends: [(seconds: Double, number: Int, outcome: ExchangeOutcome)] = []
    var kept: [QuestionID] = []
    var starts: [Double] = []
    var rest: Int
    var heldMost = 0

    init(_ access: ModelAccess, _ options: AskOptions = AskOptions(), count: Int) {
      schedule = AskSchedule(access, options, at: 0)
      rest = count
    }

    /// Runs it to its end.
    ///
    /// - Parameter server: how long a request takes, and what comes of it; given how many are under way with it.
    mutating func run(_ server: (AskSchedule.Attempt, Int) -> (Double, ExchangeOutcome)) {
      var next = 0
      while true {
        switch schedule.step(at: now) {
        case .finished: return
        case .pull:
          schedule.add(next < rest ? Trial.chat(next) : nil)
          next += 1
        case .send(let attempt):
          starts.append(now)
          let (seconds, outcome) = server(attempt, ends.count + 1)
          ends.append((now + seconds, attempt.number, outcome))
        case .wait(let due):
          heldMost = max(heldMost, next - kept.count)
          guard let index = ends.indices.min(by: { ends[$0].seconds < ends[$1].seconds }), ends[index].seconds <= due
          else {
            precondition(due.isFinite && due >= now, "it waits for nothing")
            now = due
            continue
          }
          let end = ends.remove(at: index)
          now = end.seconds
          kept += schedule.settle(end.number, end.outcome, at: now, split: { _ in [] }).map(\.0)
        }
      }
    }
  }

  private static let answer = ExchangeOutcome.answered([.chat(ChatAnswer(text: "4"))])
  private static func status(_ status: Int, _ pause: Double? = nil) -> ExchangeOutcome {
    .status(status, ServerComplaint(body: [], key: nil), retryAfterSeconds: pause, location: nil)
  }

  private func access(_ concurrency: Int, attempts: Int = 6, perMinute: Int? = nil) -> ModelAccess {
    var access = ModelAccess(baseURL: "http://localhost/v1")
    access.concurrency = concurrency
    access.attempts = attempts
    access.requestsPerMinute = perMinute
    return access
  }

  /// Whatever happens, each question is kept at most once; those that aren't were given up; bounds hold.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func everyQuestionIsSettledOnceWhateverHappens(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let concurrency = Int.random(in: 1...20, using: &random)
    let count = Int.random(in: 0...120, using: &random)
    let limit = Int.random(in: 1...20, using: &random)
    var simulation = Simulation(access(concurrency), count: count)
    var sentOf: [QuestionID: Int] = [:]
    simulation.run { attempt, underWay in
      #expect(underWay <= concurrency, "seed \(seed)")
      sentOf[attempt.request.questions[0], default: 0] += 1
      let seconds = Double.random(in: 0...2, using: &random)
      if underWay > limit { return (0.01, Self.status(429)) }
      switch Int.random(in: 0..<20, using: &random) {
      case 0: return (seconds, Self.status(500))
      case 1: return (seconds, .broken("cut"))
      case 2: return (seconds, .timedOut)
      case 3: return (seconds, Self.status(400))
      case 4: return (seconds, .unreadable(reason: "no", text: ""))
      case 5: return (seconds, Self.status(429, 1))
      default: return (seconds, Self.answer)
      }
    }
    let report = simulation.schedule.tally.report
    let kept = simulation.kept + simulation.schedule.close().map(\.0)
    #expect(Set(kept).count == kept.count, "seed \(seed): kept twice")
    #expect(kept.count == count - (report.failedCounts[.gaveUp] ?? 0), "seed \(seed)")
    #expect(kept.count == report.answeredCount + report.failedCount - (report.failedCounts[.gaveUp] ?? 0))
    #expect(report.requestCount == sentOf.values.reduce(0, +), "seed \(seed)")
    #expect(report.retryCount == report.requestCount - sentOf.count, "seed \(seed)")
    #expect(simulation.schedule.end == nil, "seed \(seed)")
    #expect(simulation.heldMost <= concurrency + 10, "seed \(seed): \(simulation.heldMost) held")
  }

  @Test func concurrencyFindsWhatAServerTakes() {
    var simulation = Simulation(access(64), count: 3000)
    var refusedCount = 0
    simulation.run { _, underWay in
      if underWay <= 20 { return (1, Self.answer) }
      refusedCount += 1
      return (0.01, Self.status(429))
    }
    let report = simulation.schedule.tally.report
    #expect(report.answeredCount == 3000 && report.failedCount == 0)
    // At 20 a second it takes 150 s at best.
    #expect(simulation.now < 240, "\(simulation.now) s")
    #expect(refusedCount < 300, "\(refusedCount) refused")
  }

  /// While less can be under way, being refused for too much says nothing about a request; when nothing else is under
  /// way, it does.
  @Test func refusalsForTooMuchCountOnceNothingElseIsUnderWay() {
    var simulation = Simulation(access(16, attempts: 3), count: 30)
    var isFirst = true
    simulation.run { _, _ in
      defer { isFirst = false }
      return isFirst ? (1, Self.answer) : (1, Self.status(429))
    }
    guard case .refused(let error) = simulation.schedule.end else {
      Issue.record("it goes on")
      return
    }
    #expect(error.message.hasPrefix("http://localhost/v1/chat/completions answers with status 429 (after"))
    #expect(simulation.schedule.pace.concurrency == 1)
    #expect(simulation.schedule.tally.report.failedCounts == [.gaveUp: AskTally.patience])
  }

  @Test(arguments: [(30, 1), (600, 8), (7, 3)])
  func noMinuteHasMoreThanItMay(_ perMinute: Int, _ concurrency: Int) {
    var simulation = Simulation(access(concurrency, perMinute: perMinute), count: 3 * perMinute)
    var random = SeededGenerator(seed: 3)
    simulation.run { _, _ in
      (Double.random(in: 0...0.1, using: &random), Bool.random(using: &random) ? Self.answer : Self.status(503))
    }
    let starts = simulation.starts
    for (index, start) in starts.enumerated() {
      let inMinute = starts[index...].prefix { $0 < start + 60 - 1e-6 }.count
      #expect(inMinute <= perMinute)
    }
    #expect(starts.count >= 3 * perMinute)
  }

  @Test func pausesHoldForAllRequests() {
    var simulation = Simulation(access(4), count: 12)
    var pausedUntil = 0.0
    var count = 0
    simulation.run { _, _ in
      count += 1
      return count == 6 ? (0.5, Self.status(429, 20)) : (0.7, Self.answer)
    }
    pausedUntil = simulation.starts[5] + 20.5
    #expect(simulation.starts.filter { $0 > simulation.starts[5] + 0.5 && $0 < pausedUntil - 1e-9 }.isEmpty)
    #expect(simulation.schedule.tally.report.answeredCount == 12)
  }

  @Test func costIsNeverExceededWhateverIsUnderWay() {
    for concurrency in [1, 3, 20] {
      var priced = access(concurrency)
      priced.inputPrice = 1_000_000
      priced.outputPrice = 1_000_000
      var options = AskOptions()
      options.maximumCost = 100
      var simulation = Simulation(priced, options, count: 1000)
      var random = SeededGenerator(seed: 8)
      simulation.run { _, _ in
        let answer = ChatAnswer(text: "", promptTokens: 8, completionTokens: Int.random(in: 0...4, using: &random))
        return (Double.random(in: 0...1, using: &random), .answered([.chat(answer)]))
      }
      let cost = simulation.schedule.tally.report.cost ?? 0
      #expect(simulation.schedule.end == .cost)
      #expect((88.0...100).contains(cost), "\(cost) at \(concurrency)")
    }
  }

  @Test func whatIsNotCountedByTheServerCountsByItsEstimate() {
    var priced = access(1)
    priced.inputPrice = 2_000_000
    var simulation = Simulation(priced, count: 3)
    simulation.run { attempt, _ in
      (1, attempt.number == 1 ? .unreadable(reason: "no", text: "") : Self.answer)
    }
    let report = simulation.schedule.tally.report
    #expect(report.promptTokens == 24 && report.completionTokens == 12 && report.cost == 48)
  }

  @Test func backoffDoublesUpToAMinuteAndSpreads() {
    let backoff = Backoff(seed: 5)
    for attempt in 1...12 {
      let whole = min(60, 0.5 * Double(1 << (attempt - 1)))
      let times = (0..<200).map { backoff.seconds(afterAttempt: attempt, of: Trial.id($0)) }
      #expect(times.allSatisfy { $0 >= whole / 2 && $0 < whole })
      #expect(Set(times).count > 190)
      let mean = times.reduce(0, +) / 200
      #expect(abs(mean / whole - 0.75) < 0.05)
    }
    #expect(backoff.seconds(afterAttempt: 2, of: Trial.id(1)) == backoff.seconds(afterAttempt: 2, of: Trial.id(1)))
    #expect(
      Backoff(seed: 6).seconds(afterAttempt: 2, of: Trial.id(1)) != backoff.seconds(afterAttempt: 2, of: Trial.id(1)))
  }
}

// What a run does next: all of its decisions, without time, threads or network.
//
// The states of a request, from left to right unless it says otherwise:
//
//   pulled    it came from the caller, and waits until the pace, the bounds and the money allow it; at most one
//   under way it was sent; at most as many as the pace allows
//   waiting   it failed, and is sent once more at its time; those come before any that is pulled
//   settled   its answers or failures are kept, or it was given up
//
// Pulled, waiting and under way together are at most as many as the run's concurrency (and the parts of batches that
// were refused as a whole), so that memory doesn't grow with the run.
//
// A run that is to end, for whatever reason, sends nothing more: what waits is dropped, and the next run asks it again;
// what is under way is paid for, so that it is waited for.

import Aufdb

/// The decisions of one run.
struct AskSchedule {
  /// A request, and how it fared so far.
  struct Attempt {
    var request: ModelRequest
    var number: Int
    /// How many attempts failed, and how many of them count: what a server refused because too much was under way says
    /// nothing about the request, as long as less can be under way.
    var failureCount = 0
    var countedFailures = 0
    /// Of all that were sent, the how manieth it was.
    var start = 0
    var dueSeconds = 0.0
  }

  /// What to do next.
  enum Step {
    /// Ask the caller for a request, or nil: `add` it.
    case pull
    case send(Attempt)
    /// Nothing before something arrives, or before that time.
    case wait(until: Double)
    case finished
  }

  private(set) var tally: AskTally
  private(set) var pace: RequestPace
  private let access: ModelAccess
  private let options: AskOptions
  private let concurrency: Int
  private let backoff: Backoff
  private let beginSeconds: Double
  private var pulled: Attempt?
  /// By the time when they are due.
  private var waiting: [Attempt] = []
  private var underWay: [Int: Attempt] = [:]
  private var reservedCost = 0.0
  private var nextNumber = 0
  private var isExhausted = false
  private var hasResponded = false
  private(set) var end: AskEnd?

  init(_ access: ModelAccess, _ options: AskOptions, at now: Double) {
    self.access = access
    self.options = options
    concurrency = max(1, options.concurrency ?? access.concurrency)
    tally = AskTally(access)
    pace = RequestPace(concurrency: concurrency, requestsPerMinute: access.requestsPerMinute)
    backoff = Backoff(seed: options.jitterSeed)
    beginSeconds = now
  }

  var underWayCount: Int { underWay.count }

  func progress(at now: Double) -> AskProgress {
    AskProgress(
      report: tally.report, underWayCount: underWay.count, concurrency: pace.concurrency,
      elapsedSeconds: now - beginSeconds, isEnding: end != nil)
  }

  mutating func step(at now: Double) -> Step {
    if let total = options.totalTimeoutSeconds, now - beginSeconds >= total { stop(.time) }
    if let next = nextStart(at: now) { return next }
    if underWay.isEmpty, end != nil || (isExhausted && pulled == nil && waiting.isEmpty) { return .finished }
    var due = nextTime(at: now)
    if let total = options.totalTimeoutSeconds, end == nil { due = min(due, beginSeconds + total) }
    return .wait(until: due)
  }

  /// When something can start that can't now; infinite where that depends on what is under way.
  private func nextTime(at now: Double) -> Double {
    guard end == nil, let start = pace.earliestStart(underWay: underWay.count) else { return .infinity }
    let repetition = waiting.first?.dueSeconds ?? .infinity
    // What could start but for the money waits for an answer, which may have cost less than it might have.
    if start <= now { return repetition > now ? repetition : .infinity }
    return pulled != nil ? start : max(start, repetition)
  }

  /// What can be sent or pulled now; nil where nothing can.
  private mutating func nextStart(at now: Double) -> Step? {
    guard end == nil else { return nil }
    // Pulled before it can be sent, so that the end is known as soon as there is nothing more.
    if !isExhausted, pulled == nil, underWay.count + waiting.count < concurrency { return .pull }
    guard let start = pace.earliestStart(underWay: underWay.count), start <= now else { return nil }
    let isDue = waiting.first.map { $0.dueSeconds <= now } ?? false
    guard let candidate = isDue ? waiting.first : pulled else { return nil }
    if let maximum = options.maximumRequests, tally.report.requestCount >= maximum {
      stop(.requests)
      return nil
    }
    let cost = tally.estimatedCost(of: candidate.request)
    if let maximum = options.maximumCost, (tally.report.cost ?? 0) + reservedCost + cost > maximum {
      // Those under way may cost less than they might have.
      if underWay.isEmpty { stop(.cost) }
      return nil
    }
    if isDue { waiting.removeFirst() } else { pulled = nil }
    var attempt = candidate
    attempt.start = pace.started(at: now)
    underWay[attempt.number] = attempt
    reservedCost += cost
    if attempt.failureCount > 0 { tally.repeated() }
    tally.sent()
    return .send(attempt)
  }

  /// Takes what the caller has to ask next; nil: nothing more.
  mutating func add(_ request: ModelRequest?) {
    guard let request else {
      isExhausted = true
      return
    }
    if end == nil { pulled = newAttempt(request) }
  }

  private mutating func newAttempt(_ request: ModelRequest) -> Attempt {
    defer { nextNumber += 1 }
    return Attempt(request: request, number: nextNumber)
  }

  /// Sends nothing more; the first reason counts.
  mutating func stop(_ reason: AskEnd) {
    end = end ?? reason
    pulled = nil
    waiting = []
  }

  /// Takes what came of a request.
  ///
  /// - Parameter split: the parts of a request, where it has some.
  /// - Returns: what is to be kept now.
  mutating func settle(
    _ number: Int, _ outcome: ExchangeOutcome, at now: Double, split: (ModelRequest) -> [ModelRequest]
  ) -> [(QuestionID, KeptAnswer)] {
    guard var attempt = underWay.removeValue(forKey: number) else { return [] }
    let url = access.shownURL(of: attempt.request.path)
    reservedCost = underWay.isEmpty ? 0 : reservedCost - tally.estimatedCost(of: attempt.request)
    hasResponded = hasResponded || outcome.isResponse
    switch Verdict(outcome, from: url, hasResponded: hasResponded, timeoutSeconds: access.timeoutSeconds) {
    case .keep(let answers):
      pace.succeeded()
      return tally.answered(attempt.request, answers)
    case .fail(let kind, let failure):
      return fail(attempt.request, kind, failure, from: url, at: now, split: split)
    case .again(let reason, let pause, let isOverload):
      let mayBeOurs = isOverload && pace.concurrency > 1
      if isOverload { pace.slowDown(startedAs: attempt.start, now: now, pauseSeconds: pause) }
      attempt.failureCount += 1
      if !mayBeOurs { attempt.countedFailures += 1 }
      again(attempt, reason: reason, pauseSeconds: pause, at: now)
    case .stop(let error): stop(.refused(error))
    case .drop: break
    }
    return []
  }

  private mutating func fail(
    _ request: ModelRequest, _ kind: AskFailure, _ failure: ModelFailure, from url: String, at now: Double,
    split: (ModelRequest) -> [ModelRequest]
  ) -> [(QuestionID, KeptAnswer)] {
    if request.questions.count > 1, kind == .refused || kind == .contextTooLong {
      let parts = split(request)
      if parts.count > 1 {
        if end == nil { for part in parts.reversed() { wait(newAttempt(part), until: now) } }
        return []
      }
    }
    if let kept = tally.failed(request, kind, failure) { return kept }
    stop(
      .refused(
        AufdbError(
          .refused, "\(url) refuses all requests; the last: \(failure.message)",
          hint: "no failure was kept; look at the parameters of the definition")))
    return []
  }

  private mutating func again(_ attempt: Attempt, reason: String, pauseSeconds: Double?, at now: Double) {
    if attempt.countedFailures < max(1, access.attempts) {
      guard end == nil else { return }
      let question = attempt.request.questions.first
      let seconds = question.map { backoff.seconds(afterAttempt: attempt.failureCount, of: $0) } ?? 1
      wait(attempt, until: now + (pauseSeconds ?? seconds))
      return
    }
    if tally.gaveUp(attempt.request), hasResponded { return }
    stop(
      .refused(
        AufdbError(
          .inputOutput, "\(reason) (after \(attempt.failureCount) attempts)",
          hint: "run it again when the server is well: what was answered is kept")))
  }

  private mutating func wait(_ attempt: Attempt, until due: Double) {
    var attempt = attempt
    attempt.dueSeconds = due
    let place = waiting.firstIndex { $0.dueSeconds >= due } ?? waiting.count
    waiting.insert(attempt, at: place)
  }

  /// Closes the books: why it ended, and what was held back till now.
  mutating func close() -> [(QuestionID, KeptAnswer)] { tally.ended(end ?? .done) }
}

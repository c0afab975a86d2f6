// How many requests may be under way, and when the next one may start.
//
// The number follows TCP's congestion avoidance (additive increase, multiplicative decrease; V. Jacobson, "Congestion
// Avoidance and Control", SIGCOMM 1988): a server that says that it is too much halves it, at most once for all the
// requests that were under way then; each answer raises it by 1 / number, so that a round of answers raises it by one.
// So many servers' limits, which nobody can look up, are found in a few rounds.
//
// Requests per minute are kept by their distance: none starts sooner than 60 / number seconds after the one before, so
// that no minute, wherever it begins, has more.

/// The pace of one run.
struct RequestPace {
  private let maximum: Int
  private let spacingSeconds: Double
  private var number: Double
  private var lastStart = -Double.infinity
  private var pausedUntil = -Double.infinity
  private var startCount = 0
  /// How many had started when the number was last halved.
  private var startCountAtDecrease = 0

  init(concurrency: Int, requestsPerMinute: Int?) {
    maximum = max(1, concurrency)
    number = Double(maximum)
    spacingSeconds = requestsPerMinute.map { 60 / Double(max(1, $0)) } ?? 0
  }

  /// How many may be under way; at least 1.
  var concurrency: Int { Int(number) }

  /// When the next request may start; nil while too many are under way.
  func earliestStart(underWay: Int) -> Double? {
    guard underWay < concurrency else { return nil }
    return max(pausedUntil, lastStart + spacingSeconds)
  }

  /// - Returns: the how manieth it is, from 1 on.
  mutating func started(at now: Double) -> Int {
    lastStart = now
    startCount += 1
    return startCount
  }

  mutating func succeeded() {
    number = min(Double(maximum), number + 1 / number)
  }

  /// The server said that it is too much.
  ///
  /// - Parameters:
  ///   - start: the how manieth the request is that was told so.
  ///   - pauseSeconds: how long the server wants to be left alone.
  mutating func slowDown(startedAs start: Int, now: Double, pauseSeconds: Double?) {
    if start > startCountAtDecrease {
      number = max(1, (number / 2).rounded(.down))
      startCountAtDecrease = startCount
    }
    if let pauseSeconds { pausedUntil = max(pausedUntil, now + pauseSeconds) }
  }
}

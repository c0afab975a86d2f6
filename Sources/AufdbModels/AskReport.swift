// What came of a run, and what can be said while it goes on.

import Aufdb

/// Why questions have no answer.
public enum AskFailure: String, Sendable, CaseIterable {
  /// The server refused the request. Kept.
  case refused
  /// What was asked doesn't fit the model's context. Kept.
  case contextTooLong
  /// What the server answered isn't an answer. Kept: it was paid for.
  case unreadable
  /// The answer is larger than any answer can be. Kept: it was paid for.
  case tooLarge
  /// All attempts failed. Not kept: the next run asks again.
  case gaveUp
}

/// Why a run ended.
public enum AskEnd: Sendable, Equatable {
  /// There was nothing left to ask.
  case done
  case interrupted
  case cost
  case requests
  case time
  /// Going on made no sense.
  case refused(AufdbError)
}

/// What a run did.
public struct AskReport: Sendable, Equatable {
  /// Sent, repetitions included.
  public internal(set) var requestCount = 0
  /// Questions with an answer.
  public internal(set) var answeredCount = 0
  /// Questions without one.
  public internal(set) var failedCounts: [AskFailure: Int] = [:]
  /// Requests that were sent once more.
  public internal(set) var retryCount = 0
  /// As the server counts them; where it doesn't, as they were estimated.
  public internal(set) var promptTokens = 0
  public internal(set) var completionTokens = 0
  /// Of these tokens; nil where the definition has no prices.
  public internal(set) var cost: Double?
  public internal(set) var end = AskEnd.done

  public var failedCount: Int { failedCounts.values.reduce(0, +) }
}

/// How far a run is.
public struct AskProgress: Sendable {
  /// So far; its end means nothing yet.
  public let report: AskReport
  public let underWayCount: Int
  /// How many may be under way now: less than was asked for where the server said that it is too much.
  public let concurrency: Int
  public let elapsedSeconds: Double
  /// Whether it only waits for what is under way.
  public let isEnding: Bool
}

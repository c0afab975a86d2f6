// What a run of asking may spend, and how it reaches the server: all that isn't in the definition.

/// The bounds of one run, and its surroundings.
public struct AskOptions: Sendable {
  /// How many requests are under way at most; nil: what the definition says.
  public var concurrency: Int?
  /// In the currency of the definition's prices. A request is sent only where what was spent, and what those under way
  /// may cost, leave room for it.
  public var maximumCost: Double?
  /// Of all requests that are sent, those that are repeated included.
  public var maximumRequests: Int?
  /// After so long nothing more is sent; what is under way is waited for, each within its own time limit.
  public var totalTimeoutSeconds: Double?
  /// Whether a key may be sent unencrypted to another machine.
  public var isInsecureAllowed = false
  public var proxy: ModelProxy?
  /// A PEM file of the certificates that are trusted, in place of the system's.
  public var certificateFile: String?
  /// Of the jitter in the time between repetitions.
  public var jitterSeed: UInt64 = 0

  public init() {}
}

/// What whoever started a run wants of it by now.
public enum AskWish: Sendable {
  case goOn
  /// Nothing more is sent; the answers under way, which are paid for, are waited for and kept.
  case finish
  /// What is under way is dropped.
  case abandon
}

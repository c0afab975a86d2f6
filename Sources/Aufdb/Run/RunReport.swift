// What a run tells of itself: while it goes on, and at its end.

/// How far a run is, after an iteration.
public struct RunProgress: Sendable {
  public var run: String
  public var commit: Commit
  public var iteration: Int
  /// Prompts that are done, of all that the run goes through.
  public var promptCount: Int
  public var promptTotal: Int
  public var labelCount: Int
  public var heldoutAccuracy: Double?
  /// The share of the run that is done, by prompts or by labels, whichever will end it.
  public var fraction: Double
}

/// Why a run has come to an end.
public enum RunEnd: Sendable, Equatable {
  /// All prompts are done, or as many as were wanted.
  case prompts
  /// There are as many labels as were wanted.
  case budget
  /// Accuracy on held-out labels hasn't become better for so many iterations.
  case patience(Int)
  /// People are asked: so many pairs in a file have no answer yet.
  case waiting(file: String, pairCount: Int)
}

/// What a run did.
public struct RunReport: Sendable {
  public var run = ""
  /// Iterations that were made now; those made before this call aren't counted.
  public var newIterationCount = 0
  /// The first iteration that was made now, if earlier ones were there already.
  public var resumedAt: Int?
  /// In all.
  public var iterationCount = 0
  public var promptCount = 0
  public var labelCount = 0
  public var tieCount = 0
  public var heldoutAccuracy: Double?
  /// Prompts of which nothing could be picked, in the iterations that were made now.
  public var skippedCount = 0
  /// Selected pairs on which the judge had no verdict, in the iterations that were made now.
  public var withoutVerdictCount = 0
  /// Prompts that the run doesn't go through, because fewer than two of their responses have an embedding.
  public var tooFewCount = 0
  /// Responses without an embedding, which was allowed.
  public var missingCount = 0
  public var end = RunEnd.prompts

  public init() {}
}

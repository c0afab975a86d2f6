// What a job would ask, without asking it.

/// The requests of a job, and what they cost at most, or about.
public struct JobEstimate: Sendable, Equatable {
  public var requestCount = 0
  public var questionCount = 0
  /// Questions that have an answer already.
  public var keptBeforeCount = 0
  /// By the estimate of `tokens_estimate`.
  public var inputTokens = 0
  /// The bounds of the answers, where the model's parameters have one.
  public var outputTokens = 0
  /// In the currency of the definition's prices; nil where it has none.
  public var cost: Double?
}

extension ModelJob {
  /// Walks through all that is missing. The job is at its end then.
  public func estimate() throws -> JobEstimate {
    var estimate = JobEstimate()
    while let request = try next() {
      estimate.requestCount += 1
      estimate.inputTokens += request.inputTokens
      estimate.outputTokens += request.outputTokens
    }
    estimate.questionCount = questionCount
    estimate.keptBeforeCount = keptBeforeCount
    estimate.cost = access.cost(inputTokens: estimate.inputTokens, outputTokens: estimate.outputTokens)
    return estimate
  }
}

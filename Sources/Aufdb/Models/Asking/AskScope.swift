// What a verb that asks a model is about.

/// Some prompts, and whether what failed counts as answered.
public struct AskScope: Sendable {
  /// SQL over the columns of prompts; nil: all.
  public var condition: String?
  /// Only these prompts, in place of a condition.
  var promptIDs: [String]?
  /// Whether what failed is asked about again.
  public var retriesFailures: Bool

  public init(where condition: String? = nil, retriesFailures: Bool = false) {
    self.condition = condition
    self.retriesFailures = retriesFailures
  }

  /// - Throws: `.refused` for a condition that can't be run.
  func walk(in connection: Connection) throws -> PromptWalk {
    try promptIDs.map(PromptWalk.init) ?? PromptWalk(condition, in: connection)
  }

  /// What an operation records, with what else it is to say.
  func parameters(_ others: [String: Operation.Value]) -> [String: Operation.Value] {
    guard let condition else { return others }
    return others.merging(["where": .text(condition)]) { $1 }
  }
}

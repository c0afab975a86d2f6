// What can be searched.

/// A kind of text: prompts or responses.
public enum SearchKind: String, CaseIterable, Sendable {
  case prompts, responses

  var relation: Relation { self == .prompts ? .prompts : .responses }

  /// The column of the index and of the relation that holds the text.
  public var column: String { self == .prompts ? "prompt" : "response" }

  /// The number in the index of a row version of this kind: it must differ from those of the other kind, whose ids may
  /// be the same.
  func number(ofID id: Int64) -> Int64 { id << 1 | (self == .prompts ? 0 : 1) }

  /// What `number` came from.
  static func read(_ number: Int64) -> (kind: SearchKind, id: Int64) {
    (number & 1 == 0 ? .prompts : .responses, number >> 1)
  }
}

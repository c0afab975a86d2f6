// What came of a question. KeptAnswer+Bytes.swift has its form in the store.

/// An answer, or why there is none.
public enum KeptAnswer: Sendable, Equatable {
  case chat(ChatAnswer)
  /// A vector in the encoder's element, little-endian, and the tokens of its text (its share of what the request used).
  case vector([UInt8], tokens: Int)
  case failure(ModelFailure)

  /// Whether it is more than the reason why there is none.
  var isAnswer: Bool { if case .failure = self { false } else { true } }

  /// What a model said.
  ///
  /// - Throws: the failure that was kept in place of an answer; a defect of the caller where a vector was.
  public func chat() throws(ModelFailure) -> ChatAnswer {
    switch self {
    case .chat(let answer): return answer
    case .failure(let failure): throw failure
    case .vector: throw ModelFailure("a vector where a text belongs")
    }
  }

  /// An encoder's vector.
  ///
  /// - Throws: as `chat()`.
  public func vector() throws(ModelFailure) -> [UInt8] {
    switch self {
    case .vector(let vector, _): return vector
    case .failure(let failure): throw failure
    case .chat: throw ModelFailure("a text where a vector belongs")
    }
  }
}

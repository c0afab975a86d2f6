// What comes of a question that has no answer.

/// Why a question has no answer that can be used. It is kept, so that it isn't asked again and again.
public struct ModelFailure: Error, Sendable, Equatable {
  /// One line.
  public var message: String
  /// What the model said instead.
  public var text: String?

  public init(_ message: String, text: String? = nil) {
    self.message = message
    self.text = text
  }
}

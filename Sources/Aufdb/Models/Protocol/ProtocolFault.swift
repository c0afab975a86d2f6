// What a server says that isn't what the protocol promises.

/// A server's answer that can't be read: no JSON, or not of the shape, or with other counts than were asked for.
public struct ProtocolFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The most bytes of an answer that a fault quotes.
  public static let excerptLimit = 500

  /// What is wrong with it, in one line.
  public let message: String
  /// The beginning of what the server said, as it came: it may hold control characters.
  public let excerpt: String

  public init(_ message: String, body: UnsafeRawBufferPointer) {
    self.message = message
    excerpt = body.excerpt(limit: Self.excerptLimit)
  }

  init(_ error: JSONError, body: UnsafeRawBufferPointer) { self.init("the answer can't be read: \(error)", body: body) }

  public var description: String {
    excerpt.isEmpty ? "\(message); the server said nothing" : "\(message); the server said: \(excerpt)"
  }
}

extension UnsafeRawBufferPointer {
  /// The first `limit` bytes as a text, and "..." where there are more. What isn't UTF-8 shows as U+FFFD.
  func excerpt(limit: Int) -> String {
    guard count > limit else { return String(decoding: self, as: UTF8.self) }
    // Not inside a character: its bytes after the first are 10xxxxxx.
    var end = limit
    while end > limit - 3, self[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: prefix(end), as: UTF8.self) + "..."
  }
}

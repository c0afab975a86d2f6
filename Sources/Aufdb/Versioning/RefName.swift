// The names that branches and tags can have.

/// A branch's or tag's name: 1 to 200 letters, digits, "_", "-", "." and "/" of ASCII, as they fit on a command line and
/// in a file name. It begins with a letter, a digit or "_", ends with one of these, has no ".." and no "//", and isn't
/// "HEAD".
public struct RefName: Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Throws: `.usage` for any other text.
  public init(_ text: String) throws(AufdbError) {
    guard Self.isWellFormed(text), text != "HEAD" else {
      let shown = text.utf8.count > 60 ? "\(text.prefix(60))..." : text
      throw AufdbError(.usage, "'\(shown)' can't be the name of a branch or tag", hint: Self.grammar)
    }
    description = text
  }

  /// What a name may consist of, in words.
  static let grammar = "use letters, digits, _, and inside also - . / (ASCII, at most 200)"

  /// Whether a text has the form of a name, be it of a branch or of something else.
  static func isWellFormed(_ text: String) -> Bool {
    let utf8 = Array(text.utf8)
    func isWord(_ byte: UInt8?) -> Bool {
      guard let byte else { return false }
      return (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
    }
    return utf8.count <= 200 && isWord(utf8.first) && isWord(utf8.last)
      && utf8.allSatisfy { isWord($0) || $0 == 45 || $0 == 46 || $0 == 47 }
      && !zip(utf8, utf8.dropFirst()).contains { $0 == $1 && ($0 == 46 || $0 == 47) }
  }
}

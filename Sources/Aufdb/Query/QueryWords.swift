// The words of a query, by which it is known what it may mention before SQLite has read it.
//
// SQLite finds a table or a function only by its name, which stands in the text as a word: in any case, between quotes or
// not, and always with a byte before and behind it that is no part of a name. So what isn't among the words isn't
// mentioned. The reverse doesn't hold: a word may stand in a text or a comment, and then something is made for nothing.

/// All that could be a name in some SQL, in lower case.
struct QueryWords {
  private let words: Set<String>

  /// - Complexity: O(length).
  init(_ sql: String) {
    var words: Set<String> = []
    for word in sql.utf8.split(whereSeparator: { !SQLSpace.isNameByte($0) && $0 != UInt8(ascii: "$") }) {
      words.insert(String(Substring(word)).lowercased())
    }
    self.words = words
  }

  /// - Parameter name: in any case.
  func contains(_ name: String) -> Bool { words.contains(name.lowercased()) }
}

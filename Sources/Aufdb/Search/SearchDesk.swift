// FTS5 over a text or two, in memory: what its tokenizer makes of a word, and where in a text the matches are. An index
// knows texts by their words only and can tell neither.

import GRDBSQLite

/// Asks FTS5 about single texts.
final class SearchDesk {
  private let index: SearchIndex
  private let insert: [SearchKind: SQLStatement]
  private let clear: SQLStatement
  private let marks: [SearchKind: SQLStatement]
  private let holdsWord: SQLStatement

  /// Longer texts are looked at piece by piece, because the function that marks takes the square of the length.
  private static let pieceBytes = 16 << 10
  /// What comes after is not looked at.
  private static let lookedAtBytes = 1 << 20
  /// What marks the beginning and the end of a match; none of them stays in the text.
  private static let (begin, end): (UInt8, UInt8) = (0x01, 0x02)

  init() throws {
    let index = try SearchIndex(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    let connection = index.connection
    (insert, clear, marks, holdsWord) = try index.using {
      try connection.executeScript(
        "CREATE VIRTUAL TABLE text USING fts5(prompt, response, tokenize = '\(SearchIndex.tokenizer)')")
      func each(_ sql: (SearchKind) -> String) throws -> [SearchKind: SQLStatement] {
        try Dictionary(uniqueKeysWithValues: SearchKind.allCases.map { ($0, try connection.statement(sql($0))) })
      }
      return (
        try each { "INSERT INTO text (rowid, \($0.column)) VALUES (1, ?1)" },
        try connection.statement("DELETE FROM text"),
        try each { kind in
          let column = kind == .prompts ? 0 : 1
          return "SELECT highlight(text, \(column), char(1), char(2)) FROM text WHERE text MATCH ?1"
        },
        try connection.statement("SELECT 1 FROM text WHERE text MATCH ?1")
      )
    }
    self.index = index
  }

  /// Whether a text has anything that the tokenizer takes for a word: then it contains itself.
  func hasWords(_ text: String) throws -> Bool {
    try index.using {
      try clear.run()
      try insert[.prompts]?.run(.text(SpacedText.of(text)))
      holdsWord.bind(1, .text(SearchQuestion.quoted(text)))
      defer { holdsWord.reset() }
      return try holdsWord.step()
    }
  }

  /// Where the parts of a question are in a text.
  ///
  /// - Parameter question: FTS5's.
  /// - Returns: ascending places, apart from each other.
  func matches(_ question: String, in text: Bytes, _ kind: SearchKind) throws -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while start < min(text.count, Self.lookedAtBytes) {
      let end = Self.pieceEnd(text, from: start)
      found += try matches(question, inPiece: Bytes(rebasing: text[start..<end]), kind).map {
        $0.lowerBound + start..<$0.upperBound + start
      }
      start = end
    }
    return found
  }

  /// Where a piece ends: at a blank, if there is one nearby, or between two characters.
  private static func pieceEnd(_ text: Bytes, from start: Int) -> Int {
    let limit = start + pieceBytes
    guard limit < text.count else { return text.count }
    if let blank = text[limit - 1_000..<limit].lastIndex(of: 0x20) { return blank + 1 }
    var end = limit
    while end > limit - 4, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  private func matches(_ question: String, inPiece text: Bytes, _ kind: SearchKind) throws -> [Range<Int>] {
    guard let insert = insert[kind], let marks = marks[kind] else { return [] }
    // The marks, the gap, and NUL, which would end the text, become another control character: none is part of a word.
    let safe = text.map { [0, Self.begin, Self.end, SpacedText.gap].contains($0) ? SpacedText.blank : $0 }
    var spaced: [UInt8] = []
    safe.withUnsafeBytes { SpacedText.append($0, to: &spaced) }
    return try index.using {
      try clear.run()
      try spaced.withUnsafeBytes {
        insert.bind(1, unownedText: $0)
        try insert.run()
      }
      marks.bind(1, .text(question))
      defer { marks.reset() }
      return try marks.step() ? Self.ranges(marks.text(0)) : []
    }
  }

  /// Where the marks are, in the text without marks and gaps.
  private static func ranges(_ marked: Bytes) -> [Range<Int>] {
    var (place, start): (Int, Int) = (0, 0)
    var found: [Range<Int>] = []
    for byte in marked {
      switch byte {
      case begin: start = place
      case end: if place > start { found.append(start..<place) }
      case SpacedText.gap: break
      default: place += 1
      }
    }
    return found
  }
}

// What somebody asks for, as a tree, and the FTS5 query that it becomes (https://sqlite.org/fts5.html).
//
//   question := list ("OR" list)*
//   list     := part (("AND" | "NOT" | nothing) part)*
//   part     := ["prompt:" | "response:"] (word ["*"] | phrase ["*"] | "(" question ")")
//   phrase   := '"' anything but '"' '"'
//
// All parts of a list must occur, in one and the same text, and none of those after a NOT. A word ends at a blank, a
// bracket or, where it begins one, a quotation mark, and may hold anything else: `don't`, `C++` and `foo-bar` are
// words, and mean the phrases that the tokenizer makes of them. What has no letter or digit, such as `++`, can't be
// found, and is left out. AND, OR and NOT are words unless they are written in capitals, and always inside quotation
// marks.
//
// FTS5 never sees what was typed but inside quotation marks, so it never has anything to complain about; the limits
// keep its parser's stack (100 entries) and the depth of its expressions (256) out of reach.

/// A question that was understood.
struct SearchQuestion {
  indirect enum Node: Equatable {
    case term(Term)
    /// Every one of the first, and none of the second.
    case all([Node], except: [Node])
    /// At least one.
    case any([Node])
    case within(SearchKind, Node)
  }

  /// A word or a phrase.
  struct Term: Equatable {
    var text: String
    /// Whether its last word may go on.
    var isPrefix: Bool
    /// Where it begins in the question, in bytes.
    var offset: Int
  }

  static let lengthLimit = 4_000
  static let termLimit = 100
  static let depthLimit = 8

  let text: String
  let root: Node

  /// The FTS5 query that finds it.
  var match: String { Self.match(root) }

  /// The FTS5 query that finds each word and phrase of it that a text can match by: what is highlighted.
  var highlights: String { Self.wanted(root).map(Self.match).joined(separator: " OR ") }

  private static func match(_ node: Node) -> String {
    switch node {
    case .term(let term):
      return quoted(term.text) + (term.isPrefix ? " *" : "")
    case .all(let parts, let except):
      return "(\(([parts.map(match).joined(separator: " AND ")] + except.map(match)).joined(separator: " NOT ")))"
    case .any(let parts): return "(\(parts.map(match).joined(separator: " OR ")))"
    case .within(let kind, let part): return "{\(kind.column)} : (\(match(part)))"
    }
  }

  /// A text as a phrase of FTS5's.
  static func quoted(_ text: String) -> String {
    // Not by characters: a quotation mark and an accent on it are one to Swift, and two to FTS5.
    "\"" + SpacedText.of(text).unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  private static func wanted(_ node: Node) -> [Node] {
    switch node {
    case .term: [node]
    case .all(let parts, except: _), .any(let parts): parts.flatMap(wanted)
    case .within(let kind, let part): wanted(part).map { .within(kind, $0) }
    }
  }

  /// The error of a question, with a caret below the place that it is about.
  ///
  /// - Parameter offset: in bytes.
  static func error(_ message: String, hint: String, in text: String, at offset: Int) -> AufdbError {
    AufdbError(.usage, message, hint: hint + "\n" + SQLPlace.marked(offset, in: Array(text.utf8)[...]))
  }
}

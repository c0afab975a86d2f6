// A question cut into words, phrases, brackets and operators.

struct QuestionTokens {
  enum Content: Equatable {
    case term(SearchQuestion.Term)
    /// `prompt:` or `response:`, right before what it is about.
    case column(SearchKind)
    case open, close, and, or, not
  }

  struct Token {
    var content: Content
    /// Where it begins, in bytes.
    var offset: Int
  }

  private(set) var all: [Token] = []
  private let utf8: [UInt8]
  private var index = 0

  private static let operators: [String: Content] = ["AND": .and, "OR": .or, "NOT": .not]
  private static let columns: [(name: String, kind: SearchKind)] = [
    ("prompt:", .prompts), ("prompts:", .prompts), ("response:", .responses), ("responses:", .responses),
  ]

  init(_ text: String) throws(AufdbError) {
    // A NUL would end the text for SQLite, and means nothing to its tokenizer.
    utf8 = text.utf8.map { $0 == 0 ? 0x20 : $0 }
    while index < utf8.count {
      let start = index
      switch utf8[index] {
      case _ where Self.isBlank(utf8[index]): index += 1
      case UInt8(ascii: "("): take(.open, from: start)
      case UInt8(ascii: ")"): take(.close, from: start)
      case UInt8(ascii: "\""): try takePhrase(text)
      default: takeWord()
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private mutating func take(_ content: Content, from start: Int) {
    index += 1
    all.append(Token(content: content, offset: start))
  }

  private mutating func takePhrase(_ text: String) throws(AufdbError) {
    let start = index
    guard let end = utf8[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
      throw SearchQuestion.error(
        "a phrase isn't closed", hint: "end it with a quotation mark, or leave this one out", in: text, at: start)
    }
    index = end + 1
    addTerm(utf8[(start + 1)..<end], isPrefix: takeStar(), at: start)
  }

  /// A star right behind a phrase, at the end of what it belongs to.
  private mutating func takeStar() -> Bool {
    guard index < utf8.count, utf8[index] == UInt8(ascii: "*") else { return false }
    index += 1
    return true
  }

  private mutating func takeWord() {
    let start = index
    let rest = utf8[start...]
    for (name, kind) in Self.columns where rest.starts(with: name.utf8) {
      let behind = start + name.utf8.count
      // What is about nothing is a word.
      guard behind < utf8.count, !Self.isBlank(utf8[behind]), utf8[behind] != UInt8(ascii: ")") else { break }
      index = behind
      all.append(Token(content: .column(kind), offset: start))
      if !"\"(".utf8.contains(utf8[behind]) { addWord(wordHere()) }
      return
    }
    let word = wordHere()
    if let content = Self.operators[String(decoding: word, as: UTF8.self)] {
      all.append(Token(content: content, offset: start))
    } else {
      addWord(word)
    }
  }

  /// Goes behind the word that begins here.
  private mutating func wordHere() -> ArraySlice<UInt8> {
    let rest = utf8[index...]
    let word = rest.prefix { !Self.isBlank($0) && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")") }
    index = word.endIndex
    return word
  }

  private mutating func addWord(_ word: ArraySlice<UInt8>) {
    let isPrefix = word.count > 1 && word.last == UInt8(ascii: "*")
    addTerm(isPrefix ? word.dropLast() : word, isPrefix: isPrefix, at: word.startIndex)
  }

  private mutating func addTerm(_ bytes: ArraySlice<UInt8>, isPrefix: Bool, at offset: Int) {
    let term = SearchQuestion.Term(text: String(decoding: bytes, as: UTF8.self), isPrefix: isPrefix, offset: offset)
    all.append(Token(content: .term(term), offset: offset))
  }
}

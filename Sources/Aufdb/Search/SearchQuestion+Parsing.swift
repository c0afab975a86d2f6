// Reading a question: SearchQuestion.swift has the grammar.

extension SearchQuestion {
  /// - Parameter hasWords: whether a text holds anything that the tokenizer takes for a word.
  /// - Throws: `.usage`, with a caret below the place, for a question that has none, or makes no sense, or is too long.
  init(_ text: String, hasWords: (String) throws -> Bool) throws {
    guard text.utf8.count <= Self.lengthLimit else {
      throw AufdbError(
        .usage, "the question has \(text.utf8.count) bytes",
        hint: "it can have \(Self.lengthLimit); a few words that are rare find a text as well")
    }
    let tokens = try QuestionTokens(text)
    var parser = QuestionParser(text: text, tokens: tokens.all)
    let root = try parser.question(depth: 0)
    try parser.expectEnd()
    guard let root = try root.flatMap({ try Self.searchable($0, in: text, hasWords) }) else {
      guard !text.allSatisfy(\.isWhitespace) else {
        throw AufdbError(.usage, "the question is empty", hint: "say a word that the texts have")
      }
      throw Self.error(
        "there is nothing to search for in the question", hint: "a word has at least one letter or digit", in: text,
        at: 0)
    }
    self.text = text
    self.root = root
  }

  /// A tree without what can't be found because it has no letter or digit; nil where nothing is left.
  private static func searchable(_ node: Node, in text: String, _ hasWords: (String) throws -> Bool) throws -> Node? {
    func kept(_ parts: [Node]) throws -> [Node] { try parts.compactMap { try searchable($0, in: text, hasWords) } }
    switch node {
    case .term(let term): return try hasWords(term.text) ? node : nil
    case .within(let kind, let part): return try searchable(part, in: text, hasWords).map { .within(kind, $0) }
    case .any(let parts):
      let parts = try kept(parts)
      return parts.count > 1 ? .any(parts) : parts.first
    case .all(let parts, let except):
      let (left, out) = try (kept(parts), kept(except))
      if out.isEmpty { return left.count > 1 ? .all(left, except: []) : left.first }
      guard !left.isEmpty else { throw nothingBeforeNOT(in: text, at: firstOffset(out[0])) }
      return .all(left, except: out)
    }
  }

  private static func firstOffset(_ node: Node) -> Int {
    switch node {
    case .term(let term): term.offset
    case .all(let parts, except: _), .any(let parts): parts.first.map(firstOffset) ?? 0
    case .within(_, let part): firstOffset(part)
    }
  }

  static func nothingBeforeNOT(in text: String, at offset: Int) -> AufdbError {
    error(
      "NOT has nothing to take away from", hint: "say before it what to search for, or write \"NOT\" for the word",
      in: text, at: offset)
  }
}

/// Reads the grammar, by recursive descent.
private struct QuestionParser {
  let text: String
  let tokens: [QuestionTokens.Token]
  private var next = 0
  private var termCount = 0

  init(text: String, tokens: [QuestionTokens.Token]) {
    self.text = text
    self.tokens = tokens
  }

  private var token: QuestionTokens.Token? { next < tokens.count ? tokens[next] : nil }

  /// nil where it has no parts.
  mutating func question(depth: Int) throws(AufdbError) -> SearchQuestion.Node? {
    var lists: [SearchQuestion.Node] = []
    if let first = try list(depth: depth) { lists.append(first) }
    while let token, token.content == .or {
      guard !lists.isEmpty else { throw dangling("OR", token) }
      next += 1
      guard let list = try list(depth: depth) else { throw dangling("OR", token) }
      lists.append(list)
    }
    return lists.count > 1 ? .any(lists) : lists.first
  }

  private mutating func list(depth: Int) throws(AufdbError) -> SearchQuestion.Node? {
    var (parts, except): ([SearchQuestion.Node], [SearchQuestion.Node]) = ([], [])
    // Whether anything stood there, if only empty brackets.
    var hasBegun = false
    while let token {
      switch token.content {
      case .or, .close:
        return Self.list(parts, except)
      case .and, .not:
        let isNot = token.content == .not
        guard hasBegun else {
          throw isNot ? SearchQuestion.nothingBeforeNOT(in: text, at: token.offset) : dangling("AND", token)
        }
        next += 1
        guard let part = try part(depth: depth) else { throw dangling(isNot ? "NOT" : "AND", token) }
        if isNot { except += part } else { parts += part }
      case .term, .column, .open:
        parts += try part(depth: depth) ?? []
        hasBegun = true
      }
    }
    return Self.list(parts, except)
  }

  private static func list(_ parts: [SearchQuestion.Node], _ except: [SearchQuestion.Node]) -> SearchQuestion.Node? {
    if except.isEmpty { return parts.count > 1 ? .all(parts, except: []) : parts.first }
    return .all(parts, except: except)
  }

  /// One part, or none for empty brackets; nil where no part begins here.
  private mutating func part(depth: Int) throws(AufdbError) -> [SearchQuestion.Node]? {
    guard let token else { return nil }
    switch token.content {
    case .and, .or, .not, .close: return nil
    case .term(let term):
      next += 1
      termCount += 1
      guard termCount <= SearchQuestion.termLimit else {
        throw SearchQuestion.error(
          "the question has more than \(SearchQuestion.termLimit) words and phrases",
          hint: "a few words that are rare find a text as well", in: text, at: token.offset)
      }
      return [.term(term)]
    case .column(let kind):
      next += 1
      return try part(depth: depth)?.map { .within(kind, $0) }
    case .open:
      guard depth < SearchQuestion.depthLimit else {
        throw SearchQuestion.error(
          "the question has brackets inside brackets, \(SearchQuestion.depthLimit + 1) deep",
          hint: "\(SearchQuestion.depthLimit) are possible", in: text, at: token.offset)
      }
      next += 1
      let inner = try question(depth: depth + 1)
      guard self.token?.content == .close else {
        throw SearchQuestion.error(
          "a bracket isn't closed", hint: "close it, or put it in quotation marks as a sign", in: text,
          at: token.offset)
      }
      next += 1
      return inner.map { [$0] } ?? []
    }
  }

  func expectEnd() throws(AufdbError) {
    guard let token else { return }
    throw SearchQuestion.error(
      "a bracket is closed that wasn't opened", hint: "open it, or put it in quotation marks as a sign", in: text,
      at: token.offset)
  }

  private func dangling(_ word: String, _ token: QuestionTokens.Token) -> AufdbError {
    SearchQuestion.error(
      "\(word) stands between two parts of a question, and here is one missing",
      hint: "write \"\(word)\" in quotation marks, or in small letters, for the word", in: text, at: token.offset)
  }
}

// What TAB does: pure, from the text before the cursor and the names that there are.

import Aufdb

/// What to put in place of the word before the cursor, and what it could become.
struct ShellCompletion: Equatable {
  /// How many characters (code points) before the cursor go.
  var replacedCount = 0
  /// What comes in their place: all that the choices have in common.
  var text = ""
  /// What the word could become, in order; where there is one, `text` is that one.
  var choices: [String] = []

  /// Nothing to complete.
  static let none = ShellCompletion("", among: [])

  /// - Parameters:
  ///   - line: the line up to the cursor.
  ///   - earlier: the lines of the statement that are done.
  init(_ line: String, after earlier: String = "", names: ShellNames) {
    if earlier.isEmpty, line.hasPrefix(".") {
      let (word, all) = Self.commandChoices(line, names)
      self.init(word, among: all)
    } else if earlier.isEmpty, line.hasPrefix("@") {
      self.init(line[...], among: names.savedQueries.map { "@" + $0 })
    } else {
      let (word, all) = Self.sqlChoices(line, after: earlier, names)
      self.init(word, among: all)
    }
  }

  /// Those of `all` that begin with the word, in any case, become the choices.
  private init(_ word: Substring, among all: [String]) {
    var seen: Set<String> = []
    choices = all.filter { Self.begins($0, with: word) && seen.insert($0).inserted }
    guard var common = choices.first else { return }
    for choice in choices.dropFirst() { common = Self.commonPrefix(common, choice) }
    // The letters that are typed stay as they are where they are all that is known.
    guard common.count > word.count || choices.count == 1 else { return }
    replacedCount = word.unicodeScalars.count
    text = common
  }

  private static func begins(_ name: String, with word: Substring) -> Bool {
    name.count >= word.count && name.prefix(word.count).lowercased() == word.lowercased()
  }

  private static func commonPrefix(_ one: String, _ other: String) -> String {
    String(zip(one, other).prefix { $0 == $1 }.map(\.0))
  }

  // MARK: Commands

  private static func commandChoices(_ line: String, _ names: ShellNames) -> (Substring, [String]) {
    guard let blank = line.firstIndex(of: " ") else {
      return (line[...], DotCommand.allCases.map { $0.usage.isEmpty ? $0.name : "\($0.name) " })
    }
    let typed = line[line.index(after: line.startIndex)..<blank]
    let rest = line[line.index(after: blank)...]
    let word = rest.lastIndex(of: " ").map { rest[rest.index(after: $0)...] } ?? rest
    guard let command = try? DotCommand(named: String(typed)) else { return (word, []) }
    switch command {
    case .at: return (word, names.revisions + ["-"])
    case .diff, .log:
      // The side behind the points of A..B or A...B.
      guard let dots = word.indices.first(where: { word[$0...].hasPrefix("..") }) else {
        return (word, names.revisions)
      }
      return (word[dots...].drop { $0 == "." }, names.revisions)
    case .format: return (word, OutputFormat.allCases.map(\.rawValue))
    case .help: return (word, DotCommand.allCases.map(\.rawValue))
    case .output, .read: return (word, names.files(String(word)))
    case .schema: return (word, names.tables.map(\.name) + FunctionPage.all.map(\.name))
    case .timer: return (word, ["on", "off"])
    case .with:
      guard let sign = word.firstIndex(of: "=") else { return (word, []) }
      return (word[word.index(after: sign)...], names.revisions)
    case .exit, .param, .quit, .tables, .timeout: return (word, [])
    }
  }

  // MARK: SQL

  private static func sqlChoices(
    _ line: String, after earlier: String, _ names: ShellNames
  ) -> (Substring, [String]) {
    // Inside a string, which can only name a revision: labels_diff('main~1', ...).
    if line.count(where: { $0 == "'" }) % 2 == 1, let quote = line.lastIndex(of: "'") {
      return (line[line.index(after: quote)...], names.revisions)
    }
    let start = line.lastIndex { !isNameCharacter($0) && $0 != "." }.map(line.index(after:)) ?? line.startIndex
    let word = line[start...]
    let before = words(of: earlier + line[..<start])
    if let point = word.lastIndex(of: ".") {
      let qualifier = word[..<point].lowercased()
      let table = meaning(of: qualifier, in: words(of: earlier + line))
      return (word[word.index(after: point)...], names.tables.first { $0.name == table }?.columns ?? [])
    }
    let tables = names.tables.map(\.name)
    if let last = before.last?.lowercased(), ["from", "join"].contains(last) { return (word, tables.map { $0 + " " }) }
    let mentioned = names.tables.filter { table in before.contains { $0.lowercased() == table.name } }
    let columns = mentioned.flatMap(\.columns)
    guard !word.isEmpty else { return (word, columns) }
    let isLower = word.contains(where: \.isLowercase)
    let keywords = names.keywords.map { (isLower ? $0.lowercased() : $0) + " " }
    let otherColumns = mentioned.isEmpty ? names.tables.flatMap(\.columns) : []
    return (word, columns + tables + otherColumns + names.functions.map { $0 + "(" } + keywords)
  }

  /// The table that a name stands for: `l` in FROM labels AS l, or its own.
  private static func meaning(of qualifier: String, in words: [Substring]) -> String {
    for (index, word) in words.enumerated().dropFirst() where word.lowercased() == qualifier {
      let previous = words[index - 1].lowercased()
      if previous == "as", index >= 2 { return words[index - 2].lowercased() }
      if !["from", "join", "on", "where", "and", "select", "by", "or"].contains(previous),
        index >= 2, ["from", "join"].contains(words[index - 2].lowercased())
      {
        return previous
      }
    }
    return qualifier
  }

  private static func words(of sql: String) -> [Substring] { sql.split { !isNameCharacter($0) } }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

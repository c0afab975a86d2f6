// What schema.sql says of its tables, views and columns, in the comments that people read there.
//
//   -- One model's answer to one prompt. key: prompt_id, model, sample      what it is, in one line or more
//   --   system_prompt  what the model was told to be,                      a column, three blanks in
//   --                  where that is known                                and how a meaning goes on
//   CREATE TABLE responses_all (
//     sample INTEGER NOT NULL,  -- 0 for the model's first answer          a column beside its definition
//                               -- ...
//
// What a column means stands above the table, or else beside the column, or else among those at the top of the file that
// mean the same everywhere.

/// The comments above one statement, or those at the top of the file.
struct SchemaComments {
  /// What it is, in sentences, without the natural key.
  private(set) var summary = ""
  /// The columns of the natural key, in words.
  private(set) var key: String?
  /// The columns that are explained, in their order.
  private(set) var columns: [(name: String, meaning: String)] = []

  /// - Parameter statement: how it begins: "CREATE VIEW pairs AS". Above one that isn't there stands nothing.
  init(above statement: String) {
    let lines = Self.lines
    let end = lines.firstIndex { $0.hasPrefix(statement) } ?? lines.startIndex
    let start = lines[..<end].lastIndex { !$0.hasPrefix("--") }.map { $0 + 1 } ?? 0
    self.init(lines[start..<end])
  }

  private init(_ lines: ArraySlice<Substring>) {
    for line in lines.map({ $0.dropFirst(2) }) {
      if let column = Self.column(line) {
        columns.append(column)
      } else if line.hasPrefix("    "), !columns.isEmpty {
        columns[columns.count - 1].meaning += " " + Self.trimmed(line)
      } else {
        let parts = Self.trimmed(line).split(separator: "key: ", maxSplits: 1, omittingEmptySubsequences: false)
        summary = Self.trimmed("\(summary) \(parts[0])")
        if parts.count > 1 { key = String(parts[1]) }
      }
    }
  }

  /// The columns that mean the same everywhere.
  static let common: [String: String] = {
    guard let start = lines.firstIndex(where: { $0.hasPrefix("-- COLUMNS THAT MEAN THE SAME") }) else { return [:] }
    let columns = SchemaComments(lines[(start + 1)...].prefix { $0.hasPrefix("--   ") }).columns
    return Dictionary(columns.map { ($0.name, $0.meaning) }) { first, _ in first }
  }()

  /// A column of a table with what stands beside it.
  struct Definition {
    var name: String
    var type: String
    var isOptional: Bool
    var comment = ""
  }

  /// The columns of a table, as it defines them.
  static func definitions(of table: String) -> [Definition] {
    guard let start = lines.firstIndex(of: "CREATE TABLE \(table) (") else { return [] }
    var definitions: [Definition] = []
    for line in lines[(start + 1)...].prefix(while: { !$0.hasPrefix(")") }) {
      let parts = line.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false)
      let words = parts[0].split { $0 == " " || $0 == "," }
      let comment = parts.count > 1 ? trimmed(parts[1]) : ""
      if words.count >= 2 {
        definitions.append(
          Definition(
            name: String(words[0]), type: String(words[1]), isOptional: !parts[0].contains("NOT NULL"),
            comment: comment.hasPrefix("late: ") ? String(comment.dropFirst(6)) : comment))
      } else if !definitions.isEmpty, !comment.isEmpty {
        definitions[definitions.count - 1].comment += " " + comment
      }
    }
    return definitions
  }

  private static let lines = Schema.text.split(separator: "\n", omittingEmptySubsequences: false)

  /// The name and the meaning in a line that explains a column; nil for any other line.
  private static func column(_ line: Substring) -> (name: String, meaning: String)? {
    guard line.hasPrefix("   "), let first = line.dropFirst(3).first, first != " " else { return nil }
    let name = line.dropFirst(3).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let rest = line.dropFirst(3 + name.count)
    return rest.hasPrefix("  ") ? (String(name), trimmed(rest)) : nil
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text).drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

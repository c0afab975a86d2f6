// Maps of YAML files that people write: whatever is wrong in one is said with its line. (Yams refuses a key that stands
// twice.)

import AufdbAcquisition
import Yams

/// One map of a file: its keys and values, each of which knows its line.
struct YAMLMap {
  struct Entry {
    let key: String
    let value: Node
    let line: Int?
  }

  let file: String
  let entries: [Entry]
  private let line: Int?

  /// - Parameter what: what the map is, for errors: "a rubric".
  /// - Throws: `.badData` with the line: text that isn't YAML or no map, or a key that is no word.
  init(yaml: String, file: String, what: String) throws(AufdbError) {
    guard let root = try Self.compose(yaml, file: file) else {
      throw AufdbError(.badData, "\(what) is a map of keys and values, and this file is empty", at: .init(file: file))
    }
    try self.init(root, file: file, what: what)
  }

  init(_ node: Node, file: String, what: String) throws(AufdbError) {
    guard case .mapping(let mapping) = node else {
      throw AufdbError(
        .badData, "\(what) is a map of keys and values", at: .init(file: file, line: node.mark?.line))
    }
    self.file = file
    line = mapping.mark?.line
    var entries: [Entry] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw AufdbError(.badData, "a key is a word", at: .init(file: file, line: key.mark?.line))
      }
      entries.append(Entry(key: name, value: value, line: key.mark?.line))
    }
    self.entries = entries
  }

  /// Reads a file's text; nil where it is empty.
  static func compose(_ yaml: String, file: String) throws(AufdbError) -> Node? {
    do {
      return try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      let (message, line) = error.described
      throw AufdbError(.badData, message, at: .init(file: file, line: line))
    } catch {
      throw AufdbError(.badData, "not YAML: \(error)", at: .init(file: file))
    }
  }

  subscript(key: String) -> Entry? { entries.first { $0.key == key } }

  /// - Throws: `.badData` at the first key that isn't among `known`, with the nearest of them.
  func refuseKeys(otherThan known: [String], in what: String) throws(AufdbError) {
    guard let stray = entries.first(where: { !known.contains($0.key) }) else { return }
    throw AufdbError(
      .badData, "there is no key \(stray.key.quoted) in \(what)",
      hint: known.nearest(to: stray.key).map { "did you mean \($0)?" } ?? "keys: \(known.joined(separator: ", "))",
      at: .init(file: file, line: stray.line))
  }

  /// A text; nil where the key is missing or says null.
  func text(_ key: String) throws(AufdbError) -> String? {
    guard let entry = self[key] else { return nil }
    guard let scalar = entry.value.scalar else { throw refusal(of: entry, "a text") }
    // A quoted "null" is a word.
    return scalar.style == .plain && entry.value.null != nil ? nil : scalar.string
  }

  /// A text that isn't empty.
  func requiredText(_ key: String, in what: String) throws(AufdbError) -> String {
    guard let text = try text(key), !text.isEmpty else {
      throw AufdbError(.badData, "\(what) needs a key '\(key)' with a text", at: .init(file: file, line: line))
    }
    return text
  }

  /// The error of a value that its key can't have.
  func refusal(of entry: Entry, _ expected: String) -> AufdbError {
    let shown =
      switch entry.value {
      case .scalar(let scalar): scalar.string.quoted
      case .sequence: "a list"
      case .mapping: "a map"
      case .alias: "an alias"
      }
    return AufdbError(
      .badData, "\(entry.key) takes \(expected), not \(shown)", at: .init(file: file, line: entry.line))
  }
}

extension YamlError {
  /// What is wrong, in one line, and where.
  fileprivate var described: (message: String, line: Int?) {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ("not YAML: \(problem)", mark.line)
    case .reader(let problem, _, _, _): ("not YAML: \(problem)", nil)
    case .duplicatedKeysInMapping(let keys, let context):
      ("the key '\(keys.first ?? "")' stands twice", context.mark.line)
    default: ("not YAML: \("\(self)".replacing("\n", with: " "))", nil)
    }
  }
}

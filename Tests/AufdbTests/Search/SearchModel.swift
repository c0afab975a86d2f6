// Texts whose words are known, questions about them, and what they find by a plain look at every text.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// The words of random texts, each with ways to write it that the tokenizer takes for the same.
enum ModelWords {
  static let spellings: [(word: String, ways: [String])] = [
    ("alpha", ["alpha", "Alpha", "ALPHA"]), ("alpine", ["alpine"]), ("beta", ["beta", "BETA"]),
    ("cafe", ["cafe", "café", "CAFÉ", "cafe\u{301}"]), ("don", ["don"]), ("t", ["t", "T"]), ("7", ["7"]),
    ("\u{6F22}", ["\u{6F22}"]), ("\u{5B57}", ["\u{5B57}"]), ("か", ["か"]), ("мир", ["мир", "МИР"]),
  ]
  /// What stands between words, or is nothing.
  static let gaps = [
    " ", " ", " ", "\n", "-", "'", " ++ ", "\u{0}", " \u{1}\u{2}\u{4} ", " \u{1F642} ", "\u{1F642}", "\u{1F600}", "(",
    "\"",
  ]

  /// The characters that need no gap.
  static func isSeparate(_ word: String) -> Bool { ["\u{6F22}", "\u{5B57}", "か"].contains(word) }
}

extension SeededGenerator {
  mutating func words(upTo count: Int) -> [String] {
    (0..<Int.random(in: 0...count, using: &self)).map { _ in
      ModelWords.spellings.randomElement(using: &self)?.word ?? ""
    }
  }

  /// Words written down; `isPlain` with one blank between two.
  mutating func text(of words: [String], isPlain: Bool = false) -> [UInt8] {
    var text: [UInt8] = []
    for (index, word) in words.enumerated() {
      let isGapless = index > 0 && (ModelWords.isSeparate(word) || ModelWords.isSeparate(words[index - 1]))
      if index > 0, !isGapless || next() % 2 == 0 {
        text += Array((isPlain ? " " : ModelWords.gaps.randomElement(using: &self) ?? " ").utf8)
      }
      let ways = ModelWords.spellings.first { $0.word == word }?.ways ?? [word]
      text += Array((ways.randomElement(using: &self) ?? word).utf8)
    }
    return text
  }
}

/// A question with what it means.
indirect enum ModelQuestion {
  case term([String], isPrefix: Bool)
  case all([ModelQuestion], except: [ModelQuestion])
  case any([ModelQuestion])
  case within(SearchKind, ModelQuestion)

  func finds(_ words: [String], _ kind: SearchKind) -> Bool {
    switch self {
    case .term(let term, let isPrefix):
      guard words.count >= term.count else { return false }
      return (0...words.count - term.count).contains { start in
        let part = words[start..<start + term.count]
        guard isPrefix, let last = term.last else { return part.elementsEqual(term) }
        return part.dropLast().elementsEqual(term.dropLast())
          && part.last.map { Array($0.unicodeScalars).starts(with: Array(last.unicodeScalars)) } == true
      }
    case .all(let parts, let except):
      return parts.allSatisfy { $0.finds(words, kind) } && !except.contains { $0.finds(words, kind) }
    case .any(let parts): return parts.contains { $0.finds(words, kind) }
    case .within(let only, let part): return kind == only && part.finds(words, kind)
    }
  }

  /// The question as somebody may type it, in brackets wherever something stands beside it.
  func typed(_ generator: inout SeededGenerator) -> String {
    func joined(_ parts: [ModelQuestion], _ signs: [String]) -> String {
      var text = ""
      for part in parts {
        if !text.isEmpty { text += signs.randomElement(using: &generator) ?? " " }
        text += part.typed(&generator)
      }
      return text
    }
    switch self {
    case .term(let words, let isPrefix):
      let text = String(decoding: generator.text(of: words, isPlain: true), as: UTF8.self)
      let isWord = !text.contains(" ") && generator.next() % 2 == 0
      return (isWord ? text : "\"\(text)\"") + (isPrefix ? "*" : "")
    case .all(let parts, let except):
      let text = joined(parts, [" ", " AND ", "  "])
      return "(\(except.isEmpty ? text : text + " NOT " + joined(except, [" NOT "])))"
    case .any(let parts): return "(\(joined(parts, [" OR "])))"
    case .within(let kind, let part): return "\(kind.column):\(part.typed(&generator))"
    }
  }
}

extension SeededGenerator {
  mutating func question(depth: Int = 2) -> ModelQuestion {
    switch depth == 0 ? 0 : next() % 6 {
    case 0, 1, 2:
      let first = ModelWords.spellings.randomElement(using: &self)?.word ?? ""
      let isPrefix = next() % 4 == 0 && !ModelWords.isSeparate(first)
      if isPrefix, first.count > 2 { return .term([String(first.prefix(2))], isPrefix: true) }
      return .term([first] + words(upTo: 1), isPrefix: false)
    case 3:
      let except = (0..<Int.random(in: 0...1, using: &self)).map { _ in question(depth: depth - 1) }
      return .all((0..<Int.random(in: 1...2, using: &self)).map { _ in question(depth: depth - 1) }, except: except)
    case 4: return .any((0..<2).map { _ in question(depth: depth - 1) })
    default:
      // A phrase or a bracket; of a kind within another nothing can be.
      return .within(next() % 2 == 0 ? .prompts : .responses, question(depth: 0))
    }
  }
}

/// A modelled store whose texts are made of known words.
final class SearchedModel {
  let modelled: ModelledStore
  /// The words of each text that was ever stored.
  private var words: [[UInt8]: [String]] = [[]: []]

  init(seed: UInt64) throws { modelled = try ModelledStore(seed: seed) }

  /// Commits something to a branch that there is; at times a branch begins, anywhere.
  func grow(steps: Int) throws {
    for _ in 0..<steps {
      if modelled.generator.next() % 6 == 0, modelled.branches.count < 5 {
        let at = try #require(modelled.history.map(\.sequence).randomElement(using: &modelled.generator))
        try modelled.branch("b\(modelled.branches.count)", at: at)
      }
      let branch = try #require(modelled.branches.keys.sorted().randomElement(using: &modelled.generator))
      var change = try modelled.generator.change(of: modelled.tip(branch).state, count: 16)
      guard change != ModelChange() else { continue }
      change.added = change.added.map(withWords)
      try modelled.commit(change, to: branch)
    }
    modelled.close()
  }

  private func withWords(_ row: ModelRow) -> ModelRow {
    guard row.relation == .prompts || row.relation == .responses else { return row }
    let said = modelled.generator.words(upTo: 8)
    var text = modelled.generator.text(of: said)
    var values = row.values
    if row.relation == .prompts, modelled.generator.next() % 3 == 0 {
      values[3] = .text("messages")
      var writer = JSONWriter()
      writer.beginArray()
      writer.beginObject()
      writer.key("role")
      writer.string("user")
      writer.key("content")
      writer.string(String(decoding: text, as: UTF8.self))
      writer.endObject()
      writer.endArray()
      text = Array(writer.text.utf8)
    }
    values[row.relation == .prompts ? 2 : 3] = .text(text)
    words[text] = said
    return ModelRow(relation: row.relation, values: values)
  }

  /// The keys of what a question finds at a commit.
  func found(_ question: ModelQuestion, at commit: ModelCommit) throws -> Set<String> {
    var found: Set<String> = []
    for kind in SearchKind.allCases {
      for row in commit.state.rows(of: kind.relation) {
        guard case .text(let text) = row.values[kind == .prompts ? 2 : 3] else { continue }
        if question.finds(try #require(words[text]), kind) { found.insert("\(kind) \(row.key)") }
      }
    }
    return found
  }
}

extension SearchHit {
  /// As the model names it.
  var modelKey: String {
    let parts = [StoredValue.text(promptID)] + (model.map { [.text($0), .integer(Int64(sample ?? 0))] } ?? [])
    return "\(kind) " + ModelRow(relation: kind.relation, values: padded(parts)).key
  }

  private func padded(_ values: [StoredValue]) -> [StoredValue] {
    values + Array(repeating: .null, count: kind.relation.columns.count - values.count)
  }
}

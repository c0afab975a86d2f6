// A diff for people, to the letter: whole in a pipe, within its width and harmless on a terminal.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Diff as text")
struct DiffTextTests {
  private static let changes = [
    RowChange(.prompts, old: nil, new: Rows.prompt("p3", "Why?")),
    RowChange(.responses, old: Rows.response("p1", "a", "yes"), new: Rows.response("p1", "a", "no", metadata: "{}")),
    RowChange(.responses, old: Rows.response("p1", "b", sample: 1, "x"), new: nil),
    RowChange(
      .labels, old: Rows.label("p1", "b", "a", scores: (2, 1)), new: Rows.label("p1", "a", "b", scores: (3, 1))),
    RowChange(.labels, old: Rows.label("p2", "a", "b"), new: Rows.label("p2", "a", "b", tie: true)),
    RowChange(.labels, old: nil, new: Rows.label("p3", "a", "b", samples: (0, 2))),
  ]

  @Test("To the letter") func toTheLetter() throws {
    let expected = """
      prompts
        + p3

      responses
        ~ p1  a
            response  yes -> no
            metadata  NULL -> {}
        - p1  b#1

      labels
        ~ p1  a > b  (overall)  flipped
            chosen_score  2.0 -> 3.0
        ~ p2  a = b  (overall)
            tie  0 -> 1
        + p3  a > b#2  (overall)

      """
    #expect(try TestSurroundings.diff(Self.changes) == expected)
    // Nothing here is long, so a terminal shows the same but for the colours.
    #expect(try TestSurroundings.diff(Self.changes, terminalColumns: 80, environment: ["NO_COLOR": "1"]) == expected)
    #expect(try TestSurroundings.diff(Self.changes, terminalColumns: 80, environment: ["TERM": "dumb"]) == expected)
  }

  @Test("No change is no text") func empty() throws { #expect(try TestSurroundings.diff([]) == "") }

  @Test("Coloured on a terminal, unless NO_COLOR says something") func colours() throws {
    let expected =
      "\u{1B}[1mprompts\u{1B}[0m\n  \u{1B}[32m+ p3\u{1B}[0m\n\n\u{1B}[1mresponses\u{1B}[0m\n"
      + "  \u{1B}[33m~ p1  a\u{1B}[0m\n      response  \u{1B}[31myes\u{1B}[0m -> \u{1B}[32mno\u{1B}[0m\n"
      + "      metadata  \u{1B}[31mNULL\u{1B}[0m -> \u{1B}[32m{}\u{1B}[0m\n  \u{1B}[31m- p1  b#1\u{1B}[0m\n"
    let changes = Array(Self.changes.prefix(3))
    #expect(try TestSurroundings.diff(changes, terminalColumns: 80) == expected)
    #expect(try TestSurroundings.diff(changes, terminalColumns: 80, environment: ["NO_COLOR": ""]) == expected)
  }

  private static let long = [
    RowChange(
      .responses,
      old: Rows.response("p1", "a", "The moon is\nround.\n\nSo are the other planets, and all of their moons."),
      new: Rows.response("p1", "a", "The moon is\na ball.\n\nSo are the other planets, and all of their moons.")),
    RowChange(
      .scores, old: Rows.score("p1", "a", 1, critique: nil),
      new: Rows.score("p1", "a", 1, critique: "Two lines\n  and an escape \u{1B}[2J and a tab\t.")),
    RowChange(
      .embeddings, old: Rows.embedding("p1", nil, [UInt8](repeating: 7, count: 768)),
      new: Rows.embedding("p1", nil, [1, 2])),
    RowChange(
      .prompts, old: Rows.prompt("p1", "q", source: String(repeating: "long ", count: 10) + "one"),
      new: Rows.prompt("p1", "q", source: String(repeating: "long ", count: 10) + "two")),
    RowChange(.prompts, old: Rows.prompt("p2", ""), new: Rows.prompt("p2", "was empty")),
  ]

  @Test("A pipe gets whole values, long ones below each other") func pipe() throws {
    #expect(
      try TestSurroundings.diff(Self.long) == """
        responses
          ~ p1  a
              response
                - The moon is
                  round.

                  So are the other planets, and all of their moons.
                + The moon is
                  a ball.

                  So are the other planets, and all of their moons.

        scores
          ~ p1  a  (overall)
              critique
                - NULL
                + Two lines
                    and an escape \\x1b[2J and a tab\\t.

        embeddings
          ~ p1  (mini)
              vector  x'0707070707070707…' (768 bytes) -> x'0102' (2 bytes)

        prompts
          ~ p1
              source
                - long long long long long long long long long long one
                + long long long long long long long long long long two
          ~ p2
              prompt  "" -> was empty

        """)
  }

  @Test("A terminal gets what changed") func terminal() throws {
    let text = try TestSurroundings.diff(Self.long, terminalColumns: 60, environment: ["NO_COLOR": "1"])
    #expect(
      text == #"""
        responses
          ~ p1  a
              response  …e moon is\n[-round-]{+a ball+}.\n\nSo are…

        scores
          ~ p1  a  (overall)
              critique  NULL -> Two lines\n  and an escape \x1b[2J …

        embeddings
          ~ p1  (mini)
              vector  x'0707070707070707…' (76… -> x'0102' (2 bytes)

        prompts
          ~ p1
              source  … long long long long long long [-one-]{+two+}
          ~ p2
              prompt  {+was empty+}

        """#)
  }

  @Test("A key that is too long is cut on a terminal only") func longKeys() throws {
    let name = String(repeating: "n", count: 100)
    let change = RowChange(.prompts, old: nil, new: Rows.prompt(name, "q"))
    #expect(try TestSurroundings.diff([change]) == "prompts\n  + \(name)\n")
    #expect(
      try TestSurroundings.diff([change], terminalColumns: 40, environment: ["NO_COLOR": "1"])
        == "prompts\n  + \(name.prefix(35))…\n")
  }

  @Test(
    "Whatever the values, no line is wider than the terminal, and nothing but text and our colours is sent",
    arguments: 1...6 as ClosedRange<UInt64>)
  func laws(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let changes = (0..<200).map { _ in RowChange.random(using: &generator) }
    for (columns, isColoured) in [(nil, false), (52, false), (73, true), (120, false), (200, true)] as [(Int?, Bool)] {
      let text = try TestSurroundings.diff(
        changes, terminalColumns: columns, environment: isColoured ? [:] : ["NO_COLOR": "1"])
      var plain = text
      for code in ["1", "31", "32", "33", "31;9", "32;4", "0"] { plain = plain.replacing("\u{1B}[\(code)m", with: "") }
      if !isColoured { #expect(plain == text, "seed \(seed)") }
      let harmful = plain.unicodeScalars.filter { scalar in
        (scalar.properties.generalCategory == .control && scalar != "\n")
          || ["\u{202E}", "\u{2028}", "\u{85}"].contains(scalar)
      }
      #expect(harmful.isEmpty, "seed \(seed), columns \(columns ?? 0)")
      guard let columns else { continue }
      for line in plain.split(separator: "\n") {
        #expect(DisplayWidth.of(String(line)) <= columns, "seed \(seed): \(line)")
      }
    }
  }
}

extension RowChange {
  /// A change of any kind in any table, whose values are any.
  fileprivate static func random(using generator: inout SeededGenerator) -> RowChange {
    let relation = Relation.allCases[Int(generator.next() % UInt64(Relation.allCases.count))]
    let old = relation.columns.map { _ in longer(SQLValue.random(using: &generator), using: &generator) }
    // Some columns stay, some are other values, and some texts get another end.
    let new = old.map { value -> SQLValue in
      switch (generator.next() % 3, value) {
      case (0, _): SQLValue.random(using: &generator)
      case (1, .text(let text)): .text(text + " and more")
      default: value
      }
    }
    switch generator.next() % 6 {
    case 0: return RowChange(relation, old: nil, new: new)
    case 1: return RowChange(relation, old: old, new: nil)
    default: return RowChange(relation, old: old, new: new)
    }
  }

  private static func longer(_ value: SQLValue, using generator: inout SeededGenerator) -> SQLValue {
    guard case .text(let text) = value, generator.next() % 3 == 0 else { return value }
    return .text((0..<20).map { "word\($0) \(text)" }.joined())
  }
}

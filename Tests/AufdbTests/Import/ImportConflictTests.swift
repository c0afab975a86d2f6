// The same key with another content: refused with its line, or a new version where --replace says so.

import Testing

@testable import Aufdb

@Suite("Import conflicts") struct ImportConflictTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  private static let base = [
    completionsLine("p1", prompt: "first", [completion("a", "yes", score: 1), completion("b", "no", score: 2)]),
    completionsLine("p2", [completion("a", score: 5)]),
  ]

  @Test("the same response twice in one line is fine if the two are equal")
  func equalInALine() throws {
    let same = completion("a", "yes", score: 1)
    let (_, report) = try store.importLines([completionsLine("p", [same, completion("b"), same])])
    #expect(report.added == [.prompts: 1, .responses: 2, .scores: 1])
    #expect(report.unchangedCount == 2)
  }

  static let differences: [(first: String, second: String, message: String)] = [
    (completion("a", "yes"), completion("a", "no"), "the response of a to 'p' is there already with another content"),
    (
      completion("a", "yes"), completion("a", "yes\0"), "the response of a to 'p' is there already with another content"
    ),
    (
      completion("a", more: #""principle":"x""#), completion("a"),
      "the response of a to 'p' is there already with another content"
    ),
    (
      completion("a", more: #""extra":1"#), completion("a", more: #""extra":1.0"#),
      "the response of a to 'p' is there already with another content"
    ),
    (completion("a", score: 1), completion("a", score: 2), "overall's score of a for 'p' is there already and differs"),
    (
      completion("a", score: 1), completion("a", score: 1, more: #""critique":"hm""#),
      "overall's score of a for 'p' is there already and differs"
    ),
  ]

  @Test("the same response twice is refused if the two differ, whatever stands between them", arguments: differences)
  func differentInAnImport(first: String, second: String, message: String) throws {
    let hint = "it stands twice in this import, and the two differ"
    let head = try store.head()
    for replaces in [false, true] {
      let inALine = try store.refusal(of: ["", completionsLine("p", [first, second])], replaces: replaces)
      #expect(
        inALine == AufdbError(.badData, message, hint: hint, at: .init(file: store.folder.path("lines.jsonl"), line: 2))
      )
      let lines = [
        completionsLine("p", [first]), completionsLine("q", [completion("z")]), completionsLine("p", [second]),
      ]
      let inAFile = try store.refusal(of: lines, replaces: replaces)
      #expect(
        inAFile == AufdbError(.badData, message, hint: hint, at: .init(file: store.folder.path("lines.jsonl"), line: 3))
      )
      #expect(try store.head() == head)
      #expect(try store.count(.prompts) == 0)
    }
  }

  static let changes: [(line: String, message: String, added: [Relation: Int])] = [
    (
      completionsLine("p1", prompt: "other", []), "the prompt 'p1' is there already with another content",
      [.prompts: 1]
    ),
    (
      #"{"prompt_id":"p1","source":"s","prompt":"first","completions":[]}"#,
      "the prompt 'p1' is there already with another content", [.prompts: 1]
    ),
    (
      #"{"prompt_id":"p1","prompt":"first","x":1,"completions":[]}"#,
      "the prompt 'p1' is there already with another content", [.prompts: 1]
    ),
    (
      completionsLine("p1", prompt: "first", [completion("b", "no!", score: 2)]),
      "the response of b to 'p1' is there already with another content", [.responses: 1]
    ),
    (
      completionsLine("p1", prompt: "first", [completion("b", "no", score: 2.5)]),
      "overall's score of b for 'p1' is there already and differs", [.scores: 1]
    ),
    (
      completionsLine("p1", prompt: "other", [completion("b", "no!", score: 3), completion("a", "yes", score: 1)]),
      "the prompt 'p1' is there already with another content", [.prompts: 1, .responses: 1, .scores: 1]
    ),
  ]

  @Test("a row that differs from the store's is refused, or becomes its new version", arguments: changes)
  func replace(line: String, message: String, added: [Relation: Int]) throws {
    try store.importLines(Self.base)
    let (old, head) = (try store.everything(), try store.head())
    let error = try store.refusal(of: [Self.base[1], line])
    #expect(error?.message == message)
    #expect(error?.kind == .badData)
    #expect(error?.hint == "add --replace to make this its new version")
    #expect(error?.place == .init(file: store.folder.path("lines.jsonl"), line: 2))
    #expect(try store.head() == head)
    #expect(try store.everything() == old)

    let (commit, report) = try store.importLines([Self.base[1], line], replaces: true)
    #expect(report.added == added)
    #expect(report.retired == added)
    #expect(commit?.changes.map(\.relation) == added.keys.sorted { $0.rawValue < $1.rawValue })
    for relation in Relation.allCases {
      #expect(try store.count(relation) == old[relation]?.count, "replaced, not added: \(relation)")
    }
    #expect(try store.everything() != old)
    #expect(try store.everything(at: "main~1") == old, "the old version stays where it was")
    #expect(try store.isSound())

    #expect(try store.importLines([line], replaces: true).commit == nil, "the new version is what is there now")
    try store.importLines(Self.base, replaces: true)
    #expect(try store.everything() == old, "and back again")
  }

  @Test("a replacement that stands twice is refused, and so is one that is taken back in the same import")
  func replaceTwice() throws {
    try store.importLines(Self.base)
    let head = try store.head()
    let other = completionsLine("p2", prompt: "other", [completion("a", score: 5)])
    for lines in [[other, Self.base[1]], [other, completionsLine("p2", prompt: "third", [])]] {
      let error = try store.refusal(of: lines, replaces: true)
      #expect(error?.message == "the prompt 'p2' is there already with another content")
      #expect(error?.place?.line == 2)
    }
    #expect(try store.head() == head)
    #expect(try store.importLines([other, other], replaces: true).report.retired == [.prompts: 1])
  }

  @Test("scores of different judges don't meet")
  func judges() throws {
    try store.importLines(Self.base)
    let (_, report) = try store.importLines(Self.base, judge: "other")
    #expect(report.added == [.scores: 3])
    #expect(try store.texts("SELECT judge FROM scores WHERE prompt_id = 'p2' ORDER BY judge") == ["other", "overall"])
  }

  @Test("a score that comes later is added to the response that is there")
  func lateScore() throws {
    try store.importLines([completionsLine("p", [completion("a")])])
    let (_, report) = try store.importLines([completionsLine("p", [completion("a", score: 2)])])
    #expect(report.added == [.scores: 1])
    #expect(try store.importLines([completionsLine("p", [completion("a")])]).commit == nil, "no score takes none away")
  }
}

// The pages that explain relations: complete, true to the store, and with examples that run.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct RelationPageTests {
  private static let versions = Relation.allCases.flatMap {
    [RelationPage.history(of: $0), RelationPage.diff(of: $0)]
  }

  /// A store with something in every relation, by two commits that each added some of everything.
  private static func makeFilled() throws -> PickedStore {
    let picked = try PickedStore()
    var generator = SeededGenerator(seed: 1)
    for step in 1...2 {
      try picked.commit { change in
        for number in 1...3 {
          let prompt = "p\(number * step)/\(step)"
          try change.addPrompt(prompt, "What?", source: "s")
          for model in ["a", "b", "c"].prefix(number) {
            try change.addResponse(prompt, model, "An answer of \(model)")
            try change.addScore(prompt, model, Double(number))
            if model != "b" { try change.addEstimate(prompt, model, [1, 0, 2]) }
          }
          guard number > 1 else { continue }
          try change.addSelection(prompt, "a", "b", method: "drts")
          try change.addLabel(prompt, chosen: "a", rejected: "b", method: "drts", batch: 1)
          try change.addLabel(prompt, chosen: number == 2 ? "a" : "b", rejected: number == 2 ? "b" : "a", judge: "ada")
        }
        let snapshot = ModelRow(
          relation: .snapshots, values: [.text(step == 1 ? "s" : "t"), .text("import"), .null])
        let others = [Relation.rewardHeads, .progress, .queries, .definitions].compactMap { relation -> ModelRow? in
          guard let row = generator.row(of: relation, in: ModelState()) else { return nil }
          // Keys are drawn from a few: others than those of the first commit are wanted.
          return ModelRow(relation: relation, values: [.text("\(relation) \(step)")] + row.values.dropFirst())
        }
        let embedding = ModelRow(
          relation: .embeddings,
          values: [.text("e"), .text("p\(step)/\(step)"), .text("a"), .integer(0), .text("f16"), .blob([0, 60])])
        for row in [snapshot, embedding] + others { try change.writer(row.relation).add(row) }
      }
    }
    try picked.writing().createRef(.tag, RefName("v1"), at: .head)
    return picked
  }

  @Test("Every example runs, and gives rows")
  func examples() throws {
    let store = try Self.makeFilled().reading()
    for page in RelationPage.all + Self.versions {
      #expect(!page.examples.isEmpty && page.example == page.examples.first, "\(page.name)")
      for example in page.examples {
        #expect(try !store.copies(example).isEmpty, "\(example)")
        #expect(example.contains(page.name) || example.contains("\(page.name)_history"), "\(example)")
      }
    }
    #expect(Set(RelationPage.examples.keys) == Set(RelationPage.all.map(\.name)))
  }

  @Test("Every relation has a page, and every page the columns that it really has")
  func columns() throws {
    let store = try Self.makeFilled().reading()
    #expect(
      RelationPage.all.map(\.name)
        == Relation.allCases.map(\.name) + DerivedViews.names + ["commits", "branches", "tags"])
    for page in RelationPage.all {
      let names = try store.query("SELECT * FROM \(page.name)") { $0.columns }
      #expect(page.columns.map(\.name) == names, "\(page.name)")
    }
    for relation in Relation.allCases {
      let history = try store.query("SELECT * FROM \(relation.name)_history") { $0.columns }
      #expect(RelationPage.history(of: relation).columns.map(\.name) == history)
      let sql = "SELECT *, from_revision, to_revision FROM \(relation.name)_diff('main')"
      let diff = try store.query(sql) { $0.columns }
      #expect(RelationPage.diff(of: relation).columns.map(\.name) == diff)
    }
  }

  @Test("Every relation and every column has a meaning")
  func meanings() throws {
    for page in RelationPage.all + Self.versions {
      #expect(page.summary.hasSuffix("."), "\(page.name): \(page.summary)")
      #expect(!page.summary.contains("--") && page.summary.count < 500)
      for column in page.columns {
        #expect(column.meaning.count >= 4, "\(page.name).\(column.name)")
        #expect(!column.meaning.contains("--") && !column.meaning.contains("  "), "\(page.name).\(column.name)")
        #expect(column.meaning.count < 420, "\(page.name).\(column.name)")
      }
    }
  }

  @Test("Types, keys and what may be NULL are those of the tables")
  func types() throws {
    let picked = try Self.makeFilled()
    let database = try RawDatabase(picked.path)
    for relation in Relation.allCases {
      let page = try #require(RelationPage.named(relation.name))
      #expect(page.kind == .versioned && page.key?.isEmpty == false, "\(relation)")
      let found = try database.rows("SELECT name, type, \"notnull\" FROM pragma_table_info('\(relation.table)')")
      for column in page.columns {
        let row: [StoredValue] = [
          .text(column.name), .text(column.type ?? ""), .integer(column.isOptional ? 0 : 1),
        ]
        #expect(found.contains(row), "\(relation): \(column)")
      }
    }
    #expect(RelationPage.named("labels")?.key == "prompt_id, the two responses in either order, judge")
  }

  @Test("What a column means is taken from where it says most of it")
  func comments() throws {
    func meaning(_ page: String, _ column: String) throws -> String? {
      RelationPage.named(page)?.columns.first { $0.name == column }?.meaning
    }
    #expect(RelationPage.named("responses")?.summary == "One model's answer to one prompt.")
    #expect(try meaning("responses", "model") == "whose response it is")
    #expect(try meaning("embeddings", "model") == "NULL: the vector of the prompt itself")
    #expect(try meaning("estimates", "lower") == "the lower bound of the reward")
    #expect(
      try meaning("estimates", "heads")
        == "the rewards of the ensemble's single heads, float32, little-endian, one after the other; NULL where they "
        + "are unknown")
    #expect(try meaning("labels_history", "judge") == meaning("labels", "judge"))
    #expect(try meaning("labels_diff", "model_1")?.isEmpty == false)
    #expect(RelationPage.named("LABELS_Diff")?.kind == .versions)
  }

  @Test(
    "A table or function that there isn't",
    arguments: [
      ("label", "did you mean labels?"), ("Leaderbord", "did you mean leaderboard?"),
      ("labels_histroy", "did you mean labels_history?"), ("", "the tables are prompts, responses, "),
      ("something else", "the tables are "), ("nearst", "did you mean nearest?"),
    ])
  func unknown(name: String, hint: String) {
    let error = #expect(throws: AufdbError.self) { try SchemaPage.named(name) }
    #expect(error?.kind == .refused && error?.message == "there is no table or function '\(name)'")
    #expect(error?.hint?.hasPrefix(hint) == true, "\(error?.hint ?? "")")
  }
}

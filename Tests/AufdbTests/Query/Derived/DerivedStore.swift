// A store for the tests of derived relations: random prompts, responses and labels by several judges, over some commits
// and on two branches.

import AufdbTestSupport

@testable import Aufdb

/// A filled store, and what its derived relations must be at a revision, computed from its other relations.
final class DerivedStore {
  private let picked: PickedStore
  private var generator: SeededGenerator
  let store: Store
  var path: String { picked.path }

  static let revisions: [Revision] = [.head, "main~1", "main~3", "side", "side~1"]

  private static let models = ["a", "b", "c", "d"]
  private static let judges = ["ada", "ben", "overall"]

  init(seed: UInt64) throws {
    picked = try PickedStore()
    generator = SeededGenerator(seed: seed)
    store = try picked.reading()
    try picked.commit { try addPrompts(to: $0) }
    for step in 0..<4 {
      try picked.commit { try relabel($0) }
      if step == 1 { try picked.branch("side") }
    }
    for _ in 0..<2 { try picked.commit(to: "side") { try relabel($0) } }
  }

  private func addPrompts(to change: Change) throws {
    for number in 0..<14 {
      let prompt = "p\(number)"
      try change.addPrompt(prompt, String(repeating: "é", count: number), source: number % 3 == 0 ? nil : "s")
      for model in Self.models.shuffled(using: &generator).prefix(number % 5) {
        for sample in 0...Int.random(in: 0...1, using: &generator) {
          let length = Int.random(in: 0...30, using: &generator)
          try change.addResponse(prompt, model, sample: sample, String(repeating: "ü", count: length))
          if Bool.random(using: &generator) {
            try change.addScore(prompt, model, sample: sample, Double.random(in: 0...9, using: &generator))
          }
          if Bool.random(using: &generator) {
            try change.addEstimate(prompt, sample == 0 ? model : "\(model)#\(sample)", [0, -1, 1])
          }
        }
      }
    }
  }

  /// Takes some labels and selections away, and adds others; a few name responses that aren't there.
  private func relabel(_ change: Change) throws {
    for relation in [Relation.labels, .selections] {
      for id in try change.connection.all("SELECT id FROM \(relation.name)", read: { $0.integer(0) })
      where Int.random(in: 0..<3, using: &generator) == 0 {
        try change.retire(relation, id)
      }
    }
    for _ in 0..<20 {
      let prompt = "p\(Int.random(in: 0..<14, using: &generator))"
      let names = Self.models.shuffled(using: &generator)
      let samples = (Int.random(in: 0...1, using: &generator), Int.random(in: 0...1, using: &generator))
      let second = samples.0 == samples.1 || Bool.random(using: &generator) ? names[1] : names[0]
      for judge in Self.judges.shuffled(using: &generator).dropFirst(Int.random(in: 0...1, using: &generator)) {
        let isTurned = Int.random(in: 0..<4, using: &generator) == 0
        try label(
          prompt, isTurned ? (second, names[0]) : (names[0], second), isTurned ? (samples.1, samples.0) : samples,
          by: judge, in: change)
      }
    }
    try change.addSelection("p9", "a", "b", batch: Int.random(in: 1...1_000_000, using: &generator))
  }

  /// Adds a judge's label, unless it has one on the pair.
  private func label(
    _ prompt: String, _ models: (String, String), _ samples: (Int, Int), by judge: String, in change: Change
  ) throws {
    let count = try change.connection.integer(
      """
      SELECT count(*) FROM labels WHERE prompt_id = ?1 AND judge = ?2 AND
        ((chosen_model, chosen_sample, rejected_model, rejected_sample) IN (VALUES (?3, ?4, ?5, ?6), (?5, ?6, ?3, ?4)))
      """, .text(prompt), .text(judge), .text(models.0), .integer(Int64(samples.0)), .text(models.1),
      .integer(Int64(samples.1)))
    guard count == 0 else { return }
    try change.addLabel(
      prompt, chosen: models.0, rejected: models.1, samples: samples, judge: judge,
      tie: Int.random(in: 0..<6, using: &generator) == 0, scores: judge == "ada" ? (4, 1.5) : (nil, nil),
      method: Bool.random(using: &generator) ? "random" : nil)
  }

  /// A query's rows at a revision.
  func rows(_ sql: String, at revision: Revision = .head) throws -> [[SQLValue]] { try store.copies(sql, at: revision) }
}

/// A label, and its prompt and responses by their keys.
struct DerivedContents {
  struct Label {
    var prompt: String
    var chosen: ResponseName
    var rejected: ResponseName
    var judge: String
    var isTie: Bool
    var scores: (Double?, Double?)
  }

  var labels: [Label]
  var lengths: [String: [ResponseName: Int]] = [:]
  var scores: [String: [ResponseName: Double]] = [:]

  init(_ store: DerivedStore, at revision: Revision) throws {
    labels = try store.rows(
      """
      SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, chosen_score,
        rejected_score FROM labels
      """, at: revision
    ).map { row in
      Label(
        prompt: row[0].string, chosen: ResponseName(row[1], row[2]), rejected: ResponseName(row[3], row[4]),
        judge: row[5].string, isTie: row[6] == .integer(1), scores: (row[7].double, row[8].double))
    }
    for row in try store.rows("SELECT prompt_id, model, sample, response FROM responses", at: revision) {
      lengths[row[0].string, default: [:]][ResponseName(row[1], row[2])] = row[3].string.unicodeScalars.count
    }
    for row in try store.rows("SELECT prompt_id, model, sample, judge, score FROM scores", at: revision) {
      scores[row[0].string + "/" + row[3].string, default: [:]][ResponseName(row[1], row[2])] = row[4].double
    }
  }

  func scores(_ label: Label) -> (chosen: Double?, rejected: Double?) {
    let given = scores[label.prompt + "/" + label.judge] ?? [:]
    return (label.scores.0 ?? given[label.chosen], label.scores.1 ?? given[label.rejected])
  }

  func lengthGap(_ label: Label) -> Int? {
    guard let chosen = lengths[label.prompt]?[label.chosen], let rejected = lengths[label.prompt]?[label.rejected]
    else { return nil }
    return chosen - rejected
  }
}

extension ResponseName {
  fileprivate init(_ model: SQLValue, _ sample: SQLValue) {
    self.init(model: model.string, sample: sample.double.map { Int($0) } ?? 0)
  }
}

extension SQLValue {
  var string: String { if case .text(let text) = self { text } else { "" } }
  /// A number; nil for NULL and what is none.
  var double: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .real(let real): real
    default: nil
    }
  }

  static func optional(_ real: Double?) -> SQLValue { real.map(SQLValue.real) ?? .null }

  /// Whether it is the same, or a real number that differs by its rounding errors.
  func isNear(_ other: SQLValue) -> Bool {
    guard case .real(let one) = self, case .real(let another) = other else { return self == other }
    return abs(one - another) <= 1e-9 * max(1, abs(one))
  }
}

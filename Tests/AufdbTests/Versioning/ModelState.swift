// What a revision should see, as plain sets of rows; and random changes to it that keep every reference whole.

import AufdbTestSupport

@testable import Aufdb

/// The rows of all relations, by natural key.
struct ModelState: Equatable, Sendable {
  private(set) var rows: [Relation: [String: ModelRow]] = [:]

  var all: [ModelRow] { Relation.allCases.flatMap { (rows[$0] ?? [:]).values } }

  func rows(of relation: Relation) -> Dictionary<String, ModelRow>.Values { (rows[relation] ?? [:]).values }

  func row(_ relation: Relation, _ key: String) -> ModelRow? { rows[relation]?[key] }

  mutating func apply(_ change: ModelChange) {
    for row in change.retired { rows[row.relation]?[row.key] = nil }
    for row in change.added { rows[row.relation, default: [:]][row.key] = row }
  }

  /// Whether another row refers to this one, which therefore can't go.
  func isReferred(_ row: ModelRow) -> Bool {
    let name = row.values
    switch row.relation {
    case .prompts:
      return rows(of: .responses).contains { $0.values[0] == name[0] }
        || rows(of: .embeddings).contains { $0.values[1] == name[0] }
    case .responses:
      return rows(of: .scores).contains { $0.values[..<3] == name[..<3] }
        || [.estimates, .embeddings].contains { rows(of: $0).contains { $0.values[1..<4] == name[..<3] } }
        || [.selections, .labels].contains { rows(of: $0).contains { isOneOf($0, name) } }
    case .snapshots: return rows(of: .estimates).contains { $0.values[0] == name[0] }
    default: return false
    }
  }

  /// Whether a response is one of the two of a pair.
  private func isOneOf(_ pair: ModelRow, _ name: [StoredValue]) -> Bool {
    pair.values[0] == name[0] && (pair.values[1..<3] == name[1..<3] || pair.values[3..<5] == name[1..<3])
  }
}

/// What one commit does: no row stands in both lists.
struct ModelChange: Equatable, Sendable {
  var retired: [ModelRow] = []
  var added: [ModelRow] = []

  /// The relations that it changes, in order of their codes.
  var relations: [Relation] {
    Relation.allCases.filter { relation in (retired + added).contains { $0.relation == relation } }
  }
}

extension SeededGenerator {
  /// A change of up to `count` rows: additions, replacements and removals.
  ///
  /// - Parameter format: late columns have values now and then from the format on that has them, and later formats have more
  ///   relations.
  mutating func change(of state: ModelState, count: Int, format: Int = 6) -> ModelChange {
    let relations = AddedObjects.relations(ofFormat: format)
    var (change, state) = (ModelChange(), state)
    var touched: Set<String> = []
    for _ in 0..<count * 4 where touched.count < count {
      guard var new = row(of: relations.randomElement(using: &self) ?? .prompts, in: state),
        touched.insert("\(new.relation) \(new.key)").inserted
      else { continue }
      if !AddedObjects.lateColumns(of: new.relation, inFormat: format).isEmpty { new = withLateValue(new, in: state) }
      var step = ModelChange(added: [new])
      if let old = state.row(new.relation, new.key) {
        guard old != new else { continue }
        step.retired = [old]
        if !state.isReferred(old), next() % 2 == 0 { step.added = [] }
      }
      state.apply(step)
      change.retired += step.retired
      change.added += step.added
    }
    return change
  }

  /// A row with a key from a small set, referring to what is there; nil where nothing is there to refer to.
  mutating func row(of relation: Relation, in state: ModelState) -> ModelRow? {
    switch relation {
    case .prompts:
      return ModelRow(relation: relation, values: [name("p", 6), text(), awkward(), .text("text"), text()])
    case .responses:
      guard let prompt = any(.prompts, in: state) else { return nil }
      return ModelRow(
        relation: relation,
        values: [prompt.values[0], name("m", 3), .integer(Int64(next() % 2)), awkward(), text(), text(), text()])
    case .snapshots: return ModelRow(relation: relation, values: [name("s", 3), .text("import"), text()])
    case .embeddings:
      return any(.prompts, in: state).map { embedding($0, of: next() % 2 == 0 ? any(.responses, in: state) : nil) }
    case .scores:
      guard let one = any(.responses, in: state) else { return nil }
      return ModelRow(relation: relation, values: one.values[..<3] + [name("j", 2), real(), text(), text()])
    case .estimates:
      guard let one = any(.responses, in: state), let snapshot = any(.snapshots, in: state) else { return nil }
      let reward = Double(Int(next() % 100)) / 8
      let numbers = [StoredValue.real(reward), .real(reward - 1), .real(reward + 0.5)]
      return ModelRow(relation: relation, values: [snapshot.values[0]] + one.values[..<3] + numbers + [.null])
    case .selections, .labels:
      guard let one = any(.responses, in: state) else { return nil }
      return any(.responses, in: state) { $0.values[0] == one.values[0] && $0.key != one.key }
        .map { pair(relation, one, $0) }
    case .rewardHeads:
      let state = (0..<Int(next() % 200)).map { _ in UInt8.random(in: 0...255, using: &self) }
      let names = [name("h", 3), .text("linear"), name("e", 2)]
      return ModelRow(relation: relation, values: names + [.text(#"{"seed":7}"#), .blob(state)])
    case .progress: return iteration()
    case .queries: return ModelRow(relation: relation, values: [name("q", 3), awkward(), text()])
    case .definitions:
      let kind = StoredValue.text(next() % 2 == 0 ? "model" : "encoder")
      let key = [kind, name("d", 2), .integer(1 + Int64(next() % 2))]
      return ModelRow(relation: relation, values: key + [.text(#"{"model":"d"}"#), awkward()])
    }
  }

  private mutating func any(
    _ relation: Relation, in state: ModelState, where isWanted: (ModelRow) -> Bool = { _ in true }
  ) -> ModelRow? {
    // In an order that doesn't depend on hashing, which differs from run to run.
    state.rows(of: relation).filter(isWanted).sorted { $0.key < $1.key }.randomElement(using: &self)
  }

  private mutating func embedding(_ prompt: ModelRow, of response: ModelRow?) -> ModelRow {
    let name = response.map { Array($0.values[..<3]) } ?? [prompt.values[0], .null, .integer(0)]
    let vector = (0..<Int.random(in: 0...40, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    return ModelRow(relation: .embeddings, values: [self.name("e", 2)] + name + [.text("f16"), .blob(vector)])
  }

  private mutating func pair(_ relation: Relation, _ one: ModelRow, _ other: ModelRow) -> ModelRow {
    let names = one.values[..<3] + other.values[1..<3]
    if relation == .labels {
      let tie = StoredValue.integer(Int64(next() % 2))
      return ModelRow(relation: relation, values: names + [name("j", 2), tie, real(), real(), text(), .null, .null])
    }
    let seed = StoredValue.integer(Int64(bitPattern: next()))
    return ModelRow(
      relation: relation,
      values: names + [name("k", 2), .integer(1 + Int64(next() % 2)), .null, seed, .text("{}"), .null])
  }

  private mutating func iteration() -> ModelRow {
    let counts = (0..<3).map { _ in StoredValue.integer(Int64(next() % 90)) }
    var values = [name("r", 2), .integer(1 + Int64(next() % 3)), name("k", 2), .integer(1), text(), text()] + counts
    for column in Relation.progress.columns.dropFirst(values.count) {
      values.append(column.hasSuffix("_count") ? (next() % 3 == 0 ? .null : .integer(Int64(next() % 90))) : real())
    }
    return ModelRow(relation: .progress, values: values)
  }

  /// The row with a value in its late column, if it has one and chance will; at times the row that the state has under
  /// its key, so that nothing else differs.
  private mutating func withLateValue(_ row: ModelRow, in state: ModelState) -> ModelRow {
    guard ModelRow.lateCount(row.relation) == 1 else { return row }
    let old = next() % 2 == 0 ? state.row(row.relation, row.key) : nil
    let late: StoredValue
    if row.relation == .estimates {
      let count = Int(next() % 4)
      late = count == 0 ? .null : .blob((0..<4 * count).map { _ in UInt8.random(in: 0...255, using: &self) })
    } else {
      late = text()
    }
    return ModelRow(relation: row.relation, values: (old ?? row).values.dropLast() + [late])
  }

  private mutating func name(_ letter: String, _ count: UInt64) -> StoredValue { .text("\(letter)\(next() % count)") }

  private mutating func text() -> StoredValue { next() % 3 == 0 ? .null : .text(string(length: 12)) }

  /// Text with what needs care in it: NUL, and bytes that aren't UTF-8.
  private mutating func awkward() -> StoredValue {
    next() % 4 == 0 ? .text([0x61, 0x00, 0xC3, 0x28, UInt8(next() % 256)]) : .text(string(length: 60))
  }

  /// NULL, a fraction, or a whole number, which SQLite keeps in another way.
  private mutating func real() -> StoredValue {
    switch next() % 4 {
    case 0: .null
    case 1: .real(Double(Int64(next() % 10)))
    case 2: .real(Double(bitPattern: 0x3FF0_0000_0000_0000 | next() >> 12) - 1.5)
    default: .real(1e300)
    }
  }
}

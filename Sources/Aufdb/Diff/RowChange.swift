// One row that differs between two revisions, and the natural key that it is known by.

/// How a row differs between two revisions: by natural key, whatever versions of it there were between them.
public struct RowChange: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case added, removed, modified
  }

  public var relation: Relation
  /// The values of `relation.keyColumns`, in that order.
  public var key: [SQLValue]
  /// The row as the first revision sees it, in order of `relation.columns`; nil where it was added.
  public var old: [SQLValue]?
  /// The row as the second revision sees it; nil where it was removed.
  public var new: [SQLValue]?

  /// - Parameters: old, new: at least one of them; of one relation and one key.
  public init(_ relation: Relation, old: [SQLValue]?, new: [SQLValue]?) {
    self.relation = relation
    key = relation.key(of: new ?? old ?? [])
    self.old = old
    self.new = new
  }

  public var kind: Kind { old == nil ? .added : new == nil ? .removed : .modified }

  /// The columns whose values differ, as places in `relation.columns`; all of them for a row that was added or removed.
  public var changedColumns: [Int] {
    guard let old, let new else { return Array(relation.columns.indices) }
    return relation.columns.indices.filter { old[$0] != new[$0] }
  }

  /// The same difference seen the other way around.
  public var inverse: RowChange { RowChange(relation, old: new, new: old) }
}

extension Relation {
  /// The names of the natural key's parts. The pair of a selection or a label is unordered there: its two responses
  /// stand in sorted order, as `model_1, sample_1, model_2, sample_2`.
  public var keyColumns: [String] {
    let pair = ["model_1", "sample_1", "model_2", "sample_2"]
    return switch self {
    case .prompts: ["prompt_id"]
    case .responses: ["prompt_id", "model", "sample"]
    case .embeddings: ["encoder", "prompt_id", "model", "sample"]
    case .scores: ["prompt_id", "model", "sample", "judge"]
    case .snapshots: ["snapshot"]
    case .estimates: ["snapshot", "prompt_id", "model", "sample"]
    case .selections: ["prompt_id"] + pair + ["method", "batch"]
    case .labels: ["prompt_id"] + pair + ["judge"]
    case .rewardHeads: ["head"]
    case .progress: ["run", "iteration"]
    case .queries: ["name"]
    case .definitions: ["kind", "name", "version"]
    }
  }

  /// The natural key of a row, whose values stand in order of `columns`: what `keyExpressions` gives in SQL.
  public func key(of row: [SQLValue]) -> [SQLValue] {
    func value(_ column: String) -> SQLValue { columns.firstIndex(of: column).map { row[$0] } ?? .null }
    let pair: (String, String)
    switch self {
    case .selections: pair = ("first", "second")
    case .labels: pair = ("chosen", "rejected")
    default: return keyColumns.map(value)
    }
    let one = [value("\(pair.0)_model"), value("\(pair.0)_sample")]
    let other = [value("\(pair.1)_model"), value("\(pair.1)_sample")]
    let isSorted = !SQLValue.precedes(other, one)
    let rest = keyColumns.dropFirst(5).map(value)
    return [value("prompt_id")] + (isSorted ? one + other : other + one) + rest
  }
}

extension SQLValue {
  /// SQLite's order: NULL, numbers, texts by their bytes, blobs (https://sqlite.org/datatype3.html, section 4.1).
  static func precedes(_ one: SQLValue, _ other: SQLValue) -> Bool {
    switch (one, other) {
    case (.integer(let a), .integer(let b)): a < b
    case (.real(let a), .real(let b)): a < b
    case (.integer(let a), .real(let b)): Double(a) < b
    case (.real(let a), .integer(let b)): a < Double(b)
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.blob(let a), .blob(let b)): a.lexicographicallyPrecedes(b)
    default: one.classOrder < other.classOrder
    }
  }

  /// The same, of rows of values: the first that differ decide.
  static func precedes(_ one: [SQLValue], _ other: [SQLValue]) -> Bool {
    for (a, b) in zip(one, other) {
      if precedes(a, b) { return true }
      if precedes(b, a) { return false }
    }
    return one.count < other.count
  }

  private var classOrder: Int {
    switch self {
    case .null: 0
    case .integer, .real: 1
    case .text: 2
    case .blob: 3
    }
  }
}

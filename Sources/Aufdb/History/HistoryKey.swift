// The natural keys whose history is asked for: one key, or all that begin alike.

import AufdbAcquisition

/// The first parts of a natural key, in order of `Relation.keyColumns`, and SQL that finds the rows that have them.
///
/// The two responses of a selection or label may come in either order.
struct HistoryKey {
  let relation: Relation
  let parts: [SQLValue]

  /// - Throws: `.usage` for no parts, or more than the key has.
  init(_ relation: Relation, _ parts: [SQLValue]) throws(AufdbError) {
    self.relation = relation
    self.parts = parts
    guard !parts.isEmpty, parts.count <= relation.keyColumns.count else {
      throw AufdbError(
        .usage, parts.isEmpty ? "no key is given" : "a key of \(relation.name) doesn't have \(parts.count) parts",
        hint: relation.keyHint)
    }
  }

  /// A condition over the relation's table t, whose parameters are the parts.
  ///
  /// The columns of the relation's index stand bare in it, so that SQLite goes through the index.
  var condition: String {
    let columns = relation.keyColumns.prefix(parts.count)
    guard let (one, other) = relation.pairColumns else { return Self.equal(columns, from: 1) }
    var conditions = [Self.equal(columns.prefix(1), from: 1)]
    let pair = min(4, parts.count - 1)
    if pair > 0 {
      let orders = [(one + other).prefix(pair), (other + one).prefix(pair)].map { Self.equal($0, from: 2) }
      conditions.append("(\(orders.joined(separator: " OR ")))")
    }
    if columns.count > 5 { conditions.append(Self.equal(columns.dropFirst(5), from: 6)) }
    return conditions.joined(separator: " AND ")
  }

  /// IS, because the model of a prompt's own embedding is NULL.
  private static func equal(_ columns: ArraySlice<String>, from first: Int) -> String {
    columns.enumerated().map { "t.\($1) IS ?\(first + $0)" }.joined(separator: " AND ")
  }

  /// Fills the parameters of `condition`.
  func bind(to statement: SQLStatement) {
    for (index, part) in parts.enumerated() { statement.bind(Int32(index + 1), part) }
  }
}

extension Relation {
  /// Finds a relation by its name.
  ///
  /// - Throws: `.refused` for a name that isn't one, with what was probably meant.
  public static func named(_ name: String) throws(AufdbError) -> Relation {
    if let relation = Relation(name: name) { return relation }
    let known = allCases.map(\.name)
    throw AufdbError(
      .refused, "there is no table '\(name)'",
      hint: known.nearest(to: name).map { "did you mean \($0)?" } ?? "the tables are \(known.joined(separator: ", "))")
  }

  /// Reads the first parts of a natural key as people write them: the numbers in decimal digits, and an empty text for
  /// the model of a prompt's own embedding, which is NULL.
  ///
  /// - Throws: `.usage` for too many parts, or a word where a number belongs.
  public func key(reading texts: [String]) throws(AufdbError) -> [SQLValue] {
    let parts = try zip(keyColumns, texts).map { column, text throws(AufdbError) -> SQLValue in
      if self == .embeddings, column == "model", text.isEmpty { return .null }
      let isNumber = column.hasPrefix("sample") || ["batch", "iteration", "version"].contains(column)
      guard isNumber else { return .text(text) }
      guard let number = Int64(text) else {
        throw AufdbError(.usage, "'\(text)' is not a number, as \(column) is", hint: keyHint)
      }
      return .integer(number)
    }
    // What is beyond the key has no column to be read by.
    let surplus = texts.dropFirst(parts.count).map { SQLValue.text($0) }
    return try HistoryKey(self, parts + surplus).parts
  }

  fileprivate var keyHint: String {
    "a key of \(name) is \(keyColumns.map { $0.uppercased() }.joined(separator: " ")), or the first of these"
  }

  /// The columns that name the two responses of a pair.
  fileprivate var pairColumns: (one: [String], other: [String])? {
    switch self {
    case .selections: (["first_model", "first_sample"], ["second_model", "second_sample"])
    case .labels: (["chosen_model", "chosen_sample"], ["rejected_model", "rejected_sample"])
    default: nil
    }
  }
}

// Three versions of each row: what two sides made of one base, by natural key.
//
// Only the keys that both sides changed need a decision, and finding them costs what changed: each side's differences
// from the base go into a TEMP table, and a join by key gives those that stand in both.

/// The rows that each of two sides changed against a base, side by side.
struct ThreeWay {
  let connection: Connection
  private let ours: Difference
  private let theirs: Difference

  /// - Parameters: ours, theirs: from the same base, each to its side.
  init(ours: Difference, theirs: Difference) {
    connection = ours.connection
    self.ours = ours
    self.theirs = theirs
  }

  /// The relations that both sides may have changed; with `ofTheirs`, all that their side may have.
  func relations(ofTheirs: Bool = false) throws -> [Relation] {
    let (ours, theirs) = try (Set(ours.relations()), theirs.relations())
    return ofTheirs ? theirs : theirs.filter { ours.contains($0) }
  }

  /// Lends the rows of one relation that their side changed, each beside what our side made of it.
  ///
  /// - Parameters:
  ///   - onlyShared: leaves out the rows that our side didn't touch.
  ///   - body: also gets the values of the relation's key expressions.
  func forEach(
    _ relation: Relation, onlyShared: Bool, _ body: (borrowing ThreeVersions, _ key: [SQLValue]) throws -> Void
  ) throws {
    for (name, difference) in [("ours", ours), ("theirs", theirs)] {
      try connection.executeScript(
        """
        DROP TABLE IF EXISTS temp.\(name)_changed;
        CREATE TEMP TABLE \(name)_changed AS \(difference.placesSQL(relation));
        """)
    }
    let keys = relation.keyExpressions.indices.map { "k\($0)" }
    try connection.executeScript("CREATE INDEX temp.ours_key ON ours_changed (\(keys.joined(separator: ", ")))")
    let on = keys.map { "o.\($0) IS t.\($0)" }.joined(separator: " AND ")
    let places = try connection.statement(
      """
      SELECT o.rowid IS NOT NULL, o.old_place, o.new_place, t.old_place, t.new_place,
        \(keys.map { "t.\($0)" }.joined(separator: ", "))
      FROM temp.theirs_changed AS t \(onlyShared ? "" : "LEFT ")JOIN temp.ours_changed AS o ON \(on) ORDER BY t.rowid
      """)
    var rows = ThreeVersions(
      base: try RowReader(relation, in: connection), ours: try RowReader(relation, in: connection),
      theirs: try RowReader(relation, in: connection))
    func place(_ column: Int32) -> Int64? { places.isNull(column) ? nil : places.integer(column) }
    while try places.step() {
      let isShared = places.integer(0) != 0
      let base = place(3) ?? place(1)
      try rows.base.read(base)
      // What they changed and we didn't is with us as it was.
      try rows.ours.read(isShared ? place(2) : base)
      try rows.theirs.read(place(4))
      rows.isOursChanged = isShared && !rows.ours.isEqual(to: rows.base)
      try body(rows, keys.indices.map { places.value(Int32($0) + 5) })
    }
  }
}

/// One row as the base, our side and their side have it; each may have none.
struct ThreeVersions: ~Copyable {
  let base: RowReader
  let ours: RowReader
  let theirs: RowReader
  fileprivate(set) var isOursChanged = false

  fileprivate init(base: RowReader, ours: RowReader, theirs: RowReader) {
    self.base = base
    self.ours = ours
    self.theirs = theirs
  }

  /// What becomes of the row.
  enum Decision {
    case same, ours, theirs, conflict
  }

  /// The row of whichever side changed it; of both only if they made the same of it.
  var decision: Decision {
    if ours.isEqual(to: theirs) { return .same }
    if !isOursChanged { return .theirs }
    return theirs.isEqual(to: base) ? .ours : .conflict
  }
}

/// A row that two sides can't both have as they want it.
public struct MergeConflict: Sendable, Equatable {
  public var relation: Relation
  /// The values of `relation.keyColumns`.
  public var key: [SQLValue]
  /// The row before the two went apart, as we have it, and as they have it; nil where there is none.
  public var base: [SQLValue]?
  public var ours: [SQLValue]?
  public var theirs: [SQLValue]?
  /// Whether the row itself is in no dispute, but refers to something that one of the two sides removed.
  public var isDangling = false

  init(_ relation: Relation, _ rows: borrowing ThreeVersions) {
    self.init(relation, base: rows.base.values, ours: rows.ours.values, theirs: rows.theirs.values)
  }

  init(_ relation: Relation, base: [SQLValue]?, ours: [SQLValue]?, theirs: [SQLValue]?) {
    self.relation = relation
    key = relation.key(of: ours ?? theirs ?? base ?? [])
    self.base = base
    self.ours = ours
    self.theirs = theirs
  }
}

extension MergeConflict {
  /// The columns in which the two sides differ; none where one of them has no row.
  public var differingColumns: [String] {
    guard let ours, let theirs else { return [] }
    return zip(relation.columns, zip(ours, theirs)).compactMap { $1.0 == $1.1 ? nil : $0 }
  }
}

/// Which side is right where two can't both be.
public enum MergeSide: String, Sendable, CaseIterable {
  case ours, theirs
}

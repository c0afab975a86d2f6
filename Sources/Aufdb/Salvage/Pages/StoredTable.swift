// What rows the tables of a store may hold: by this a page is known whose place in a tree is lost, and a row that a
// damaged page made of nothing is told from one that was there.

import GRDBSQLite

/// A table of the schema, as its rows stand in the file.
struct StoredTable {
  let name: String
  /// The shape of each column; nil for one that holds anything.
  let columns: [ColumnShape?]
  /// How many columns a row has at least: what came late may be missing at its end.
  let leastCount: Int
  /// Whether a row's number is its first column, which is NULL in the record; otherwise rows stand in an index.
  let hasRowID: Bool
  /// Where its tree begins in a store whose schema was never changed.
  let usualRoot: Int

  /// What its rows are called in the scratch database: no table there can have the name of an index of SQLite's own.
  var scratchName: String { name == Self.commitIDs ? "commit_id" : name == Self.births ? "birth" : name }

  /// Whether it is one of the two indices.
  var isIndex: Bool { name == Self.commitIDs || name == Self.births }

  /// Whether no index has entries like its rows, so that they tell the table.
  var isUnmistakable: Bool { ["commit_change", "retirement", "ref", "answer"].contains(name) }

  /// Whether a record can be one of its rows.
  func suits(_ record: StoredRecord) -> Bool {
    guard (leastCount...columns.count).contains(record.values.count) else { return false }
    return zip(record.values, columns).enumerated().allSatisfy { index, pair in
      let (kind, column) = (pair.0.kind, pair.1)
      guard index > 0 || !hasRowID else { return kind == .null }
      guard let column else { return true }
      guard kind != .null else { return column.isOptional }
      // A whole number takes less room as an integer, and SQLite makes a real of it again.
      return kind == column.kind || (kind == .integer && column.kind == .real)
    }
  }

  /// What is worth salvaging, as an empty store has it: history, names, rows and kept answers; all else follows from
  /// these. And two indices, which know the ids of commits and where their rows begin a second time.
  static func all(in fresh: Connection) throws -> [StoredTable] {
    let names = ["commit_log", "commit_parent", "commit_change", "retirement", "ref", "setting", "answer"]
    let tables = try (names + Relation.allCases.map(\.table)).map { name in
      let late = Relation.allCases.first { $0.table == name }?.lateColumns.count ?? 0
      return try StoredTable(table: name, lateCount: late, in: fresh)
    }
    let integer = ColumnShape(kind: .integer, isOptional: false)
    return try tables + [
      StoredTable(index: commitIDs, [ColumnShape(kind: .blob, isOptional: false), integer], in: fresh),
      StoredTable(index: births, [integer, integer, integer], in: fresh),
    ]
  }

  /// The index of commit_log by id: id, seq.
  static let commitIDs = "sqlite_autoindex_commit_log_1"
  /// The index of commit_change by what was born: relation, first_id, commit_seq.
  static let births = "commit_change_born"

  private init(table name: String, lateCount: Int, in fresh: Connection) throws {
    let kinds: [String: BundleRow.Kind] = ["INTEGER": .integer, "REAL": .real, "TEXT": .text, "BLOB": .blob]
    self.name = name
    columns = try fresh.all("SELECT type, \"notnull\", pk FROM pragma_table_info('\(name)')") { row in
      kinds[row.string(0)].map { ColumnShape(kind: $0, isOptional: row.integer(1) == 0 && row.integer(2) == 0) }
    }
    leastCount = columns.count - lateCount
    hasRowID =
      try fresh.integer("SELECT count(*) FROM sqlite_schema WHERE name = ?1 AND sql LIKE '%WITHOUT ROWID'", .text(name))
      == 0
    usualRoot = try Self.root(of: name, in: fresh)
  }

  private init(index name: String, _ columns: [ColumnShape], in fresh: Connection) throws {
    (self.name, self.columns, leastCount, hasRowID) = (name, columns, columns.count, false)
    usualRoot = try Self.root(of: name, in: fresh)
  }

  private static func root(of name: String, in fresh: Connection) throws -> Int {
    Int(try fresh.integer("SELECT rootpage FROM sqlite_schema WHERE name = ?1", .text(name)))
  }
}

// Putting texts into an index.

/// How far making an index has come.
public struct SearchProgress: Sendable {
  /// Row versions looked at, of how many.
  public var doneCount: Int
  public var count: Int
  /// Bytes of their texts so far.
  public var textBytes: Int
}

extension SearchIndex {
  /// Adds what some commits bore, and notes their runs. Inside a transaction.
  ///
  /// - Parameter progress: is told of every so many row versions.
  /// - Complexity: linear in the texts that are added; FTS5's merging adds a logarithm of the index's size.
  func add(_ runs: [IndexedRun], from store: Connection, progress: (SearchProgress) throws -> Void) throws {
    var report = SearchProgress(doneCount: 0, count: runs.reduce(0) { $0 &+ $1.count }, textBytes: 0)
    var text = SearchableText()
    let note = try using {
      try connection.statement("INSERT INTO indexed_run VALUES (?1, ?2, ?3, ?4, ?5)")
    }
    // Kind by kind, and within one by ascending id: FTS5 writes its hash table out whenever a rowid isn't the largest.
    for kind in SearchKind.allCases {
      let rows = try store.statement(Self.textsSQL(kind))
      let insert = try using {
        try connection.statement("INSERT INTO word (rowid, \(kind.column)) VALUES (?1, ?2)")
      }
      for run in runs.filter({ $0.kind == kind }).sorted(by: { $0.firstID < $1.firstID }) {
        try rows.forEach(.integer(run.firstID), .integer(run.lastID)) { row in
          let stored = row.text(1)
          try text.withSpacedText(stored, isMessages: row.integer(2) != 0) { text in
            try using {
              insert.bind(1, kind.number(ofID: row.integer(0)))
              insert.bind(2, unownedText: text)
              defer { insert.reset() }
              while try insert.step() {}
            }
          }
          report.doneCount += 1
          report.textBytes += stored.count
          if report.doneCount % 256 == 0 { try progress(report) }
        }
        try using {
          try note.run(
            .blob(run.commitID), .integer(Int64(kind.relation.rawValue)), .integer(run.firstID), .integer(run.lastID),
            run.keptDigest.map(SQLValue.blob) ?? .null)
        }
      }
    }
    try progress(report)
  }

  /// The row versions with ids from ?1 to ?2, by id: id, text, whether it is a list of messages.
  private static func textsSQL(_ kind: SearchKind) -> String {
    let isMessages = kind == .prompts ? "format = 'messages'" : "0"
    let (column, table) = (kind.column, "main.\(kind.relation.table)")
    // SQLite merges the two as it reads them by place and by past_id.
    return """
      SELECT place AS id, \(column), \(isMessages) FROM \(table) WHERE place BETWEEN ?1 AND ?2
      UNION ALL
      SELECT past_id, \(column), \(isMessages) FROM \(table) WHERE past_id BETWEEN ?1 AND ?2
      ORDER BY id
      """
  }
}

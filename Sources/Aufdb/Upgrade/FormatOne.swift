// Format 1, and how it becomes today's.
//
// In format 1 a relation X had two tables: X_live, the row versions that the tip of at least one branch saw, and
// X_past, the others, with retired_by: the commit with which the last tip lost sight of them. Both had the row's id as
// their key. All branches took their ids from one sequence, relation.next_id, and `retirement` told every retirement
// there was.
//
// Now a live row's place is its id. Past rows take places in the order of the commits that made them past, so each
// commit's are one run. Of `retirement` only what the rows don't tell themselves stays: who retired a row that is live
// still, or retired it as well. All ids so far are lane 0's, which one branch goes on with; each of the others gets a
// lane of its own.

/// The upgrade of one store in format 1, inside a write transaction.
struct FormatOne {
  let connection: Connection

  private static let relations = AddedObjects.relations(ofFormat: 1)
  private static let tables =
    [
      "commit_log", "commit_parent", "relation", "commit_change", "retirement", "ref", "setting", "head_run",
      "head_commit",
    ] + relations.flatMap { ["\($0.name)_live", "\($0.name)_past"] }
  private static let views = relations.map(\.name) + ["commits", "branches", "tags"]
  private static let indexes =
    ["retirement_row", "retirement_in_live"]
    + relations.flatMap { ["\($0.name)_live_key", "\($0.name)_past_key"] }

  /// What an old table is called while both are there.
  private func old(_ table: String) -> String { "main.format1_\(table)" }

  /// Makes the tables, indexes and views of today's schema out of the old ones.
  func upgrade() throws {
    let types = [("table", Self.tables), ("view", Self.views), ("index", Self.indexes)]
    try connection.requireObjects(
      Dictionary(uniqueKeysWithValues: types.flatMap { type, names in names.map { ($0, type) } }))
    for view in Self.views { try connection.execute("DROP VIEW main.\(view)") }
    for index in Self.indexes { try connection.execute("DROP INDEX main.\(index)") }
    for table in Self.tables { try connection.execute("ALTER TABLE main.\(table) RENAME TO format1_\(table)") }
    let schema = try Schema.objects().values.sorted()
    for sql in schema where sql.hasPrefix("CREATE TABLE") { try connection.execute(sql) }
    try copyHistory()
    for relation in Self.relations {
      try copyRows(relation)
      try copyRetirements(relation)
      for table in ["\(relation.name)_live", "\(relation.name)_past"] {
        try connection.execute("DROP TABLE \(old(table))")
      }
    }
    try copyRelationsAndRefs()
    try AddedObjects(connection: connection, format: 1).addCodes()
    for table in Self.tables where Self.relations.allSatisfy({ !table.hasPrefix("\($0.name)_") }) {
      try connection.execute("DROP TABLE \(old(table))")
    }
    for sql in schema where !sql.isEmpty && !sql.hasPrefix("CREATE TABLE") { try connection.execute(sql) }
    try connection.refreshHeadViews()
  }

  private func copyHistory() throws {
    try connection.executeScript(
      """
      INSERT INTO commit_log SELECT seq, id, author, time, message, operation, change_digest, 0
        FROM \(old("commit_log")) ORDER BY seq;
      INSERT INTO commit_parent SELECT commit_seq, position, parent_seq FROM \(old("commit_parent"));
      INSERT INTO commit_change
        SELECT commit_seq, relation, first_id, last_id, added, NULL, NULL, retired, NULL, NULL
        FROM \(old("commit_change"));
      """)
  }

  private func copyRows(_ relation: Relation) throws {
    let (live, past) = (old("\(relation.name)_live"), old("\(relation.name)_past"))
    let columns = relation.firstColumnList
    let pastColumns = relation.firstColumns.map { "p.\($0)" }.joined(separator: ", ")
    // Past rows come first, as they do in the table. Their order is found without their texts.
    try connection.executeScript(
      """
      CREATE TEMP TABLE upgraded_past (place INTEGER PRIMARY KEY, id INTEGER NOT NULL);
      INSERT INTO upgraded_past
        SELECT \(Relation.firstPast - 1) + row_number() OVER (ORDER BY retired_by, id), id FROM \(past);
      INSERT INTO main.\(relation.table) (place, past_id, retired_by, \(columns))
        SELECT u.place, p.id, p.retired_by, \(pastColumns)
        FROM upgraded_past AS u CROSS JOIN \(past) AS p ON p.id = u.id ORDER BY u.place;
      DROP TABLE upgraded_past;
      INSERT INTO main.\(relation.table) (place, \(columns)) SELECT id, \(columns) FROM \(live) ORDER BY id;
      """)
    let runs = try connection.statement(
      "SELECT retired_by, min(place), max(place) FROM main.\(relation.table) WHERE place < 0 GROUP BY retired_by")
    let note = try connection.statement(
      "UPDATE commit_change SET first_past = ?3, last_past = ?4 WHERE commit_seq = ?1 AND relation = ?2")
    while try runs.step() {
      try note.run(
        .integer(runs.integer(0)), .integer(Int64(relation.rawValue)), .integer(runs.integer(1)),
        .integer(runs.integer(2)))
    }
  }

  private func copyRetirements(_ relation: Relation) throws {
    try connection.execute(
      """
      INSERT INTO retirement SELECT r.commit_seq, r.relation, r.row_id, r.in_live
      FROM \(old("retirement")) AS r LEFT JOIN \(old("\(relation.name)_past")) AS p ON p.id = r.row_id
      WHERE r.relation = ?1 AND p.retired_by IS NOT r.commit_seq
      """, .integer(Int64(relation.rawValue)))
  }

  private func copyRelationsAndRefs() throws {
    try connection.executeScript(
      """
      INSERT INTO relation SELECT code, name, \(Relation.firstPast), 0 FROM \(old("relation"));
      INSERT INTO lane SELECT code, 0, next_id FROM \(old("relation")) WHERE next_id > 1;
      INSERT INTO setting SELECT name, value FROM \(old("setting"));
      INSERT INTO setting SELECT 'next_lane', count(*) FROM \(old("ref")) WHERE kind = 'branch';
      -- Whether the views can be plain is found out when they are made.
      UPDATE setting SET value = 'written' WHERE name = 'head_views';
      """)
    for relation in Self.relations {
      try connection.execute(
        """
        UPDATE relation SET next_past = 1 + ifnull((SELECT max(place) FROM main.\(relation.table) WHERE place < 0),
            \(Relation.firstPast - 1)),
          retired_apart = EXISTS (SELECT 1 FROM retirement WHERE relation = ?1)
        WHERE code = ?1
        """, .integer(Int64(relation.rawValue)))
    }
    // The branch on which most was likely done goes on with the lane that has everything.
    try connection.executeScript(
      """
      INSERT INTO ref
        SELECT name, kind, commit_seq, sees_past, CASE kind WHEN 'branch' THEN row_number() OVER (PARTITION BY kind
          ORDER BY name <> 'main', name <> (SELECT value FROM setting WHERE name = 'current_branch'), name) - 1 END
        FROM \(old("ref"));
      """)
  }
}

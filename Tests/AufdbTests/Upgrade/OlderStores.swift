// A modelled store laid out as formats 2 to 5 had it: the same tables, without what came later.

import AufdbTestSupport
import Testing

@testable import Aufdb

extension ModelledStore {
  private static let historyTables = [
    "commit_log", "commit_parent", "relation", "lane", "commit_change", "retirement", "ref", "setting", "head_run",
    "head_commit",
  ]

  /// Writes the history once more, as a store of format 2 beside this one; returns its path. It has no late columns.
  func formatTwo(_ name: String = "format2.aufdb") throws -> String {
    try older(name, 2, FormatTwoSchema.sql)
  }

  /// Writes the history once more, as a store of format 3, 4 or 5 beside this one; returns its path.
  func older(_ format: Int) throws -> String {
    let schemas = [FormatThreeSchema.sql, FormatFourSchema.sql, FormatFiveSchema.sql]
    return try older("format\(format).aufdb", format, schemas[format - 3])
  }

  private func older(_ name: String, _ format: Int, _ schema: String) throws -> String {
    close()
    let relations = AddedObjects.relations(ofFormat: format)
    let old = try folder.file(name, [])
    let database = try RawDatabase(old, isWritable: true)
    try database.run(schema)
    try database.rows("ATTACH ? AS new", [.text(path)])
    for table in Self.historyTables {
      let part = table == "relation" ? " WHERE code <= \(relations.count)" : ""
      try database.run("DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT * FROM new.\(table)\(part)")
    }
    for relation in relations {
      let columns = try database.texts("SELECT name FROM main.pragma_table_info('\(relation.table)') ORDER BY cid")
        .joined(separator: ", ")
      try database.run(
        "INSERT INTO main.\(relation.table) SELECT \(columns) FROM new.\(relation.table) ORDER BY place")
    }
    try copyViews(format, in: database)
    // The writers of these formats left stores in this mode.
    try database.run("DETACH new; PRAGMA journal_mode = WAL")
    return old
  }

  /// Views that were written for the head select columns one by one, and the late one last.
  private func copyViews(_ format: Int, in database: RawDatabase) throws {
    guard try database.texts("SELECT value FROM setting WHERE name = 'head_views'") == ["written"] else { return }
    for relation in AddedObjects.relations(ofFormat: format) {
      var sql = try #require(
        try database.texts("SELECT sql FROM new.sqlite_schema WHERE type = 'view' AND name = '\(relation.name)'").first)
      for column in relation.lateColumns where AddedObjects.lateColumns(of: relation, inFormat: format).isEmpty {
        for late in [", t.\(column)", ", \(column)", ",\n    \(column)"] { sql = sql.replacing(late, with: "") }
      }
      try database.run("DROP VIEW main.\(relation.name); \(sql)")
    }
  }

  /// Expects that a store of an older format is opened by nobody, and stays as it is.
  func expectRefused(_ old: String, format: Int) throws {
    let before = try folder.bytes("format\(format).aufdb")
    for access in [Store.Access.reading, .writing(waitSeconds: 0, command: "test")] {
      let error = #expect(throws: AufdbError.self) { try Store(old, for: access) }
      #expect(error?.kind == .badData)
      #expect(error?.message == "\(old) has format version \(format), and this aufdb knows 6")
      #expect(error?.hint == "`aufdb upgrade STORE` brings it up to date; keep a copy")
    }
    #expect(try folder.bytes("format\(format).aufdb") == before)
  }

  /// Expects that a store has the same schema as this one, and the same rows in every table.
  func expectSameTables(
    in path: String, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (one, other) = (try RawDatabase(path), try RawDatabase(self.path))
    let schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2"
    for sql in [schema, "PRAGMA user_version", "PRAGMA application_id", "PRAGMA page_size", "PRAGMA integrity_check"] {
      #expect(try one.rows(sql) == other.rows(sql), "\(sql): \(comment.rawValue)", sourceLocation: sourceLocation)
    }
    for table in Self.historyTables + Relation.allCases.map(\.table) {
      let sql = "SELECT * FROM \(table) ORDER BY 1\(table == "head_commit" ? "" : ", 2")"
      #expect(try one.rows(sql) == other.rows(sql), "\(table): \(comment.rawValue)", sourceLocation: sourceLocation)
    }
  }
}

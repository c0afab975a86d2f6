// A modelled store laid out as format 2 had it: the same tables, two of them without their last column.

import AufdbTestSupport
import Testing

@testable import Aufdb

extension ModelledStore {
  /// Writes the history once more, as a store of format 2 beside this one; returns its path. It has no late columns.
  func formatTwo(_ name: String = "format2.aufdb") throws -> String {
    close()
    let old = try folder.file(name, [])
    let database = try RawDatabase(old, isWritable: true)
    try database.run(FormatTwoSchema.sql)
    try database.rows("ATTACH ? AS new", [.text(path)])
    for table in [
      "commit_log", "commit_parent", "relation", "lane", "commit_change", "retirement", "ref", "setting", "head_run",
      "head_commit",
    ] {
      try database.run("DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT * FROM new.\(table)")
    }
    for relation in Relation.allCases {
      let columns = try database.texts("SELECT name FROM main.pragma_table_info('\(relation.table)') ORDER BY cid")
        .joined(separator: ", ")
      try database.run(
        "INSERT INTO main.\(relation.table) SELECT \(columns) FROM new.\(relation.table) ORDER BY place")
    }
    try copyViews(in: database)
    // The writers of format 2 left stores in this mode.
    try database.run("DETACH new; PRAGMA journal_mode = WAL")
    return old
  }

  /// Views that were written for the head select columns one by one, and the late one last.
  private func copyViews(in database: RawDatabase) throws {
    guard try database.texts("SELECT value FROM setting WHERE name = 'head_views'") == ["written"] else { return }
    for relation in Relation.allCases {
      var sql = try #require(
        try database.texts("SELECT sql FROM new.sqlite_schema WHERE type = 'view' AND name = '\(relation.name)'").first)
      for column in ["heads", "explanation"] {
        for late in [", t.\(column)", ", \(column)", ",\n    \(column)"] { sql = sql.replacing(late, with: "") }
      }
      try database.run("DROP VIEW main.\(relation.name); \(sql)")
    }
  }
}

// A store of format 5 with some rows, for `upgrade` to meet failing disks.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

enum OldStore {
  private static let historyTables = [
    "commit_log", "commit_parent", "relation", "lane", "commit_change", "retirement", "ref", "setting", "head_run",
    "head_commit",
  ]

  /// The bytes of a store of format 5 with what a file of completions has.
  static func bytes(_ completions: String) throws -> Data {
    let stage = try CommandStage(bare: ())
    try stage.expectDone("init", stage.store)
    try stage.expectDone("import", stage.store, completions)
    do {
      let store = try Store(stage.store, for: .writing(waitSeconds: 0, command: "test"))
      try store.withConnection { try layOut($0) }
    }
    return Data(try stage.bytes("store.aufdb"))
  }

  /// Writes everything anew into the tables of format 5.
  private static func layOut(_ connection: Connection) throws {
    let relations = AddedObjects.relations(ofFormat: 5)
    let tables = historyTables + relations.map(\.table)
    for table in tables { try connection.execute("CREATE TEMP TABLE kept_\(table) AS SELECT * FROM main.\(table)") }
    let objects = try connection.all(
      "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'index' ORDER BY type DESC"
    ) { ($0.string(0), $0.string(1)) }
    for (type, name) in objects { try connection.execute("DROP \(type) main.\(name)") }
    try connection.executeScript(FormatFiveSchema.sql)
    for table in tables {
      let columns = try connection.all("SELECT name FROM main.pragma_table_info('\(table)') ORDER BY cid") {
        $0.string(0)
      }.joined(separator: ", ")
      let part = table == "relation" ? " WHERE code <= \(relations.count)" : ""
      try connection.executeScript(
        "DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT \(columns) FROM kept_\(table)\(part)")
    }
  }
}

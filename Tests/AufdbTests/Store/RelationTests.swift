// The relations as the code names them against the tables that schema.sql makes.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Relations and the schema")
struct RelationTests {
  let folder: ScratchFolder
  let database: RawDatabase

  init() throws {
    folder = try ScratchFolder()
    let path = folder.path("store.aufdb")
    try Store.create(at: path, context: CommitContext(author: "tester", milliseconds: 1_000))
    database = try RawDatabase(path)
  }

  @Test("Columns are those of the tables and the views, in their order", arguments: Relation.allCases)
  func columns(relation: Relation) throws {
    let columns = ["place", "past_id", "retired_by"] + relation.columns
    for (name, expected) in [(relation.table, columns), (relation.name, relation.columns)] {
      #expect(try database.texts("SELECT name FROM pragma_table_info('\(name)') ORDER BY cid") == expected, "\(name)")
    }
  }

  @Test("Late columns come last and may be NULL; the first ones are those of old formats", arguments: Relation.allCases)
  func lateColumns(relation: Relation) throws {
    #expect(relation.lateColumns.count == ModelRow.lateCount(relation))
    let optional = try database.texts(
      "SELECT name FROM pragma_table_info('\(relation.table)') WHERE NOT \"notnull\" ORDER BY cid")
    #expect(optional.suffix(relation.lateColumns.count) == relation.lateColumns[...])
    let old = try RawDatabase(folder.file("old.aufdb", []), isWritable: true)
    try old.run(FormatTwoSchema.sql)
    guard AddedObjects.relations(ofFormat: 2).contains(relation) else {
      #expect(relation.lateColumns == [] && relation.firstColumns == relation.columns)
      return
    }
    let first = try old.texts("SELECT name FROM pragma_table_info('\(relation.name)') ORDER BY cid")
    #expect(relation.firstColumns == first && relation.columns == first + relation.lateColumns)
  }

  @Test("Codes and names are those of the table `relation`")
  func codes() throws {
    let stored = try database.rows("SELECT code, name, next_past FROM relation ORDER BY code")
    #expect(
      stored
        == Relation.allCases.map {
          [.integer(Int64($0.rawValue)), .text($0.name), .integer(Relation.firstPast)]
        })
    for relation in Relation.allCases { #expect(Relation(name: relation.name) == relation) }
    #expect(Relation(name: "Labels") == nil && Relation(name: "commits") == nil && Relation(name: "") == nil)
    #expect(Relation.snapshots.phrase(1) == "1 snapshot" && Relation.prompts.phrase(0) == "0 prompts")
    #expect(Relation.rewardHeads.phrase(1) == "1 reward head" && Relation.rewardHeads.phrase(2) == "2 reward heads")
    #expect(Relation.progress.phrase(1) == "1 iteration" && Relation.progress.phrase(3) == "3 iterations")
    #expect(Relation.queries.phrase(1) == "1 saved query" && Relation.queries.phrase(2) == "2 saved queries")
    #expect(Relation.definitions.phrase(1) == "1 definition" && Relation.definitions.phrase(2) == "2 definitions")
  }

  @Test("Key expressions tell the model's keys apart, and nothing else", arguments: Relation.allCases)
  func keys(relation: Relation) throws {
    var generator = SeededGenerator(seed: UInt64(relation.rawValue))
    var rows: [ModelRow] = []
    let names: [StoredValue] = [.text(""), .text("a"), .text("A"), .text("a\u{0}"), .text("a\u{0}b"), .text("é")]
    let types = try database.texts("SELECT type FROM pragma_table_info('\(relation.name)') ORDER BY cid")
    for _ in 0..<150 {
      let values = zip(relation.columns, types).map { column, type -> StoredValue in
        switch type {
        case "BLOB": return .blob([1, 2])
        case "REAL": return .real(1.5)
        case "INTEGER": return .integer(Int64(generator.next() % 2))
        default: break
        }
        if relation == .embeddings, column == "model", generator.next() % 3 == 0 { return .null }
        return names[Int(generator.next() % UInt64(names.count))]
      }
      rows.append(ModelRow(relation: relation, values: values))
    }
    let scratch = try RawDatabase(folder.path("store.aufdb"), isWritable: true)
    for (index, row) in rows.enumerated() {
      let marks = Array(repeating: "?", count: row.values.count).joined(separator: ", ")
      try scratch.rows(
        "INSERT INTO \(relation.table) VALUES (?, NULL, NULL, \(marks))", [.integer(Int64(index + 1))] + row.values)
    }
    let key = relation.keyExpressions.joined(separator: ", ")
    let groups = try scratch.rows("SELECT min(place), count(*) FROM \(relation.table) GROUP BY \(key) ORDER BY 1")
    var expected: [(String, Int64, Int64)] = []
    for (index, row) in rows.enumerated() {
      if let known = expected.firstIndex(where: { $0.0 == row.key }) {
        expected[known].2 += 1
      } else {
        expected.append((row.key, Int64(index + 1), 1))
      }
    }
    let isEqual = groups == expected.map { [.integer($0.1), .integer($0.2)] }
    #expect(isEqual, "\(groups.count) groups where \(expected.count) keys are")
  }

  @Test("A created store has what Schema.objects lists, and the settings of its head")
  func objects() throws {
    let found = try database.rows("SELECT name, ifnull(sql, '') FROM sqlite_schema ORDER BY name")
    let known = try Schema.objects().sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    #expect(found == known.map { [.text($0.key), .text($0.value)] })
    #expect(known.count > 40)
    for relation in Relation.allCases {
      let view = try database.texts("SELECT sql FROM sqlite_schema WHERE name = '\(relation.name)'")
      #expect(Schema.view(relation.name).map { [$0] } == view)
    }
    #expect(Schema.view("nothing") == nil)
    for pragma in [("page_size", 16384), ("application_id", 0x6175_6664), ("user_version", 6)] as [(String, Int64)] {
      #expect(try database.integer("PRAGMA \(pragma.0)") == pragma.1)
    }
    #expect(try database.texts("PRAGMA encoding") == ["UTF-8"])
    #expect(try database.texts("PRAGMA integrity_check") == ["ok"])
  }

  @Test("Everything in a relation has a table that explains it")
  func comments() {
    for relation in Relation.allCases {
      #expect(Schema.text.contains("CREATE TABLE \(relation.table) ("))
      for column in relation.columns { #expect(Schema.text.contains("  \(column)"), "\(relation.name).\(column)") }
    }
  }
}

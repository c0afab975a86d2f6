// Tamper evidence: whatever a hand changes in a store by SQL, verify names a problem.

import Testing

@testable import Aufdb

@Suite("Tamper evidence")
struct TamperTests {
  private static let historyTables = [
    "commit_log", "commit_parent", "commit_change", "retirement", "relation", "lane", "ref",
    "setting",
  ]

  /// Columns that only save looking something up: of two right values either will do, and too much care does no harm.
  private static let hints: Set = ["retired_by", "retired_apart"]

  /// Some rows of a table, spread over it.
  private func samples(_ table: String, _ count: Int, of path: String) throws -> [[StoredValue]] {
    let rows = try RawDatabase(path).rows("SELECT * FROM \(table) ORDER BY 1, 2")
    return rows.count <= count ? rows : (0..<count).map { rows[$0 * (rows.count - 1) / max(1, count - 1)] }
  }

  private func columns(_ table: String, of path: String) throws -> [String] {
    try RawDatabase(path).texts("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid")
  }

  /// Changes one value in some rows, one at a time; returns what verify overlooked.
  ///
  /// - Parameter isThorough: whether every alternative of a value is tried, and not just one.
  private func overlooked(
    _ table: String, where part: String = "1", rows count: Int, isThorough: Bool, in store: TamperedStore
  ) throws -> [String] {
    var overlooked: [String] = []
    let columns = try columns(table, of: store.path)
    let condition = columns.enumerated().map { "\($1) IS ?\($0 + 2)" }.joined(separator: " AND ")
    for row in try samples("\(table) WHERE \(part)", count, of: store.path) {
      for (index, (column, value)) in zip(columns, row).enumerated() {
        let all = value.alternatives
        for new in isThorough ? all : [all[index % all.count]] {
          guard try store.tamper("UPDATE \(table) SET \(column) = ?1 WHERE \(condition)", [new] + row) else { continue }
          guard try store.problems().isEmpty else { continue }
          if Self.hints.contains(column), try store.isUnchanged() { continue }
          overlooked.append("\(table).\(column): \(value.keyText) -> \(new.keyText)")
        }
      }
    }
    return overlooked
  }

  @Test("A changed value of a row version is named", arguments: Relation.allCases)
  func values(relation: Relation) throws {
    let store = try TamperedStore()
    #expect(try store.problems() == [])
    for part in ["place > 0", "place < 0"] {
      try #require(
        try !samples("\(relation.table) WHERE \(part)", 1, of: store.path).isEmpty, "\(part): nothing is tried")
      let overlooked = try overlooked(relation.table, where: part, rows: 1, isThorough: false, in: store)
      #expect(overlooked == [])
    }
  }

  @Test("A changed value of the history is named", arguments: historyTables)
  func history(table: String) throws {
    let store = try TamperedStore()
    let overlooked = try overlooked(table, rows: 3, isThorough: true, in: store)
    // Names and what they name are no part of history, as in git: branches are there to be moved. But what commits show
    // must not depend on them; see the next test.
    if table != "ref", table != "setting" { #expect(overlooked == []) }
  }

  @Test("A branch that is moved, renamed or marked otherwise changes nothing that a commit shows, or is named")
  func refs() throws {
    let store = try TamperedStore()
    for name in store.branches.keys.sorted() + ["v1"] {
      var changes = store.history.map { "commit_seq = \($0.sequence)" }
      changes += ["sees_past = 0", "sees_past = 1", "kind = 'branch'", "kind = 'tag'", "name = 'other'"]
      for change in changes {
        guard try store.tamper("UPDATE ref SET \(change) WHERE name = '\(name)'"), try store.problems().isEmpty
        else { continue }
        #expect(try store.isUnchanged(), "\(name): \(change)")
      }
    }
  }

  @Test("A row that is taken out or put in is named", arguments: historyTables + Relation.allCases.map(\.name))
  func wholeRows(table: String) throws {
    let store = try TamperedStore()
    let name = Relation(name: table)?.table ?? table
    let columns = try columns(name, of: store.path)
    let condition = columns.enumerated().map { "\($1) IS ?\($0 + 1)" }.joined(separator: " AND ")
    for row in try samples(name, 6, of: store.path) {
      if try store.tamper("DELETE FROM \(name) WHERE \(condition)", row), try store.problems().isEmpty {
        // Tags and branches other than the current one may go.
        #expect(table == "ref" && row[0] != .text("main"), "\(table) without \(row.map(\.keyText))")
      }
    }
    for sql in additions[table] ?? Relation(name: table).map(plantedRows) ?? [] {
      #expect(try store.tamper(sql), "\(sql)")
      #expect(try !store.problems().isEmpty, "\(sql)")
    }
  }

  /// A past row that comes back, and a row nobody made.
  private func plantedRows(_ relation: Relation) -> [String] {
    let (table, columns) = (relation.table, relation.columnList)
    let past = "(SELECT next_past FROM relation WHERE code = \(relation.rawValue))"
    return [
      "INSERT INTO \(table) SELECT past_id, NULL, NULL, \(columns) FROM \(table) WHERE place < 0 LIMIT 1",
      "INSERT INTO \(table) SELECT 1000, NULL, NULL, \(columns) FROM \(table) LIMIT 1",
      "INSERT INTO \(table) SELECT -1, place, 2, \(columns) FROM \(table) WHERE place > 0 LIMIT 1",
      "INSERT INTO \(table) SELECT \(past), 1000, 2, \(columns) FROM \(table) LIMIT 1",
      "INSERT INTO \(table) SELECT 0, place, 2, \(columns) FROM \(table) WHERE place > 0 LIMIT 1",
    ]
  }

  /// Rows that could be planted. A tag, a branch or a setting more is no damage, and stands under "ref".
  private let additions: [String: [String]] = [
    "commit_log": ["INSERT INTO commit_log VALUES (99, zeroblob(32), 'a', 1, 'm', '{}', zeroblob(32), 0)"],
    "commit_parent": ["INSERT INTO commit_parent VALUES (4, 1, 2)", "INSERT INTO commit_parent VALUES (99, 0, 2)"],
    "commit_change": [
      "INSERT INTO commit_change VALUES (1, 8, NULL, NULL, 0, NULL, NULL, 0, NULL, NULL)",
      "INSERT INTO commit_change VALUES (99, 8, 1, 1, 0, NULL, NULL, 0, NULL, NULL)",
      "INSERT INTO commit_change VALUES (99, 1, NULL, NULL, 0, NULL, NULL, 0, NULL, NULL)",
    ],
    "retirement": [
      // For a commit that was there, and for one that is yet to come.
      "INSERT INTO retirement SELECT 3, 1, min(place), 1 FROM prompts_all WHERE place > 0",
      "INSERT INTO retirement SELECT max(seq) + 1, 1, (SELECT min(place) FROM prompts_all WHERE place > 0), 1 FROM commit_log",
    ],
    "relation": ["INSERT INTO relation VALUES (13, 'others', 1, 0)"],
    "lane": ["INSERT INTO lane VALUES (1, 77, (77 << 40) + 5)"],
    "ref": [
      "INSERT INTO ref VALUES ('lost', 'branch', 99, 0, 3)", "INSERT INTO ref VALUES ('lost', 'tag', 99, 0, NULL)",
    ],
    "setting": [],
  ]

  @Test("Two rows whose ids are swapped are named", arguments: Relation.allCases)
  func swapped(relation: Relation) throws {
    let store = try TamperedStore()
    let table = relation.table
    let rows = try RawDatabase(store.path).rows("SELECT min(place), max(place) FROM \(table) WHERE place > 0")
    let (low, high) = (rows[0][0], rows[0][1])
    try #require(low != high)
    try store.restore()
    let database = try RawDatabase(store.path, isWritable: true)
    try database.rows("UPDATE \(table) SET place = -1 WHERE place = ?", [low])
    try database.rows("UPDATE \(table) SET place = ? WHERE place = ?", [low, high])
    try database.rows("UPDATE \(table) SET place = ? WHERE place = -1", [high])
    #expect(try !store.problems().isEmpty)
  }

  @Test("Retirements of two equal row versions can't be swapped")
  func swappedRetirements() throws {
    let modelled = try ModelledStore(seed: 1)
    let row = ModelRow(relation: .prompts, values: [.text("a"), .null, .text("t"), .text("text"), .null])
    // Born in 2, retired in 3, born again in 4, retired in 5: all digests of the two are equal.
    for step in 0..<4 { try modelled.commit(step % 2 == 0 ? ModelChange(added: [row]) : ModelChange(retired: [row])) }
    modelled.close()
    try modelled.expectAll()
    try RawDatabase(modelled.path, isWritable: true).run(
      "UPDATE prompts_all SET past_id = 3 - past_id")
    #expect(try !Store(modelled.path, for: .reading).verify().isSound)
  }
}

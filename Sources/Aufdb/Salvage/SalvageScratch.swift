// The rows that could be read of a damaged store, in a database that nobody else sees: so that they can be asked in any
// order, as a store's are, without holding them in memory.
//
// It has the store's own tables for history, names, rows and answers, with few indices, and none of what follows from
// these. Its file has no name, and is gone with the process whatever happens.

import GRDBSQLite
import Glibc

/// A database for the length of one salvage.
final class SalvageScratch {
  let connection: Connection
  private var insertions: [String: SQLStatement] = [:]
  private let tables: [StoredTable]

  /// - Parameter path: a file in whose folder there is room for all rows.
  init(beside path: String) throws {
    // Its name goes with this function.
    let aside = try AsideFile.making(beside: path)
    var handle: OpaquePointer?
    guard sqlite3_open_v2(aside.path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
      sqlite3_close_v2(handle)
      throw AufdbError(.cannotCreateOutput, "no file can be made beside \(path)")
    }
    connection = Connection(handle: handle)
    let objects = try Schema.objects()
    tables = try Schema.inEmptyStore { try StoredTable.all(in: $0) }
    // Nobody needs it after a crash. It is locked before it loses its name.
    try connection.executeScript(
      """
      PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA cache_size = -32768; BEGIN IMMEDIATE;
      CREATE TABLE commit_id (id BLOB PRIMARY KEY, seq INTEGER) WITHOUT ROWID;
      CREATE TABLE birth (relation INTEGER, first_id INTEGER, commit_seq INTEGER,
        PRIMARY KEY (relation, commit_seq)) WITHOUT ROWID;
      """)
    for table in tables where !table.isIndex { try connection.executeScript(objects[table.name] ?? "") }
  }

  deinit {
    insertions = [:]
    sqlite3_close_v2(connection.handle)
  }

  /// Reads all that can be read of a file.
  ///
  /// - Throws: `.badData` for a file that isn't a store.
  func fill(from file: DatabaseFile) throws -> PageWalk.Report {
    let objects = try Schema.objects()
    let schema = StoredSchema(of: file, names: tables.map(\.name))
    try file.checkIsStore(schema, objects)
    var walk = PageWalk(file, tables: tables) { [self] in try insert($0, $1, $2, $3) }
    try walk.run(schema)
    try settle()
    return walk.report
  }

  /// How many row versions could be read.
  func rowCount() throws -> Int {
    try Relation.allCases.reduce(0) { try $0 + Int(connection.integer("SELECT count(*) FROM \($1.table)")) }
  }

  private func insert(
    _ table: StoredTable, _ rowID: Int64?, _ record: StoredRecord, _ bytes: UnsafeRawBufferPointer
  ) throws {
    let insertion = try insertion(table)
    for (index, _) in table.columns.enumerated() {
      let parameter = Int32(index + 1)
      guard index < record.values.count else {
        insertion.bindNull(parameter)
        continue
      }
      let value = record.values[index]
      let content = UnsafeRawBufferPointer(rebasing: bytes[value.range])
      switch value.kind {
      case .null: insertion.bindNull(parameter)
      case .integer: insertion.bind(parameter, value.integer)
      case .real:
        insertion.bind(parameter, Double(bitPattern: UInt64(bigEndian: content.loadUnaligned(as: UInt64.self))))
      case .text: insertion.bind(parameter, unownedText: content)
      case .blob: insertion.bind(parameter, unownedBlob: content)
      }
    }
    if let rowID { insertion.bind(1, rowID) }
    defer { insertion.reset() }
    _ = try insertion.step()
  }

  /// What stands there already stays: of a row that is found twice both are the same, and the tree's comes first.
  private func insertion(_ table: StoredTable) throws -> SQLStatement {
    if let found = insertions[table.name] { return found }
    let marks = Array(repeating: "?", count: table.columns.count).joined(separator: ", ")
    let made = try connection.statement("INSERT OR IGNORE INTO \(table.scratchName) VALUES (\(marks))")
    insertions[table.name] = made
    return made
  }

  private func settle() throws {
    for relation in Relation.allCases {
      let table = relation.table
      try connection.executeScript(
        """
        CREATE INDEX \(table)_past ON \(table) (past_id) WHERE past_id IS NOT NULL;
        CREATE INDEX \(table)_retired ON \(table) (retired_by) WHERE retired_by IS NOT NULL;
        DELETE FROM \(table) WHERE place > 0 AND place IN (SELECT past_id FROM \(table) WHERE past_id IS NOT NULL);
        """)
    }
    // A commit whose number is damaged has it in the index.
    try connection.executeScript(
      """
      UPDATE OR IGNORE commit_log SET seq = (SELECT i.seq FROM commit_id AS i WHERE i.id = commit_log.id)
      WHERE id IN (SELECT i.id FROM commit_id AS i WHERE i.seq NOT IN (SELECT seq FROM commit_log));
      COMMIT
      """)
  }
}

extension DatabaseFile {
  /// - Throws: `.badData` for what isn't a store, or a store of another format.
  fileprivate func checkIsStore(_ schema: StoredSchema, _ objects: [String: String]) throws {
    let header = page(1)
    let isSQLite = header?.starts(with: "SQLite format 3\0".utf8) == true
    let application = header?.bigEndian32(68) ?? 0
    let tables = ["commit_log", "commit_change", "responses_all"]
    let hasTables = tables.allSatisfy { schema.sql[$0] != nil }
    // One of the two may be damaged. Where both are, nothing says that its pages mean what ours do.
    guard hasTables || (isSQLite && application == StoreFile.applicationID) else {
      throw AufdbError(
        .badData, "this is not an aufdb store" + (isSQLite ? "" : ": it isn't a SQLite file"),
        hint: "nothing in it says that it ever was one")
    }
    let version = header?.bigEndian32(60) ?? 0
    let isKnown = tables.allSatisfy { schema.sql[$0] == objects[$0] }
    guard version == StoreFile.formatVersion || isKnown else {
      throw StoreFile.unknownFormat(Int64(version), of: "the store")
    }
  }
}

// The search index: which words occur in which row versions of prompts and responses, in a file beside the store.
//
// FILE: STORE-search, a SQLite database with an application_id and a user_version of its own. It is a cache: it holds
// nothing that the store doesn't have, nothing else refers to it, no bundle contains it, and it can be deleted at any
// time. The store is never written for it.
//   word         a contentless FTS5 table (https://sqlite.org/fts5.html#contentless_tables): the words, and not the
//                texts, which stand in the store. Its rowid is SearchKind.number of the row version's id, so that one
//                table, and one ranking, has both kinds; of the two columns, one is filled. Texts are tokenized by
//                unicode61, without case and diacritics, after SpacedText, and prompts in messages are read first
//                (SearchableText).
//   indexed_run  the runs of ids whose texts it has: of each commit and relation, as commit_change has them. The
//                commit's id is in it, and what pruning left of the run, so that it is known for certain whether the
//                store still means the same by an id.
//
// VERSIONS: a row version never changes and its id is never used twice, so what is indexed stays right whatever commits
// follow; they only add. Which of the row versions that match a revision sees is decided while searching (SeenRows),
// from the store. All versions count for the ranking, those of other branches and older ones, too.
//
// INVARIANT: an index that is searched has exactly the runs of the store, as one read transaction of either shows them.
//
// KEEPING IT: a search compares the runs first (IndexPlan). Runs that are missing are added, in one transaction. Where
// the index has one that the store doesn't (another store took the place of this one, or rows were pruned), where its
// format is another, or where it is damaged, it is made anew: aside, and then renamed, so that a killed process leaves
// the old one, or none. Both happen under a lock of its own (StoreLock on STORE-search), and the store's snapshot is
// taken under it: whoever waited finds the work done. A search that finds everything in place takes no lock.
//
// SPEED: FTS5 keeps what comes in a hash table until it has 1 MB, writes that out as a segment, and merges segments;
// with 64 MB and no merging while it is made, that takes a third of the time (measured on 352 MB: 6 s instead of 20).

import CSQLiteConfig
import GRDBSQLite
import Glibc

/// A connection to an index.
final class SearchIndex {
  static let applicationID: UInt32 = 0x6175_6673  // "aufs"
  /// To be raised whenever the same text would get other words.
  static let formatVersion: UInt32 = 1
  /// How texts become words; in SearchDesk, too.
  static let tokenizer = "unicode61 remove_diacritics 2"

  /// It is damaged, or hasn't the rows that its runs say.
  struct Unfit: Error {}

  let connection: Connection
  private let watch = PageWatch()
  /// Whether it was found damaged.
  private(set) var isDamaged = false

  /// - Parameters:
  ///   - path: nil for one that is gone when it is closed.
  ///   - flags: how to open it.
  init(_ path: String?, _ flags: Int32) throws {
    if let path { try ForeignJournal.refuse(besides: path) }
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path ?? "", &handle, flags, nil)
    guard let handle else { throw AufdbError(.inputOutput, "out of memory") }
    connection = Connection(handle: handle, watch: watch)
    guard code == SQLITE_OK else { throw Self.inWords(AufdbError.sqlite(handle, code)) }
    // What its schema says is trusted no more than that of a store.
    aufdb_defensive(handle)
    watch.begin(on: handle)
    try using {
      try connection.executeScript("PRAGMA busy_timeout = \(Store.busyMilliseconds)")
    }
  }

  deinit { sqlite3_close_v2(connection.handle) }

  /// Runs `body`, whose errors of SQLite are those of the index.
  func using<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as AufdbError where error.sqliteCode != nil {
      isDamaged = isDamaged || Self.saysDamaged(error) || watch.damage != nil
      throw Self.inWords(error)
    }
  }

  /// Whether the file is no index, or none any more.
  private static func saysDamaged(_ error: AufdbError) -> Bool {
    guard let code = error.sqliteCode else { return false }
    // SQLITE_ERROR: a table that should be there isn't. SQL that is wrong by itself would be a defect, found by tests.
    return [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR].contains(code & 0xFF)
  }

  /// Puts SQLite's errors into words about the index.
  private static func inWords(_ error: AufdbError) -> AufdbError {
    guard let code = error.sqliteCode else { return error }
    var worded = error
    switch code & 0xFF {
    case _ where error.message.hasPrefix("no such module"):
      worded.kind = .refused
      worded.message = "this SQLite (\(String(cString: sqlite3_libversion()))) can't search: it is built without FTS5"
      worded.hint = "Debian's libsqlite3-0 has it; LIKE in `aufdb query` needs none"
    case SQLITE_FULL:
      worded.message = "the disk is full"
      worded.hint = "the search index needs about as much room as the texts; the store is unchanged"
    case SQLITE_BUSY, SQLITE_LOCKED: worded.message = "the search index is busy: another search is changing it"
    case SQLITE_INTERRUPT, SQLITE_NOMEM: break
    default: worded.message = "the search index can't be used: \(error.message) (SQLite code \(code))"
    }
    return worded
  }

  // What is in it.

  /// Makes the tables of a new one.
  func create() throws {
    try using {
      try connection.executeScript(
        """
        PRAGMA application_id = \(Self.applicationID);
        PRAGMA user_version = \(Self.formatVersion);
        CREATE TABLE indexed_run (
          commit_id BLOB NOT NULL, relation INTEGER NOT NULL, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL,
          kept_digest BLOB, PRIMARY KEY (commit_id, relation)
        ) WITHOUT ROWID;
        CREATE VIRTUAL TABLE word USING fts5(prompt, response, content = '', tokenize = '\(Self.tokenizer)');
        INSERT INTO word (word, rank) VALUES ('pgsz', 16000), ('hashsize', \(64 << 20));
        """)
    }
  }

  /// The runs that it has.
  ///
  /// - Throws: `Unfit` where its schema is none of ours.
  func runs() throws -> Set<IndexedRun> {
    guard try hasOwnSchema() else {
      isDamaged = true
      throw Unfit()
    }
    return try using {
      Set(
        try connection.all("SELECT commit_id, relation, first_id, last_id, kept_digest FROM indexed_run") {
          IndexedRun($0)
        })
    }
  }

  /// Lends it inside one transaction, which is kept if `body` returns.
  func transaction<T>(_ begin: String = "BEGIN", _ body: () throws -> T) throws -> T {
    try using { try connection.executeScript(begin) }
    do {
      let value = try body()
      try using { try connection.executeScript("COMMIT") }
      return value
    } catch {
      // SQLite may have rolled it back already.
      if sqlite3_get_autocommit(connection.handle) == 0 { sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }
}

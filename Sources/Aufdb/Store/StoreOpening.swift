// How a connection to a store is made: what SQLite is told to open, and what is set on every connection.

import CSQLiteConfig
import FoundationEssentials
import GRDB
import GRDBSQLite
import Glibc

/// Opens a store's file, which is known to be a store's.
struct StoreOpening {
  /// Without symbolic links.
  private let path: String
  private let watch: PageWatch

  init(_ path: String, _ watch: PageWatch) {
    (self.path, self.watch) = (path, watch)
  }

  /// A reader's connection.
  struct Reader {
    let queue: DatabaseQueue
    /// What must stay as it is, where it is read without locks.
    let unchanged: UnchangedFile?
    /// Why nothing of it is used, where its schema isn't a store's.
    let refusal: AufdbError?
  }

  /// A connection of the holder of the store's lock.
  ///
  /// - Throws: `.badData` where its schema isn't a store's.
  func writing() throws -> DatabaseQueue {
    let queue = try open(path, readOnly: false)
    if let refusal = try Self.foreignSchema(queue) { throw refusal }
    return queue
  }

  /// A connection of the holder of the store's lock, who makes something of old formats.
  func upgrading() throws -> DatabaseQueue { try open(path, readOnly: false, isOfAnyFormat: true) }

  /// - Parameter look: how the place is looked at.
  func reading(_ look: (String) throws -> ReadingPlace = ReadingPlace.init(of:)) throws -> Reader {
    let deadline = ContinuousClock.now + .milliseconds(Store.busyMilliseconds)
    while true {
      let place = try look(path)
      do {
        return try reader(place.address(of: path), place.unchanged)
      } catch let error as AufdbError where Self.isOfLeftovers(error, place) {
        guard !place.isWritable else { return try recovered() }
        // Shared memory, or a sound log, wasn't there: a writer died, or was about to begin or to end.
        let holder = StoreLock.holder(ofStore: path)
        let isStillThere = try look(path).isInUse
        guard holder != nil || !isStillThere else { throw Self.leftUndone }
        guard ContinuousClock.now < deadline else {
          throw AufdbError(.busy, StoreLock.words(by: holder), hint: "try again")
        }
        if holder != nil { usleep(20_000) }
      } catch {
        // What looks like damage may be two moments of a sound file.
        let isChanged = place.unchanged.map { (try? $0.check()) == nil } ?? false
        guard isChanged, ContinuousClock.now < deadline else { throw error }
      }
    }
  }

  private func reader(_ address: String, _ unchanged: UnchangedFile?) throws -> Reader {
    let queue = try open(address, readOnly: true)
    return Reader(queue: queue, unchanged: unchanged, refusal: try Self.foreignSchema(queue))
  }

  /// Whether what is beside the store kept it from being opened, and not the store itself.
  private static func isOfLeftovers(_ error: AufdbError, _ place: ReadingPlace) -> Bool {
    switch place {
    case .complete: false
    case .writable: [SQLiteCode.readOnlyRollback, SQLiteCode.readOnlyRecovery].contains(error.sqliteCode)
    case .inUse:
      // Or a log that was there a moment ago can't be made.
      error.sqliteCode.map { $0 & 0xff } == SQLITE_READONLY || error.kind == .cannotOpenInput
    }
  }

  /// Opens it after a writer died. Opening for writing puts the file back as it was before; then reading goes on.
  private func recovered() throws -> Reader {
    let lock = try StoreLock.acquire(storePath: path, waitSeconds: 10, command: "recovery")
    try open(path, readOnly: false).close()
    return try withExtendedLifetime(lock) { try reader(path, nil) }
  }

  private static var leftUndone: AufdbError {
    AufdbError(
      .cannotOpenInput, "a writer died, and what it left beside the store can't be read without permission to write",
      hint: "any verb does it, run by one who may write; or copy the store with all files beside it")
  }

  private func open(_ address: String, readOnly: Bool, isOfAnyFormat: Bool = false) throws -> DatabaseQueue {
    do {
      return try DatabaseQueue(path: address, configuration: configuration(readOnly, isOfAnyFormat))
    } catch {
      var error = AufdbError.from(error)
      // A file that SQLite can't make sense of is damaged, whoever asked for it.
      if error.kind == .usage { error.kind = .badData }
      throw error
    }
  }

  private static func foreignSchema(_ queue: DatabaseQueue) throws -> AufdbError? {
    do {
      return try queue.inDatabase { try Store.connection(of: $0).foreignSchema() }
    } catch {
      throw AufdbError.from(error)
    }
  }

  private func configuration(_ readOnly: Bool, _ isOfAnyFormat: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(Double(Store.busyMilliseconds) / 1000)
    configuration.prepareDatabase { [watch] database in
      guard let handle = database.sqliteConnection else { return }
      // GRDB's own watches what statements read on its behalf; nothing here asks, and it costs more than most queries.
      sqlite3_set_authorizer(handle, nil, nil)
      aufdb_defensive(handle)
      watch.begin(on: handle)
      if readOnly { aufdb_no_checkpoint_on_close(handle) }
      let connection = Connection(handle: handle)
      // Reads the schema, and so finds a damaged file or a dead writer's journal here and not later.
      _ = try connection.integer("SELECT 1 FROM sqlite_schema LIMIT 1")
      if !isOfAnyFormat { try StoreFile.checkFormat(in: connection) }
      try connection.executeScript(
        """
        PRAGMA synchronous = EXTRA;
        PRAGMA secure_delete = OFF;
        PRAGMA temp_store = FILE;
        """)
      // A reader's pages fit the processor's cache: twice as fast as 32 MB of them, which have to be had from the system
      // first. Mapping the file is slower than either: each page is mapped, and then checked at every visit.
      try connection.executeScript("PRAGMA mmap_size = 0; PRAGMA cache_size = \(readOnly ? -2048 : -16384)")
    }
    return configuration
  }
}

// A store: one SQLite file under version control, opened for reading or for writing.
//
// A reader never waits and never changes anything. A writer holds the store's lock from opening to closing. One
// command is one SQLite transaction, large imports included: killed anywhere, SQLite rolls it back, and there is no
// state between "not done" and "done" that anybody could see.
//
// Journal: a store is made in rollback mode and stays in it until its first data is in, because a bulk load of an
// empty store writes every page once that way and twice through a write-ahead log (2.5 times slower, measured). After
// that first commit it is in WAL mode for good, so that readers go on while somebody writes.
//
// Promise: what a commit was reported for survives a power loss. In WAL mode that takes `synchronous` FULL; in rollback
// mode a commit is the removal of the journal, which is on the disk only once the folder is: EXTRA
// (https://sqlite.org/pragma.html#pragma_synchronous), which in WAL mode is the same as FULL.

import CSQLiteConfig
import FoundationEssentials
import GRDB
import GRDBSQLite
import Glibc

/// A store that is open.
public final class Store: Sendable {
  /// What a store is opened for.
  public enum Access: Sendable {
    case reading
    /// `waitSeconds`: how long to wait for another writer. `command`: what others are told that this one is doing.
    case writing(waitSeconds: Double, command: String)
  }

  /// The path as it was given.
  public let path: String
  /// The path without symbolic links.
  let resolved: String
  let queue: DatabaseQueue
  /// How long SQLite itself waits for a lock; only a store without data yet makes anybody wait.
  static let busyMilliseconds = 10_000
  /// Why nothing of it is used, where its schema isn't a store's; a writer is refused at once.
  let refusal: AufdbError?
  // Released after the connection is closed, whose last act may be a checkpoint.
  private let lock: StoreLock?
  let watch: PageWatch
  /// Set where the file is read without SQLite's locks.
  let unchanged: UnchangedFile?

  /// Opens the store at `path`.
  ///
  /// - Throws: `.cannotOpenInput` (no such file), `.badData` (not a store, or a newer format), `.busy` (another writer).
  public convenience init(_ path: String, for access: Access) throws {
    try self.init(path, for: access, patience: PageWatch.Patience())
  }

  /// - Parameter patience: how long reading may take before it is suspected of never ending.
  init(_ path: String, for access: Access, patience: PageWatch.Patience) throws {
    self.path = path
    watch = PageWatch(patience)
    resolved = try StoreFile.locate(path)
    switch access {
    case .reading:
      try HardLinks.requireQuiet(resolved)
      lock = nil
      try ForeignJournal.refuse(besides: resolved)
      do {
        let reader = try StoreOpening(resolved, watch).reading()
        (queue, unchanged, refusal) = (reader.queue, reader.unchanged, reader.refusal)
      } catch {
        throw watch.damage ?? Self.naming(error, holderOf: resolved)
      }
    case .writing(let waitSeconds, let command):
      unchanged = nil
      // SQLite would open it for reading then, and say so only when it comes to writing.
      try Self.checkWritable(resolved)
      // A reader that closes holds the lock for a moment, which should not turn a writer away.
      lock = try StoreLock.acquire(storePath: resolved, waitSeconds: max(waitSeconds, 0.1), command: command)
      // Again, because opening makes a file that was removed while we waited.
      try Self.checkWritable(resolved)
      try ForeignJournal.refuse(besides: resolved)
      refusal = nil
      do {
        queue = try StoreOpening(resolved, watch).writing()
      } catch {
        throw watch.damage ?? error
      }
    }
  }

  private static func checkWritable(_ path: String) throws(AufdbError) {
    guard Glibc.access(path, W_OK) == 0 else {
      throw AufdbError(
        .cannotCreateOutput, "the store can't be written: \(path): \(String(cString: strerror(errno)))")
    }
    try HardLinks.requireNone(path)
  }

  deinit {
    if lock != nil {
      // So that the file is complete, to be copied, even while somebody reads; best effort, the next writer tries again.
      try? withConnection { try $0.executeScript("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)") }
    }
    let tidyLock = lock == nil ? lockForTidying() : nil
    try? queue.close()
    if tidyLock != nil { Self.removeEmptyLog(of: resolved) }
    withExtendedLifetime(tidyLock) {}
  }

  /// Lets SQLite take an empty log away: that needs an exclusive lock on the file, and so a descriptor that may write.
  /// A connection of its own kind, because every command that reads ends here.
  private static func removeEmptyLog(of path: String) {
    var handle: OpaquePointer?
    if sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle {
      aufdb_defensive(handle)
      // Enough to have the log opened, and nothing of the schema read.
      sqlite3_exec(handle, "PRAGMA schema_version", nil, nil, nil)
    }
    sqlite3_close_v2(handle)
  }

  /// The lock under which a reader may take an empty write-ahead log away with it, as SQLite does by itself when the
  /// last connection closes; nil where there is none, it isn't empty, or somebody is at it.
  private func lockForTidying() -> StoreLock? {
    var status = stat()
    guard stat(resolved + "-wal", &status) == 0, status.st_size == 0, Glibc.access(resolved, W_OK) == 0
    else { return nil }
    return try? StoreLock.acquire(storePath: resolved, waitSeconds: 0, command: "closing")
  }
}

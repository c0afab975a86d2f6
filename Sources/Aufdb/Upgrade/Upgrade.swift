// Upgrading: a store of an older format becomes one of today's, in one transaction.
//
// A store says its format version in SQLite's user_version. What is older is refused wherever a store is opened, and
// brought up to date here, on demand and under the lock, whatever its format in one step: FormatOne.swift and
// AddedObjects.swift. Tables that changed are renamed, today's are made from schema.sql and filled
// from them, and the old ones dropped; new tables are made. Then, still inside the transaction, all of it is verified:
// every commit's digest and id from the rows in their new places. Where a problem is found, the store stays as it was.

import GRDB
import Glibc

/// What upgrading did.
public struct UpgradeReport: Sendable, Equatable {
  /// Equal to `newVersion` where there was nothing to do.
  public var oldVersion: Int
  public var newVersion: Int
  /// What the verified store holds; 0 where there was nothing to do.
  public var commitCount = 0
  public var rowCount = 0
  /// Why the room of the old tables is still inside the file; nil where it was given back.
  public var compactionFailure: String?
}

extension Store {
  /// Makes a store of an older format one of this version's. Commits keep their ids, and show what they showed.
  ///
  /// - Parameters:
  ///   - waitSeconds: how long to wait for another writer.
  ///   - progress: called for each commit that is verified in its new place.
  /// - Throws: `.badData` for what isn't a store, has a newer format or is damaged; `.busy` where it is in use. It is
  ///   unchanged then.
  /// - Complexity: reads and writes every row.
  @discardableResult
  public static func upgrade(
    _ path: String, waitSeconds: Double, progress: ((_ commits: Int, _ of: Int) -> Void)? = nil
  ) throws -> UpgradeReport {
    let resolved = try StoreFile.locate(path, formats: 1...StoreFile.formatVersion)
    let queue: DatabaseQueue
    let watch = PageWatch()
    do {
      guard access(resolved, W_OK) == 0 else {
        throw AufdbError(
          .cannotCreateOutput, "the store can't be written: \(path): \(String(cString: strerror(errno)))")
      }
      // The lock outlives the connection, whose last act may be a checkpoint.
      let lock = try StoreLock.acquire(
        storePath: resolved, waitSeconds: max(waitSeconds, 0.1), command: "aufdb upgrade")
      try HardLinks.requireNone(resolved)
      try ForeignJournal.refuse(besides: resolved)
      queue = try StoreOpening(resolved, watch).upgrading()
      let outcome = Result { try queue.inDatabase { try upgrade($0, at: resolved, watch, progress) } }
      try? queue.close()
      return try withExtendedLifetime(lock) { try outcome.get() }
    } catch {
      throw watch.damage ?? AufdbError.from(error)
    }
  }

  private static func upgrade(
    _ database: Database, at path: String, _ watch: PageWatch, _ progress: ((Int, Int) -> Void)?
  ) throws -> UpgradeReport {
    guard let handle = database.sqliteConnection else { throw AufdbError(.internalDefect, "the store is closed") }
    let connection = Connection(handle: handle, watch: watch)
    let current = Int(StoreFile.formatVersion)
    var report = UpgradeReport(oldVersion: current, newVersion: current)
    try database.inTransaction(.immediate, ofFile: path) {
      // The log may know better than the file's header.
      let version = try connection.integer("PRAGMA user_version")
      guard version != Int64(current) else { return .rollback }
      switch version {
      case 1: try FormatOne(connection: connection).upgrade()
      case 2...5: try AddedObjects(connection: connection, format: Int(version)).upgrade()
      default: throw StoreFile.unknownFormat(version, of: "the store")
      }
      report.oldVersion = Int(version)
      try connection.executeScript("PRAGMA user_version = \(current)")
      var verification = Verification(connection: connection)
      try verification.run(progress: progress)
      if let problem = verification.report.problems.first {
        throw AufdbError(
          .badData, "the store is damaged: \(problem)", hint: "nothing was changed; restore it from a copy first")
      }
      report.commitCount = verification.report.commitCount
      report.rowCount = verification.report.rowCount
      return .commit
    }
    if report.oldVersion != current { report.compactionFailure = try connection.compact() }
    return report
  }
}

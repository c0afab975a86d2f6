// Who finds the index in its place, brings it up to date, or makes it: SearchIndex.swift says when.

import CFiles
import GRDBSQLite
import Glibc

/// Lends a store's index together with a snapshot of the store that it fits.
struct IndexKeeper {
  private let store: Store
  private let file: SearchIndexFile
  private let waitSeconds: Double

  init(_ store: Store, waitSeconds: Double) {
    self.store = store
    self.waitSeconds = waitSeconds
    file = SearchIndexFile(storePath: store.resolved)
  }

  /// Lends the index as it is; nil where there is none that fits, or that is whole.
  func withCurrentIndex<T>(_ body: (Connection, SearchIndex) throws -> T) throws -> T? {
    guard try file.state() == .usable, let index = try? SearchIndex(file.path, SQLITE_OPEN_READONLY) else { return nil }
    return try store.read { connection in
      do {
        return try index.transaction {
          let plan = try IndexPlan(store: IndexedRun.all(in: connection), known: index.runs())
          return plan == .nothing ? try body(connection, index) : nil
        }
      } catch is SearchIndex.Unfit {
        return nil
      } catch let error as AufdbError where index.isDamaged || Self.isLeftUndone(error) {
        return nil
      }
    }
  }

  /// Whether somebody died while adding to it, which only who may write can undo.
  private static func isLeftUndone(_ error: AufdbError) -> Bool {
    error.sqliteCode.map([SQLiteCode.readOnlyRollback, SQLiteCode.readOnlyRecovery].contains) == true
  }

  /// Makes the index fit, and lends it.
  ///
  /// - Parameters:
  ///   - forOnce: whether one that can't be kept is of use.
  ///   - makingAnew: whatever is there.
  func withKeptIndex<T>(
    forOnce: Bool, makingAnew: Bool, _ progress: (SearchProgress) -> Void,
    _ body: (Connection, SearchIndex) throws -> T
  ) throws -> (T, SearchIndexReport) {
    var obstacle: AufdbError?
    var lock: StoreLock?
    do throws(AufdbError) {
      try file.requireOurs()
      lock = try StoreLock.acquire(
        storePath: file.path, waitSeconds: max(waitSeconds, 0.1), command: "aufdb search", subject: "the search index",
        permissionsOf: store.resolved)
    } catch {
      guard forOnce, error.kind == .cannotCreateOutput else { throw error }
      obstacle = error
    }
    defer { withExtendedLifetime(lock) {} }
    let start = ContinuousClock.now
    // Under the lock: whoever held it before saw no later commit than this snapshot shows.
    return try store.read { connection in
      try withoutActuallyEscaping(progress) { progress in
        var work = IndexWork(file: file, store: connection, progress: progress)
        let index = try obstacle.map { try work.makeForOnce(because: $0) } ?? work.bringUpToDate(makingAnew: makingAnew)
        work.report.seconds = (ContinuousClock.now - start) / .seconds(1)
        do {
          return (try body(connection, index), work.report)
        } catch is AufdbError where index.isDamaged && !makingAnew {
          throw SearchIndex.Unfit()
        }
      }
    }
  }
}

/// Making an index fit one snapshot of the store. Its lock is held, unless it isn't kept.
private struct IndexWork {
  let file: SearchIndexFile
  let store: Connection
  let progress: (SearchProgress) -> Void
  var report: SearchIndexReport

  init(file: SearchIndexFile, store: Connection, progress: @escaping (SearchProgress) -> Void) {
    self.file = file
    self.store = store
    self.progress = progress
    report = SearchIndexReport(action: .nothing, path: file.path, textCount: 0, textBytes: 0, seconds: 0)
  }

  mutating func bringUpToDate(makingAnew: Bool) throws -> SearchIndex {
    let runs = try IndexedRun.all(in: store)
    if try file.state() == .usable, !makingAnew, let index = try added(runs) { return index }
    return try make(runs)
  }

  /// The index that is there, with what was missing; nil where it must be made anew.
  private mutating func added(_ runs: [IndexedRun]) throws -> SearchIndex? {
    guard access(file.path, W_OK) == 0, let index = try? SearchIndex(file.path, SQLITE_OPEN_READWRITE) else {
      return nil
    }
    do {
      switch try IndexPlan(store: runs, known: index.runs()) {
      case .makeAnew: return nil
      case .nothing: break
      case .add(let missing):
        try index.transaction("BEGIN IMMEDIATE") { try add(missing, to: index) }
        report.action = .added
      }
    } catch  where index.isDamaged && (error is AufdbError || error is SearchIndex.Unfit) {
      return nil
    }
    report.sizeBytes = SearchIndexFile.sizeBytes(file.path)
    return index
  }

  private mutating func make(_ runs: [IndexedRun]) throws -> SearchIndex {
    let leftover = aufdb_leftover_enter(file.aside, -1)
    defer { aufdb_leftover_forget(leftover) }
    try file.makeAside()
    var isInPlace = false
    defer { if !isInPlace { file.removeAside() } }
    do {
      let index = try SearchIndex(file.aside, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW)
      try fill(index, runs)
    }
    report.sizeBytes = SearchIndexFile.sizeBytes(file.aside)
    try file.replace()
    isInPlace = true
    report.action = .made
    return try SearchIndex(file.path, SQLITE_OPEN_READONLY)
  }

  mutating func makeForOnce(because obstacle: AufdbError) throws -> SearchIndex {
    let index = try SearchIndex(nil, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    try fill(index, IndexedRun.all(in: store))
    report.action = .madeForOnce(reason: obstacle.message)
    return index
  }

  /// Fills a new one, which is thrown away if that fails: no journal, and no merging before its end.
  private mutating func fill(_ index: SearchIndex, _ runs: [IndexedRun]) throws {
    try index.using {
      try index.connection.executeScript(
        "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384")
    }
    try index.create()
    try index.transaction {
      try index.using { try index.connection.executeScript("INSERT INTO word (word, rank) VALUES ('automerge', 0)") }
      try add(runs, to: index)
      try index.using { try index.connection.executeScript("INSERT INTO word (word, rank) VALUES ('automerge', 4)") }
    }
  }

  private mutating func add(_ runs: [IndexedRun], to index: SearchIndex) throws {
    var last = SearchProgress(doneCount: 0, count: 0, textBytes: 0)
    try index.add(runs, from: store) {
      last = $0
      progress($0)
    }
    (report.textCount, report.textBytes) = (last.doneCount, last.textBytes)
  }
}

// Counting a table, `SELECT count(*) FROM prompts_all`, is a single step of SQLite's machine, and so it can't be watched as
// other reading can (PageWatch.swift). But it can be interrupted from elsewhere.

import Dispatch
import GRDBSQLite
import Synchronization

/// Interrupts a statement that takes long, where the pages of the store make no trees.
final class CountingAlarm: Sendable {
  private static let seconds = 1.0
  /// A thread of its own: those of the global queue may all be counting.
  private static let queue = DispatchQueue(label: "aufdb.counting-alarm")

  private let watch: PageWatch
  /// The connection's address while the statement runs, and 0 afterwards.
  private let handle: Mutex<UInt>

  /// Runs `body`, in which a statement counts a table.
  static func set<Result>(on connection: Connection, _ body: () throws -> Result) rethrows -> Result {
    guard let watch = connection.watch else { return try body() }
    let alarm = CountingAlarm(watch, UInt(bitPattern: connection.handle))
    queue.asyncAfter(deadline: .now() + seconds) { alarm.goOff() }
    defer { alarm.handle.withLock { $0 = 0 } }
    return try body()
  }

  private init(_ watch: PageWatch, _ handle: UInt) {
    self.watch = watch
    self.handle = Mutex(handle)
  }

  private func goOff() {
    // The connection stays open, and its file with it, until the lock is given back.
    handle.withLock { address in
      guard let handle = OpaquePointer(bitPattern: address) else { return }
      if (try? watch.requireTrees()) == nil { sqlite3_interrupt(handle) }
    }
  }
}

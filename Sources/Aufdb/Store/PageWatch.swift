// Ends reading that would go on for ever, because the file's pages lead to one another (PageGraph.swift).
//
// To look at all pages whenever a store is opened would take longer than most commands. So SQLite reads what it is told
// to, and tells now and then how far it is (https://sqlite.org/c3ref/progress_handler.html). Whoever has done so much that
// a look at the pages takes next to nothing in comparison has them looked at, once: where they make trees, reading ends by
// itself, and goes on; otherwise it is interrupted, and the interruption explained.
//
//   after 20 million steps of SQLite's machine, and one for every 4 bytes: about 0.5 s, and 6 s a GB. The pages' references
//   after a minute, and a second a MB: the pages on which rows go on as well
//
// What a single step does can't be watched so: counting a table without looking at its rows, for which CountingAlarm.swift
// is there, and emptying one.

import GRDBSQLite
import Glibc
import Synchronization

/// The watch over one connection's reading. It must outlive the connection.
final class PageWatch: Sendable {
  /// How many steps lie between two looks at the counters.
  static let stepCount: Int32 = 4_000

  /// When it is time to look at the pages.
  struct Patience: Sendable {
    var steps: Int64 = 20_000_000
    var seconds = 60.0
    /// Both grow with the file.
    var bytesPerStep: Int64 = 4
    var bytesPerSecond = 1e6
  }

  private struct State {
    var file: OpenFile?
    var steps: Int64 = 0
    var since = PageWatch.seconds()
    /// The file's size; nil until it is asked for.
    var sizeBytes: Int64?
    var hasTrees = false
    var isDone = false
    var problem: String?
  }

  private let patience: Patience
  private let state = Mutex(State())

  init(_ patience: Patience = Patience()) { self.patience = patience }

  /// Watches a connection from now on.
  func begin(on handle: OpaquePointer) {
    // The address, because a pointer is nobody's to share. What it points to is lent for as long as this lives.
    let address = UInt(bitPattern: handle)
    state.withLock { $0.file = OpaquePointer(bitPattern: address).flatMap { OpenFile(of: $0) } }
    resume(on: handle)
  }

  /// The same, after something else was asked in its place.
  func resume(on handle: OpaquePointer) {
    sqlite3_progress_handler(
      handle, Self.stepCount,
      { context in
        guard let context else { return 0 }
        return Unmanaged<PageWatch>.fromOpaque(context).takeUnretainedValue().mayGoOn(after: PageWatch.stepCount)
          ? 0 : 1
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether reading may go on; to be asked while SQLite is at it.
  ///
  /// - Parameter steps: how many there were since it was last asked.
  func mayGoOn(after steps: Int32) -> Bool {
    state.withLock { state in
      guard !state.isDone else { return state.problem == nil }
      state.steps += Int64(steps)
      let isSuspect = state.steps > patience.steps && !state.hasTrees
      let seconds = Self.seconds() - state.since
      guard isSuspect || seconds > patience.seconds else { return true }
      let size = state.sizeBytes ?? state.file?.sizeBytes ?? 0
      state.sizeBytes = size
      if seconds > patience.seconds + Double(size) / patience.bytesPerSecond {
        look(&state, withRows: true)
      } else if isSuspect, state.steps > patience.steps + size / patience.bytesPerStep {
        look(&state, withRows: false)
      }
      return state.problem == nil
    }
  }

  /// Looks at the pages at once, unless that was done: for a step of SQLite's that doesn't tell how far it is.
  ///
  /// - Throws: `.badData` where they make no trees.
  func requireTrees() throws(AufdbError) {
    state.withLock { if !$0.hasTrees { look(&$0, withRows: false) } }
    if let damage { throw damage }
  }

  private func look(_ state: inout State, withRows: Bool) {
    guard let file = state.file else { return }
    state.problem = PageGraph.problem(of: file, withRows: withRows)
    state.hasTrees = true
    state.isDone = withRows || state.problem != nil
  }

  /// What was found, and why an error that came up since did; nil where nothing was.
  var damage: AufdbError? {
    state.withLock { $0.problem }.map { problem in
      AufdbError(
        .badData, "the store is damaged: \(problem), and reading it would take for ever",
        hint: "`aufdb verify STORE` tells more, and `aufdb salvage STORE NEW` copies out what can be read")
    }
  }

  /// On a clock that costs a few instructions.
  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

// Ends reading that would go on for ever, because the file's pages lead to one another (PageGraph.swift).
//
// To look at all pages whenever a store is opened would take longer than most commands. So SQLite reads what it is told
// to, and says now and then that it is still at it (https://sqlite.org/c3ref/progress_handler.html). Whoever has read for
// so long that a look at the pages takes little in comparison has them looked at, once: where they make trees, reading
// ends by itself, and goes on; otherwise it is interrupted, and the interruption explained.
//
//   after 0.5 s, and 6 s a GB          the pages' references
//   after 60 s, and 1,000 s a GB       the pages on which rows go on as well
//
// What a single step of SQLite's machine does can't be watched so: counting a table without looking at its rows, for which
// CountingAlarm.swift is there, and emptying one.

import GRDBSQLite
import Glibc
import Synchronization

/// The watch over one connection's reading. It must outlive the connection.
final class PageWatch: Sendable {
  /// How many steps of its machine lie between two looks at the clock.
  static let stepCount: Int32 = 4_000

  /// How long reading may take before the pages are looked at; both grow with the file.
  struct Patience: Sendable {
    var seconds = 0.5
    var secondsPerByte = 6e-9
    /// Before the pages on which rows go on are.
    var rowSeconds = 60.0
    var rowSecondsPerByte = 1e-6
  }

  private struct State {
    var file: OpenFile?
    var since = PageWatch.seconds()
    /// The file's size; nil until it is asked for.
    var sizeBytes: Double?
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
        return Unmanaged<PageWatch>.fromOpaque(context).takeUnretainedValue().mayGoOn ? 0 : 1
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether reading may go on; to be asked while SQLite is at it.
  var mayGoOn: Bool {
    state.withLock { state in
      guard !state.isDone else { return state.problem == nil }
      let seconds = Self.seconds() - state.since
      guard seconds > (state.hasTrees ? patience.rowSeconds : patience.seconds) else { return true }
      let size = state.sizeBytes ?? Double(state.file?.sizeBytesWithLog ?? 0)
      state.sizeBytes = size
      if seconds > patience.rowSeconds + size * patience.rowSecondsPerByte {
        look(&state, withRows: true)
      } else if !state.hasTrees, seconds > patience.seconds + size * patience.secondsPerByte {
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

// How long SQLite has worked on a statement: the time between rows, while the caller writes them or its reader sleeps,
// doesn't count.

import Glibc

/// Measures one statement after the other, each against the same limit.
final class QueryClock {
  private let limitSeconds: Double?
  private let caller: QueryCaller
  private let limit: UInt64
  private var spent: UInt64 = 0
  private var since = now()

  /// - Parameters:
  ///   - limitSeconds: nil for any time; then nothing is measured.
  ///   - caller: who is told how to get more time.
  init(limitSeconds: Double?, for caller: QueryCaller) {
    self.limitSeconds = limitSeconds
    self.caller = caller
    // Beyond some centuries, any time.
    limit = limitSeconds.map { $0 < 1e10 ? UInt64($0 * 1e9) : .max } ?? .max
  }

  /// Another statement begins.
  func restart() { spent = 0 }

  /// SQLite gets to work.
  @inline(__always) func begin() { if limit != .max { since = Self.now() } }

  /// SQLite has a row, or is done.
  @inline(__always) func end() { if limit != .max { spent += Self.now() - since } }

  /// Whether the limit is passed; to be asked while SQLite works.
  var isOver: Bool { limit != .max && spent + (Self.now() - since) > limit }

  /// Says of an interruption that it came from here.
  func explained(_ error: AufdbError) -> AufdbError {
    guard error.isInterruption, limit != .max, spent > limit, let limitSeconds else { return error }
    let seconds = limitSeconds == limitSeconds.rounded() ? String(Int(limitSeconds)) : String(limitSeconds)
    return AufdbError(.refused, "the query took longer than \(seconds) s", hint: caller.moreTime)
  }

  /// Nanoseconds, to a few milliseconds: this clock is asked twice a row, and costs a fraction of the exact one.
  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

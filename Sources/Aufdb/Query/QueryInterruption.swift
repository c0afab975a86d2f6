// Stopping a query that nobody waits for any longer.

import GRDBSQLite

extension Connection {
  /// Lets `body` run for as long as `shouldContinue`, asked now and then, says so; then SQLite reports an interruption.
  func interrupting<Result>(unless shouldContinue: (() -> Bool)?, _ body: () throws -> Result) rethrows -> Result {
    guard let shouldContinue else { return try body() }
    return try withoutActuallyEscaping(shouldContinue) { shouldContinue in
      let question = Question(shouldContinue, watch)
      // https://sqlite.org/c3ref/progress_handler.html: a result other than 0 interrupts.
      sqlite3_progress_handler(
        handle, PageWatch.stepCount,
        { context in
          guard let context else { return 0 }
          return Unmanaged<Question>.fromOpaque(context).takeUnretainedValue().mayGoOn ? 0 : 1
        }, Unmanaged.passUnretained(question).toOpaque())
      defer {
        sqlite3_progress_handler(handle, 0, nil, nil)
        watch?.resume(on: handle)
      }
      return try withExtendedLifetime(question, body)
    }
  }
}

/// Carries the question through C, and the watch whose place it takes.
private final class Question {
  private let shouldContinue: () -> Bool
  private let watch: PageWatch?

  init(_ shouldContinue: @escaping () -> Bool, _ watch: PageWatch?) {
    (self.shouldContinue, self.watch) = (shouldContinue, watch)
  }

  var mayGoOn: Bool { shouldContinue() && watch?.mayGoOn ?? true }
}

extension AufdbError {
  /// Whether SQLite was made to stop.
  var isInterruption: Bool { sqliteCode.map { $0 & 0xff } == SQLITE_INTERRUPT }
}

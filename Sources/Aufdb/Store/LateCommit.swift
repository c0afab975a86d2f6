// A commit that stands, and of which SQLite says that it failed.
//
// With a rollback journal a transaction is done when the journal has lost its name. Then the folder is brought to the
// disk (synchronous = EXTRA), and where that fails SQLite reports an error of a transaction that nothing can take back
// any more: the change is in the file, and is seen by whoever reads it next.

import GRDB

extension Database {
  /// Runs a transaction on the file at `path`, as `inTransaction` does. If the change stands and isn't on the disk for
  /// certain, it is brought there once more.
  ///
  /// - Throws: what `body` throws; `.inputOutput` where the disk fails again.
  func inTransaction(
    _ kind: TransactionKind, ofFile path: String, _ body: () throws -> TransactionCompletion
  ) throws {
    var isKept = false
    do {
      try inTransaction(kind) {
        let completion = try body()
        isKept = completion == .commit
        return completion
      }
    } catch let error as DatabaseError where isKept && error.extendedResultCode == .SQLITE_IOERR_DIR_FSYNC {
      do throws(StreamError) {
        try Folder.synchronizeName(path)
      } catch {
        throw AufdbError(
          .inputOutput, "the change is made, but the disk failed at last: a loss of power may undo it",
          hint: "look at `aufdb log` before doing it again")
      }
    }
  }
}

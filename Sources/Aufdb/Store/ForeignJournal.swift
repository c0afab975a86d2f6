// A rollback journal that is not a store's.
//
// Where a transaction changed several databases at once, SQLite's journal ends with the name of a super-journal, and
// whoever plays it back removes that file, if no other journal refers to it (https://sqlite.org/atomiccommit.html,
// section 5). A store is never changed together with another database. So a journal with such a name was put there by
// somebody, and the file that it names, which may be any file of the user's, would be gone after opening the store.

import Glibc

enum ForeignJournal {
  /// What every journal begins with, and one with the name of a super-journal ends with
  /// (https://sqlite.org/fileformat2.html#the_rollback_journal).
  private static let magic: [UInt8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]

  /// Looks at the journal beside a store, if there is one.
  ///
  /// - Parameter storePath: without symbolic links.
  /// - Throws: `.badData` where it names another file.
  static func refuse(besides storePath: String) throws(AufdbError) {
    let path = storePath + "-journal"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    var end = [UInt8](repeating: 0, count: magic.count)
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > magic.count,
      pread(descriptor, &end, end.count, status.st_size - end.count) == end.count, end == magic
    else { return }
    throw AufdbError(
      .badData, "\(path) is not the journal of a store: it names another file, which SQLite would remove",
      hint: "aufdb makes no such journal; look where the store came from, and get a copy of it without the journal")
  }
}

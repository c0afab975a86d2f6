// A file that is written aside and takes its name only when it is whole, in place of one that has it.
//
// Aside is ".NAME.PID.tmp" beside it, on the same file system, so that the last step is one rename: whoever opens the
// name finds the old file or the new one, and after an error the old one is still there. Only a killed process leaves
// something behind, and what it leaves has the other name. Where the name is a symbolic link, the file that it leads to
// is replaced, and the link stays. A pipe or a device (/dev/null) can't be replaced: bytes go right into it.

import Glibc

/// Writes a whole file, in place of an old one or not.
package final class FileReplacement {
  /// The path as given.
  private let path: String
  /// The path without links.
  private let target: String
  /// Whether a file is replaced, whose permissions the new one gets.
  private let replaces: Bool
  /// Nil where bytes go right to the target, and once it has its name.
  private var aside: AsideFile?
  private let sink: ByteSink

  /// Begins the file. Databases of SQLite are not replaced: there is too much in them to be lost to a slip.
  ///
  /// - Parameters:
  ///   - path: the name that it is to have.
  ///   - compression: how to compress.
  /// - Throws: `.refused` for the name of a database, `.cannotCreateOutput` where nothing can be written.
  package init(path: String, compression: Compression) throws(AufdbError) {
    self.path = path
    do {
      // https://sqlite.org/fileformat.html#the_database_header
      guard try !FileBeginning.isMagic("SQLite format 3\0", of: path) else {
        throw AufdbError(.refused, "\(path) is a SQLite database, and is not replaced", hint: "choose another name")
      }
      let encoder = try ByteSink.encoder(for: compression, path: path)
      var status = stat()
      let exists = stat(path, &status) == 0
      guard !exists || status.st_mode & S_IFMT != S_IFDIR else {
        throw StreamError(.create, path: path, code: EISDIR)
      }
      replaces = exists && status.st_mode & S_IFMT == S_IFREG
      guard replaces || !exists else {
        target = path
        sink = ByteSink(descriptor: try FileDescriptor.writing(path), encoder: encoder)
        return
      }
      target = exists ? Folder.withoutLinks(path) : path
      let aside = try Self.makeAside(target, path: path)
      var descriptor = try aside.opened()
      descriptor.path = path
      sink = ByteSink(descriptor: descriptor, encoder: encoder)
      self.aside = consume aside
    } catch {
      throw AufdbError.from(error)
    }
  }

  /// Writes some bytes.
  ///
  /// Errors: `inputOutput`, also for a full disk; `closedPipe`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) { try sink.write(bytes) }

  /// Ends the file, gives it its name, and waits until both are on the disk.
  package func publish() throws(StreamError) {
    try sink.finish()
    guard aside != nil else { return }
    try aside?.settle(replacing: replaces ? target : nil)
    try aside?.replace(target)
    aside = nil
    try Folder.synchronizeName(target)
  }

  private static func makeAside(_ target: String, path: String) throws(StreamError) -> AsideFile {
    let nameStart = target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex
    let (parent, name) = (target[..<nameStart], target[nameStart...])
    // "" and "folder/" name no file.
    guard !name.isEmpty else { throw StreamError(.create, path: path, code: path.isEmpty ? ENOENT : EISDIR) }
    return try AsideFile(beside: "\(parent).\(name)", calling: path)
  }
}

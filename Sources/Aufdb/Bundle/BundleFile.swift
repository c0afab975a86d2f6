// A bundle as a file: written aside, and given its name only when it is whole.

import Glibc

/// A file in the making; removed again unless it is published.
struct BundleFile: ~Copyable {
  private let target: String
  private var aside: AsideFile
  private let replaces: Bool
  private var descriptor: FileDescriptor

  /// - Parameters:
  ///   - target: its path; where that is a symbolic link to a bundle, the link stays, and the bundle is replaced.
  ///   - force: whether a bundle that has the name may be replaced.
  /// - Throws: `.refused` where the name is taken, `.cannotCreateOutput` where the file can't be made.
  init(at target: String, force: Bool) throws {
    var status = stat()
    let exists = lstat(target, &status) == 0
    if exists {
      guard force else {
        throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or replace it with --force")
      }
      guard try FileBeginning.isMagic(BundleFormat.magic, of: target) else {
        throw AufdbError(.refused, "\(target) is not a bundle, and is not replaced", hint: "choose another name")
      }
    }
    let resolved = exists ? Folder.withoutLinks(target) : target
    let aside = try AsideFile(beside: resolved, calling: target)
    descriptor = try aside.opened()
    self.target = resolved
    self.aside = aside
    replaces = exists
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) { try descriptor.write(bytes) }

  /// Gives it its name, and waits until both are on the disk.
  mutating func publish() throws {
    try aside.settle(replacing: replaces ? target : nil)
    try descriptor.synchronize()
    try descriptor.close()
    if replaces { try aside.replace(target) } else { try aside.take(target) }
    do throws(StreamError) {
      try Folder.synchronizeName(target)
    } catch {
      // What isn't there for good isn't there, and the name is free again. What was replaced is gone.
      if !replaces { unlink(target) }
      throw error
    }
  }
}

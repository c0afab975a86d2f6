// A bundle as a file: written aside, and given its name only when it is whole.

import Glibc

/// A file in the making; removed again unless it is published.
struct BundleFile: ~Copyable {
  private let target: String
  private let aside: String
  private let replaces: Bool
  private var descriptor: FileDescriptor
  private var isPublished = false

  /// - Parameter force: whether a bundle that has the name may be replaced.
  /// - Throws: `.refused` where the name is taken, `.cannotCreateOutput` where the file can't be made.
  init(at target: String, force: Bool) throws {
    var status = stat()
    let exists = lstat(target, &status) == 0
    if exists {
      guard force else {
        throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or replace it with --force")
      }
      guard Self.isBundle(target) else {
        throw AufdbError(.refused, "\(target) is not a bundle, and is not replaced", hint: "choose another name")
      }
    }
    let descriptor = try Self.makeAside(target, mode: 0o644)
    self.target = target
    aside = descriptor.path
    self.descriptor = descriptor
    replaces = exists
  }

  /// Makes an empty file beside `target`, to be written and read. A killed process of the same number may have left one
  /// behind.
  ///
  /// - Parameter name: what an error calls it.
  static func makeAside(
    _ target: String, mode: mode_t, calling name: String? = nil
  ) throws(StreamError) -> FileDescriptor {
    for attempt in 0..<100 {
      let path = "\(target).\(getpid())\(attempt == 0 ? "" : "-\(attempt)").tmp"
      let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if number >= 0 { return FileDescriptor(number, path: path, isOwned: true) }
      guard errno == EEXIST else { break }
    }
    throw StreamError(.create, path: name ?? target, code: errno)
  }

  deinit {
    if !isPublished { unlink(aside) }
  }

  private static func isBundle(_ path: String) -> Bool {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return false }
    defer { close(number) }
    var bytes = [UInt8](repeating: 0, count: BundleFormat.magic.utf8.count)
    return read(number, &bytes, bytes.count) == bytes.count && bytes == Array(BundleFormat.magic.utf8)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) { try descriptor.write(bytes) }

  /// Gives it its name, and waits until both are on the disk.
  mutating func publish() throws {
    try descriptor.synchronize()
    try descriptor.close()
    // A link can't replace what somebody else made meanwhile.
    let isLinked = !replaces && link(aside, target) == 0
    guard isLinked || ((replaces || errno != EEXIST) && rename(aside, target) == 0) else {
      throw StreamError(.create, path: target, code: errno)
    }
    if isLinked { unlink(aside) }
    isPublished = true
    do throws(StreamError) {
      try Folder.synchronizeName(target)
    } catch {
      // What isn't there for good isn't there, and the name is free again. What was replaced is gone.
      if !replaces { unlink(target) }
      throw error
    }
  }
}

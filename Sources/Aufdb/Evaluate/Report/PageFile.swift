// A report's page as a file: made before the work begins, so that hours aren't lost to a folder that isn't there, and
// given its name only when it is whole.

import Glibc

/// A file in the making; removed again unless it is published.
public struct PageFile: ~Copyable {
  private let target: String
  private let descriptor: FileDescriptor
  private var isPublished = false

  /// - Parameters:
  ///   - target: the path that it will have.
  ///   - force: whether a file of that name may be replaced.
  /// - Throws: `.refused` where the name is taken; `.cannotCreateOutput` where no file can be made there.
  public init(at target: String, force: Bool) throws {
    var status = stat()
    if lstat(target, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw AufdbError(.refused, "\(target) is no file, and is not replaced", hint: "choose another name")
      }
      guard force else {
        throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or replace it with --force")
      }
    }
    let descriptor = try Self.makeAside(target)
    self.target = target
    self.descriptor = descriptor
  }

  private static func makeAside(_ target: String) throws(AufdbError) -> FileDescriptor {
    do throws(StreamError) {
      return try BundleFile.makeAside(target, mode: 0o644)
    } catch {
      throw AufdbError(error)
    }
  }

  deinit {
    if !isPublished { unlink(descriptor.path) }
  }

  /// Writes the text and gives the file its name.
  /// - Throws: `.inputOutput` for a full disk; nothing is there under the name then, or what was before.
  public mutating func publish(_ text: String) throws {
    var text = text
    do {
      try text.withUTF8 { try descriptor.write(UnsafeRawBufferPointer($0)) }
      try descriptor.synchronize()
      guard rename(descriptor.path, target) == 0 else {
        throw StreamError(.create, path: target, code: errno)
      }
      isPublished = true
      try Folder.synchronizeName(target)
    } catch {
      throw AufdbError.from(error)
    }
  }
}

// A report's page as a file: made before the work begins, so that hours aren't lost to a folder that isn't there, and
// given its name only when it is whole.

import Glibc

/// A file in the making; removed again unless it is published.
public struct PageFile: ~Copyable {
  private let target: String
  private var aside: AsideFile
  private let replaces: Bool

  /// - Parameters:
  ///   - target: the path that it will have.
  ///   - force: whether a file of that name may be replaced.
  /// - Throws: `.refused` where the name is taken; `.cannotCreateOutput` where no file can be made there.
  public init(at target: String, force: Bool) throws {
    var status = stat()
    let exists = lstat(target, &status) == 0
    if exists {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw AufdbError(.refused, "\(target) is no file, and is not replaced", hint: "choose another name")
      }
      guard force else {
        throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or replace it with --force")
      }
    }
    aside = try AsideFile.making(beside: target)
    self.target = target
    replaces = exists
  }

  /// Writes the text and gives the file its name.
  /// - Throws: `.inputOutput` for a full disk; nothing is there under the name then, or what was before.
  public mutating func publish(_ text: String) throws {
    var text = text
    do {
      let descriptor = try aside.opened()
      try text.withUTF8 { try descriptor.write(UnsafeRawBufferPointer($0)) }
      try descriptor.synchronize()
      try aside.settle(replacing: replaces ? target : nil)
      try aside.replace(target)
      try Folder.synchronizeName(target)
    } catch {
      throw AufdbError.from(error)
    }
  }
}

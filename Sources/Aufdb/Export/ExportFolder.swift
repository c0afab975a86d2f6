// An export's folder: made aside under a name that nobody looks for, and given its own name only when it is whole.
//
// Aside is ".NAME.PID.tmp" beside it, on the same file system, so that the last step is one rename. Whatever fails
// before leaves nothing behind; only a killed process does, and what it leaves has the other name.

import CFiles
import FoundationEssentials
import Glibc

/// A folder in the making, removed again unless it is published.
struct ExportFolder: ~Copyable {
  /// Where to write.
  let path: String
  private let target: String
  private let isReplacing: Bool
  private var aside: AsideFile
  /// The folders inside it.
  private var folders = ["data"]

  /// Makes the folder aside, with an empty folder `data` in it.
  ///
  /// - Parameters:
  ///   - target: the name that it is to have.
  ///   - force: whether an export that has this name may be replaced.
  /// - Throws: `.refused` where the name is taken, `.cannotCreateOutput` where the folder can't be made.
  init(at target: String, force: Bool) throws(AufdbError) {
    var target = target
    while target.utf8.count > 1, target.hasSuffix("/") { target.removeLast() }
    let name = target[(target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex)...]
    guard !name.isEmpty, name != ".", name != ".." else {
      throw AufdbError(.usage, "'\(target)' can't be the name of an export", hint: "name a folder that isn't there yet")
    }
    let isReplacing = try Self.checkTarget(target, force: force)
    let aside = try AsideFile.making(
      beside: "\(target.dropLast(name.count)).\(name)", isFolder: true, calling: target)
    guard mkdir("\(aside.path)/data", 0o777) == 0 else { throw Self.failure(target, errno) }
    path = aside.path
    self.aside = aside
    self.isReplacing = isReplacing
    self.target = target
  }

  /// Writes a small file into the folder.
  func write(_ text: String, as name: String) throws(AufdbError) {
    let path = "\(path)/\(name)"
    let bytes = Array(text.utf8)
    do {
      let sink = try ByteSink(path: path, compression: .none)
      try bytes.withUnsafeBytes { try sink.write($0) }
      try sink.finish()
    } catch {
      throw AufdbError.from(error)
    }
  }

  /// Makes a further folder inside it; returns its path.
  mutating func addFolder(_ name: String) throws(AufdbError) -> String {
    guard mkdir("\(path)/\(name)", 0o777) == 0 else { throw Self.failure(target, errno) }
    folders.append(name)
    return "\(path)/\(name)"
  }

  /// Removes a folder inside it that nothing was written to.
  mutating func dropFolderIfEmpty(_ name: String) {
    if rmdir("\(path)/\(name)") == 0 { folders.removeAll { $0 == name } }
  }

  /// Gives the folder its name, in place of the export that it replaces.
  mutating func publish() throws(AufdbError) {
    for folder in folders { try Self.synchronize("\(path)/\(folder)") }
    try Self.synchronize(path)
    try AufdbError.ofStream(aside.settle(replacing: isReplacing ? target : nil))
    if isReplacing { return try replace() }
    try Self.rename(path, to: target)
    do throws(AufdbError) {
      try Self.synchronize(Folder.parent(of: target))
    } catch {
      // What isn't there for good isn't there, and the name is free again.
      try Self.rename(target, to: path)
      throw error
    }
    aside.finish()
  }

  private mutating func replace() throws(AufdbError) {
    let old = try takePlace()
    aside.finish()
    // The old one goes only when the new one has the name for good.
    try Self.synchronize(Folder.parent(of: target))
    do {
      try FileManager.default.removeItem(atPath: old)
    } catch {
      throw AufdbError(.inputOutput, "\(target) is written, but what it replaces can't be removed: \(old)")
    }
  }

  /// Gives the folder the name of the one that is there; returns where that one is now.
  private func takePlace() throws(AufdbError) -> String {
    // In one step, so that there is an export at any moment; not every file system can (rename(2)).
    if aufdb_exchange(path, target) == 0 { return path }
    let old = path + ".old"
    try Self.rename(target, to: old)
    do throws(AufdbError) {
      try Self.rename(path, to: target)
    } catch {
      try Self.rename(old, to: target)
      throw error
    }
    return old
  }

  static func rename(_ old: String, to new: String) throws(AufdbError) {
    guard Glibc.rename(old, new) != 0 else { return }
    guard errno != ENOTEMPTY, errno != EEXIST else {
      throw AufdbError(.refused, "\(new) has come into being meanwhile", hint: "choose another name")
    }
    throw failure(new, errno)
  }

  private static func synchronize(_ path: String) throws(AufdbError) {
    try AufdbError.ofStream(Folder.synchronize(path))
  }

  static func failure(_ path: String, _ code: Int32) -> AufdbError {
    AufdbError(StreamError(.create, path: path, code: code))
  }
}

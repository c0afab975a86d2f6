// An export's folder: made aside under a name that nobody looks for, and given its own name only when it is whole.
//
// Aside is ".NAME.PID.tmp" beside it, on the same file system, so that the last step is one rename. Whatever fails
// before leaves nothing behind; only a killed process does, and what it leaves has the other name.

import FoundationEssentials
import Glibc

/// A folder in the making, removed again unless it is published.
struct ExportFolder: ~Copyable {
  /// Where to write.
  let path: String
  private let target: String
  private let isReplacing: Bool
  private var isPublished = false
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
    let path = try Self.makeAside(parent: String(target.dropLast(name.count)), name: String(name), target: target)
    self.isReplacing = isReplacing
    self.target = target
    self.path = path
  }

  deinit {
    // Nothing better can be done about what can't be removed; it has a name that no reader takes for an export.
    if !isPublished { try? FileManager.default.removeItem(atPath: path) }
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
    guard mkdir("\(path)/\(name)", 0o755) == 0 else { throw Self.failure(target, errno) }
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
    if isReplacing { return try replace() }
    try Self.rename(path, to: target)
    do throws(AufdbError) {
      try Self.synchronize(Folder.parent(of: target))
    } catch {
      // What isn't there for good isn't there, and the name is free again.
      try Self.rename(target, to: path)
      throw error
    }
    isPublished = true
  }

  private mutating func replace() throws(AufdbError) {
    let old = path + ".old"
    try Self.rename(target, to: old)
    do throws(AufdbError) {
      try Self.rename(path, to: target)
    } catch {
      try Self.rename(old, to: target)
      throw error
    }
    isPublished = true
    // The old one goes only when the new one has the name for good.
    try Self.synchronize(Folder.parent(of: target))
    do {
      try FileManager.default.removeItem(atPath: old)
    } catch {
      throw AufdbError(.inputOutput, "\(target) is written, but what it replaces can't be removed: \(old)")
    }
  }

  /// Whether there is an export of this name, which is to be replaced.
  private static func checkTarget(_ target: String, force: Bool) throws(AufdbError) -> Bool {
    var status = stat()
    guard lstat(target, &status) == 0 else {
      // A missing parent is told when the folder is made.
      guard errno == ENOENT || errno == ENOTDIR || errno == EACCES else { throw failure(target, errno) }
      return false
    }
    guard force else {
      throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or replace it with --force")
    }
    guard status.st_mode & S_IFMT == S_IFDIR, isExport(target) else {
      throw AufdbError(
        .refused, "\(target) is not an export of aufdb, and is not replaced", hint: "choose another name")
    }
    return true
  }

  /// Whether a folder has a manifest as aufdb writes it: a JSON object with a "format" that we know.
  private static func isExport(_ path: String) -> Bool {
    guard let manifest = FileManager.default.contents(atPath: "\(path)/manifest.json") else { return false }
    return manifest.withUnsafeBytes { bytes in
      var reader = JSONReader()
      reader.begin(bytes)
      var format: String?
      do throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
          if key == "format" { format = try reader.stringValue() } else { _ = try reader.skipValue() }
        }
        try reader.finish()
      } catch {
        return false
      }
      return format.flatMap(ExportFormat.init(rawValue:)) != nil
    }
  }

  private static func makeAside(parent: String, name: String, target: String) throws(AufdbError) -> String {
    // A killed process of the same number may have left a folder behind.
    for attempt in 0..<100 {
      let path = "\(parent).\(name).\(getpid())\(attempt == 0 ? "" : "-\(attempt)").tmp"
      if mkdir(path, 0o755) == 0 {
        if mkdir("\(path)/data", 0o755) == 0 { return path }
        let code = errno
        rmdir(path)
        throw failure(target, code)
      }
      guard errno == EEXIST else { throw failure(target, errno) }
    }
    throw failure(target, EEXIST)
  }

  static func rename(_ old: String, to new: String) throws(AufdbError) {
    guard Glibc.rename(old, new) != 0 else { return }
    guard errno != ENOTEMPTY, errno != EEXIST else {
      throw AufdbError(.refused, "\(new) has come into being meanwhile", hint: "choose another name")
    }
    throw failure(new, errno)
  }

  private static func synchronize(_ path: String) throws(AufdbError) {
    do throws(StreamError) {
      try Folder.synchronize(path)
    } catch {
      throw AufdbError(error)
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> AufdbError {
    AufdbError(StreamError(.create, path: path, code: code))
  }
}

// The records that an import goes on without, in a file of JSON Lines:
//
//   {"file", "line", "reason", "record"}    record: the record as a text; where that isn't UTF-8, its bytes stand in
//                                           record_base64 beside it
//
// The file is made with the first bad record, under a name aside (".NAME.PID.tmp"). It gets its own name when it is whole
// and on the disk, just before the import's commit is: a process killed between the two leaves a list without its
// commit, and never a commit without its list. The same import run again makes the same list, finds it there, and goes
// on. Where the import fails, nothing is left.

import FoundationEssentials
import Glibc

/// Writes the bad records of one import.
final class BadRecords {
  private(set) var count = 0
  /// How many records have each fault, in general words.
  private(set) var reasons: [String: Int] = [:]

  private let target: String
  private var aside: AsideFile?
  /// Whether a list stood there at the beginning, which must be the one that this import makes.
  private let isThere: Bool
  private var file: FileDescriptor?
  private var writer = JSONWriter()
  private var state = State.aside

  private enum State {
    case aside
    case published
    case kept
  }

  /// More faults than these are counted as one.
  private static let reasonLimit = 50
  private static let otherReasons = "something else"
  private static let blockSize = 1 << 16

  /// - Parameter target: a path where there is nothing, or a list of bad records.
  /// - Throws: `.usage` for no path, `.refused` where there is something, `.cannotCreateOutput` where no file can be made.
  init(_ target: String) throws(AufdbError) {
    guard !target.isEmpty, target != "-" else {
      throw AufdbError(.usage, "bad records go to a file", hint: "name one with --skip-bad FILE")
    }
    var status = stat()
    isThere = lstat(target, &status) == 0
    guard !isThere || (status.st_mode & S_IFMT == S_IFREG && Self.isList(target)) else {
      throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or remove it")
    }
    let folder = Self.split(target).folder
    guard !target.hasSuffix("/"), access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
      throw AufdbError(StreamError(.create, path: target, code: target.hasSuffix("/") ? EISDIR : errno))
    }
    self.target = target
  }

  deinit {
    if state == .published { unlink(target) }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// Whether a file begins as a list of bad records does.
  private static func isList(_ path: String) -> Bool {
    let beginning = Array(#"{"file":"#.utf8)
    guard let descriptor = try? FileDescriptor.opening(path) else { return false }
    var bytes = [UInt8](repeating: 0, count: beginning.count)
    let count = bytes.withUnsafeMutableBytes { try? descriptor.read(into: $0, at: 0) }
    return count == beginning.count && bytes == beginning
  }

  /// Adds a record.
  ///
  /// - Throws: `StreamError`: no file can be made, or the disk is full.
  func add(_ record: Bytes, at place: AufdbError.Place, _ fault: RecordFault) throws(StreamError) {
    if file == nil {
      let (folder, name) = Self.split(target)
      let aside = try AsideFile(beside: "\(folder).\(name)")
      file = try aside.opened()
      self.aside = consume aside
    }
    count += 1
    let isKnown = reasons[fault.kind] != nil || reasons.count < Self.reasonLimit
    reasons[isKnown ? fault.kind : Self.otherReasons, default: 0] += 1

    writer.beginObject()
    writer.key("file")
    writer.string(place.file)
    writer.key("line")
    if let line = place.line { writer.int(Int64(line)) } else { writer.null() }
    writer.key("reason")
    writer.string(fault.reason)
    writer.key("record")
    if let text = String(validating: record, as: UTF8.self) {
      writer.string(text)
    } else {
      writer.string(String(decoding: record, as: UTF8.self))
      writer.key("record_base64")
      writer.string(Data(record).base64EncodedString())
    }
    writer.endObject()
    writer.newline()
    if writer.count >= Self.blockSize { try flush() }
  }

  private func flush() throws(StreamError) {
    try writer.withBytes { bytes throws(StreamError) in try file?.write(bytes) }
    writer.removeAll()
  }

  /// Whether the whole list is there already, as a process that was killed before its commit leaves it.
  ///
  /// - Throws: `.refused` where another list has the name.
  func isThereAlready() throws -> Bool {
    guard isThere else { return false }
    try flush()
    guard let made = file?.path, FileManager.default.contentsEqual(atPath: made, andPath: target) else {
      throw AufdbError(
        .refused, "\(target) exists already, and lists other records", hint: "choose another name, or remove it")
    }
    aside = nil
    return true
  }

  /// Gives the file its name, once it is on the disk; nothing where no record was bad.
  ///
  /// - Throws: `StreamError`, also where somebody else has taken the name meanwhile.
  func publish() throws(StreamError) {
    guard count > 0 else { return }
    try flush()
    try aside?.settle()
    try file?.synchronize()
    try aside?.take(target)
    aside = nil
    state = .published
    try Folder.synchronizeName(target)
  }

  /// Says that the import is committed: the file stays.
  func keep() { state = .kept }
}

// What was typed in earlier shells: a file with a line for each statement or command, the newest last.
//
// Each entry is appended as soon as it is typed, so that several shells can share the file and none loses anything when
// it is killed. The file is cut to its newest half when it is too long, by a rename, so that it is never half a file.
// Nobody else may read it.

import Aufdb
import Glibc

struct ShellHistory {
  let entries: [String]
  private let path: String

  /// The file is cut to half of this when it is longer, and an entry may have a sixteenth of it.
  static let byteLimit = 2 << 20

  /// Where it is, by the XDG Base Directory Specification; nil where the environment doesn't say.
  static func path(_ environment: (String) -> String?) -> String? {
    // Relative paths are to be ignored.
    if let folder = environment("XDG_STATE_HOME"), folder.hasPrefix("/") { return folder + "/aufdb/history" }
    return environment("HOME").flatMap { $0.hasPrefix("/") ? $0 + "/.local/state/aufdb/history" : nil }
  }

  /// Reads the file, and makes it and the folders above it if they aren't there.
  ///
  /// - Throws: `.cannotCreateOutput` where it can't be read or written.
  init(path: String) throws(AufdbError) {
    self.path = path
    Self.makeFolders(above: path)
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw AufdbError(.cannotCreateOutput, "\(path) is not a file")
    }
    if status.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
    let isTooLong = Int(status.st_size) > Self.byteLimit
    let start = isTooLong ? Int(status.st_size) - Self.byteLimit / 2 : 0
    let bytes = try Self.bytes(descriptor, from: start, path)
    // The first line of a part may be half a line.
    let whole = isTooLong ? bytes.drop { $0 != 0x0A }.dropFirst() : bytes[...]
    entries = whole.split(separator: 0x0A).compactMap { String(validating: $0, as: UTF8.self) }
    if isTooLong { Self.replace(path, by: Array(whole)) }
  }

  /// Adds what was typed: the lines of a statement, as one entry where a blank can stand between them.
  ///
  /// - Returns: the entries that it makes; none for what begins with a blank.
  func append(_ lines: [String]) throws(AufdbError) -> [String] {
    let entries = Self.entries(lines)
    guard !entries.isEmpty else { return [] }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var bytes = Array((entries.joined(separator: "\n") + "\n").utf8)
    // One call, so that two shells' entries don't mix.
    guard write(descriptor, &bytes, bytes.count) == bytes.count else { throw Self.failure(path) }
    return entries
  }

  /// What becomes of the lines of a statement: a comment needs its line's end, and so does a string that goes on.
  static func entries(_ lines: [String]) -> [String] {
    guard let first = lines.first, !first.hasPrefix(" "), !lines.allSatisfy(\.isEmpty) else { return [] }
    let isJoined = lines.allSatisfy { line in
      !line.contains("--") && line.count { $0 == "'" } % 2 == 0 && line.count { $0 == "\"" } % 2 == 0
    }
    let entries = isJoined ? [lines.joined(separator: " ")] : lines
    return entries.filter { !$0.isEmpty && $0.utf8.count <= byteLimit / 16 && !$0.utf8.contains(0x0A) }
  }

  private static func makeFolders(above path: String) {
    var place = path.startIndex
    while let slash = path[place...].dropFirst().firstIndex(of: "/") {
      // Those that are there already stay as they are; opening the file tells what is wrong.
      mkdir(String(path[..<slash]), 0o700)
      place = slash
    }
  }

  private static func bytes(_ descriptor: Int32, from start: Int, _ path: String) throws(AufdbError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    lseek(descriptor, start, SEEK_SET)
    while bytes.count <= byteLimit {
      let count = read(descriptor, &block, block.count)
      guard count >= 0 else { throw failure(path) }
      if count == 0 { break }
      bytes += block.prefix(count)
    }
    return bytes
  }

  private static func replace(_ path: String, by bytes: [UInt8]) {
    // What can't be cut now is cut next time.
    guard let file = try? FileReplacement(path: path, compression: .none) else { return }
    try? bytes.withUnsafeBytes { try file.write($0) }
    try? file.publish()
    chmod(path, 0o600)
  }

  private static func failure(_ path: String) -> AufdbError {
    AufdbError(.cannotCreateOutput, "\(path): \(String(cString: strerror(errno)))")
  }
}

// An input as a file, for what reads files and no memory.

import Foundation

@testable import Aufdb

enum FuzzFile {
  /// Lends the input as a file that has no name, open at its beginning.
  static func withDescriptor<T>(_ bytes: Bytes, _ body: (consuming FileDescriptor) throws -> T) throws -> T {
    try body(FileDescriptor(try memory(bytes), path: "input", isOwned: true))
  }

  /// Lends the input as a file that can be opened by a name.
  ///
  /// - Parameter ending: of the name.
  static func withPath<T>(_ bytes: Bytes, ending: String = "", _ body: (String) throws -> T) throws -> T {
    try withFolder { folder in
      let path = folder + "/input" + ending
      guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
        throw FuzzFailure(description: "\(path) can't be made")
      }
      return try body(path)
    }
  }

  /// Lends a new folder, which is gone afterwards.
  static func withFolder<T>(_ body: (String) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/aufdb-fuzz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private static func memory(_ bytes: Bytes) throws -> Int32 {
    var path = Array(
      (FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/aufdb-fuzz-XXXXXX").utf8CString)
    let number = mkstemp(&path)
    guard number >= 0, unlink(path) == 0, write(number, bytes.baseAddress, bytes.count) == bytes.count,
      lseek(number, 0, SEEK_SET) == 0
    else { throw FuzzFailure(description: "no file for an input") }
    return number
  }
}

// Files inside a folder that somebody else may have changed: nothing outside it is opened.

import Crypto
import FoundationEssentials
import Glibc

/// Looks into one folder by paths that a manifest names.
struct FolderFiles {
  let root: String

  /// No manifest and no card is larger.
  private static let textLimitBytes = 64 << 20

  /// What a path is; never what a symbolic link points at.
  enum State: Equatable {
    case missing
    case file(sizeBytes: Int)
    case folder
    case other(String)
  }

  /// Whether a path names something inside the folder: no way up, no root, no empty part.
  static func isInside(_ path: String) -> Bool {
    guard !path.isEmpty, !path.utf8.contains(0) else { return false }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  /// Whether there is a folder of this name, or a symbolic link to one.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Looks at a path and at the folders on the way.
  func state(_ path: String) -> State {
    var place = root
    var state = State.folder
    for part in path.split(separator: "/") {
      guard state == .folder else { return .missing }
      place += "/\(part)"
      var status = stat()
      guard lstat(place, &status) == 0 else { return .missing }
      switch status.st_mode & S_IFMT {
      case S_IFREG: state = .file(sizeBytes: Int(status.st_size))
      case S_IFDIR: state = .folder
      case S_IFLNK: return .other("a symbolic link")
      default: return .other("no file")
      }
    }
    return state
  }

  /// The paths of everything in a folder inside, sorted; folders within it are looked through, too.
  func paths(in folder: String) -> [String] {
    guard state(folder) == .folder else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
    return names.flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      return state(path) == .folder ? paths(in: path) : [path]
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A small file's bytes.
  ///
  /// - Throws: `.badData` where it is none, or too large; `StreamError`.
  func bytes(_ path: String) throws -> [UInt8] {
    switch state(path) {
    case .file(let size) where size <= Self.textLimitBytes: break
    case .file: throw AufdbError(.badData, "\(path) is too large")
    case .missing: throw AufdbError(.badData, "\(path) is missing")
    case .folder: throw AufdbError(.badData, "\(path) is a folder")
    case .other(let what): throw AufdbError(.badData, "\(path) is \(what)")
    }
    var bytes: [UInt8] = []
    try read(path) { bytes += $0 }
    return bytes
  }

  /// The SHA-256 of a file: 64 hexadecimal digits, lower case.
  func sha256(_ path: String) throws -> String {
    var hash = SHA256()
    try read(path) { hash.update(bufferPointer: $0) }
    return CommitID.hex(hash.finalize())
  }

  /// Lends a file's bytes as they are on the disk, block by block.
  private func read(_ path: String, _ body: (Bytes) -> Void) throws {
    let descriptor = try FileDescriptor.opening("\(root)/\(path)")
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { block.deallocate() }
    while true {
      let count = try descriptor.read(into: block)
      if count == 0 { return }
      body(Bytes(rebasing: block[..<count]))
    }
  }
}

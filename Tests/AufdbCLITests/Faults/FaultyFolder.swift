// A folder on a disk that fails when it is told to: the Swift side of CFaultVFS.

import CFaultVFS
import Foundation
import Glibc
import Synchronization
import Testing

/// What can fail; CFaultVFS.h says what each is.
struct FaultOperations: OptionSet, Sendable {
  let rawValue: UInt32

  static let reads = FaultOperations(rawValue: UInt32(FAULT_READ | FAULT_LOOK))
  static let opens = FaultOperations(rawValue: UInt32(FAULT_OPEN))
  static let writes = FaultOperations(rawValue: UInt32(FAULT_WRITE | FAULT_TRUNCATE | FAULT_MAP | FAULT_MAKE))
  static let syncs = FaultOperations(rawValue: UInt32(FAULT_SYNC))
  static let names = FaultOperations(rawValue: UInt32(FAULT_NAME))
  static let removals = FaultOperations(rawValue: UInt32(FAULT_REMOVE))

  /// All that changes what a disk holds, or makes it safe.
  static let changes: FaultOperations = [.writes, .syncs, .names, .removals]
}

/// A folder under care, which goes when this object does. Its path is the same whenever it is filled anew.
final class FaultyFolder: Sendable {
  let path: String
  private let isCaredFor = Mutex(false)

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-faults-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    let resolved = try #require(realpath(folder.path(percentEncoded: false), nil))
    defer { free(resolved) }
    path = String(cString: resolved)
  }

  deinit {
    if isCaredFor.withLock({ $0 }) { fault_end(path) }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Fills it with these files, all of them on the disk, and forgets all plans.
  func reset(_ files: [String: Data]) throws {
    let wasCaredFor = isCaredFor.withLock { isCaredFor in
      defer { isCaredFor = false }
      return isCaredFor
    }
    if wasCaredFor { try #require(fault_end(path) == 0, "a store is still open") }
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
    for (name, bytes) in files {
      let folder = name.lastIndex(of: "/").map { "\(path)/\(name[..<$0])" } ?? path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if !name.hasSuffix("/") { try bytes.write(to: URL(filePath: "\(path)/\(name)")) }
    }
    try #require(fault_begin(path) == 0)
    isCaredFor.withLock { $0 = true }
  }

  /// Every file in it, and in its folders, with its bytes; a folder has its name with a slash, and none.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) else { continue }
      files[isFolder.boolValue ? name + "/" : name] =
        isFolder.boolValue ? Data() : try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
    }
    return files
  }

  /// Counts operations from now on.
  func count(_ operations: FaultOperations) { fail(operations, at: 0, with: 0) }

  /// Lets one of these operations fail, counted from 1, and all later ones of them if `lasts`.
  func fail(_ operations: FaultOperations, at moment: Int, with error: Int32, lasts: Bool = false) {
    fault_set_plan(
      path,
      fault_plan(
        operations: operations.rawValue, moment: Int64(moment), error: error, lasts: lasts, loses_power: false))
  }

  /// Lets the power go at one of these operations, counted from 1.
  func losePower(at moment: Int, of operations: FaultOperations) {
    fault_set_plan(
      path,
      fault_plan(
        operations: operations.rawValue, moment: Int64(moment), error: EIO, lasts: false, loses_power: true))
  }

  /// How many operations were counted.
  var operationCount: Int { Int(fault_count(path)) }

  /// How many times a folder was synced since the care began.
  var folderSyncCount: Int { Int(fault_folder_sync_count(path)) }

  /// The power goes, if it hasn't, and comes back: the folder holds what a disk could hold.
  func restart(seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try #require(fault_lose_power(path, seed) == 0, "a store is still open", sourceLocation: sourceLocation)
  }
}

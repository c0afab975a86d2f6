// A folder for one test's files, which goes when the test ends; and bytes in and out of it, past the code under test.

import AufdbTestSupport
import Foundation

@testable import Aufdb

/// A new, empty folder; removed with everything in it when this object goes.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "aufdb-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a file of this name, whether it exists or not.
  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  /// Writes a file; returns its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  /// The bytes of a file.
  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }

  /// The bytes compressed by `ByteSink`.
  func compressed(_ bytes: [UInt8], _ compression: Compression) throws -> [UInt8] {
    let name = UUID().uuidString
    let sink = try ByteSink(path: path(name), compression: compression)
    try bytes.withUnsafeBytes { try sink.write($0) }
    try sink.finish()
    return try self.bytes(name)
  }
}

extension ByteSource {
  /// Everything that is left, read in pieces of `step` bytes.
  func rest(step: Int = 1 << 16) throws -> [UInt8] {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: step)
    while true {
      let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
      if count == 0 { return all }
      all += piece[..<count]
    }
  }
}

/// Text that compresses like text does, from a seed.
func sampleText(seed: UInt64, count: Int) -> [UInt8] {
  var generator = SeededGenerator(seed: seed)
  let words = ["prompt", "response", "label", " ", "\n", "{\"a\":", "}", "the", "of", "漢字", "0.125", ","]
  var text: [UInt8] = []
  while text.count < count { text += Array(words[Int(generator.next() % UInt64(words.count))].utf8) }
  return Array(text[..<count])
}

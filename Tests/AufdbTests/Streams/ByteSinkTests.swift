// Writing: the same bytes for the same content, counted and hashed as they go, and typed errors.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Byte sink") struct ByteSinkTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  static let compressions: [Compression] = [
    .none, .zstd(), .zstd(level: 1, workerCount: 0), .zstd(level: 3, workerCount: 1), .gzip(), .gzip(level: 1),
  ]

  @Test("the file does not depend on how the content is cut up", arguments: compressions)
  func deterministic(_ compression: Compression) throws {
    var generator = SeededGenerator(seed: 3)
    for count in [0, 1, 10_000, 1_500_000] {
      let content = sampleText(seed: UInt64(count), count: count)
      let whole = try folder.compressed(content, compression)
      let path = folder.path("pieces\(count)")
      let sink = try ByteSink(path: path, compression: compression)
      var place = 0
      while place < count {
        let length = min(Int(generator.next() % 40_000), count - place)
        try content[place..<place + length].withUnsafeBytes { try sink.write($0) }
        place += length
      }
      try sink.finish()
      #expect(try folder.bytes("pieces\(count)") == whole)
      #expect(try ByteSource(path: path).rest() == content)
    }
  }

  @Test("bytes are counted before and after compression, and lent as they go to the file", arguments: compressions)
  func counts(_ compression: Compression) throws {
    let content = sampleText(seed: 5, count: 400_000)
    var lent: [UInt8] = []
    let sink = try ByteSink(path: folder.path("x"), compression: compression) { lent += $0 }
    try content.withUnsafeBytes { try sink.write($0) }
    try sink.finish()
    #expect(sink.contentBytes == content.count)
    #expect(sink.fileBytes == lent.count)
    #expect(try folder.bytes("x") == lent)
  }

  @Test("the number of workers beyond one does not change the bytes")
  func workers() throws {
    let content = sampleText(seed: 6, count: 3_000_000)
    let one = try folder.compressed(content, .zstd(workerCount: 1))
    #expect(try folder.compressed(content, .zstd(workerCount: 2)) == one)
    #expect(try folder.compressed(content, .zstd(workerCount: 3)) == one)
  }

  @Test("gzip files hold no time and no name")
  func gzipHeader() throws {
    let header = Array(try folder.compressed([65], .gzip())[..<8])
    #expect(header == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  @Test("zstd frames carry a checksum and no content size")
  func zstdHeader() throws {
    for count in [0, 1, 100, 300_000] {
      let frame = try folder.compressed(sampleText(seed: 1, count: count), .zstd())
      // RFC 8878, section 3.1.1.1.1: bits 7-6 the size field, bit 5 single segment, bit 2 the checksum.
      #expect(frame[4] & 0b1110_0100 == 0b0000_0100)
    }
  }

  @Test("a file that exists is not touched")
  func existing() throws {
    let path = try folder.file("old", [1, 2, 3])
    let error = #expect(throws: StreamError.self) { _ = try ByteSink(path: path) }
    #expect(error == StreamError(kind: .cannotCreate, path: path, reason: "can't be created: it exists already"))
    #expect(try folder.bytes("old") == [1, 2, 3])
  }

  @Test("what cannot be created is told apart")
  func creating() throws {
    let missing = #expect(throws: StreamError.self) { _ = try ByteSink(path: folder.path("no/x")) }
    #expect(missing?.kind == .cannotCreate)
    let wrong = #expect(throws: StreamError.self) {
      _ = try ByteSink(path: folder.path("level"), compression: .zstd(level: 99))
    }
    #expect(wrong?.kind == .cannotCreate)
    #expect(!FileManager.default.fileExists(atPath: folder.path("level")))
  }

  @Test("the file is made for its owner to write and all to read")
  func mode() throws {
    _ = try ByteSink(path: folder.path("mode"), compression: .none)
    var status = stat()
    #expect(stat(folder.path("mode"), &status) == 0)
    #expect(status.st_mode & 0o777 & ~0o644 == 0)
    #expect(status.st_mode & 0o600 == 0o600)
  }

  @Test(
    "a full disk is an input/output error",
    .enabled(if: access("/dev/full", W_OK) == 0, "skipped: no /dev/full"), arguments: [false, true])
  func fullDisk(isCompressed: Bool) throws {
    let number = open("/dev/full", O_WRONLY | O_CLOEXEC)
    let descriptor = FileDescriptor(number, path: "full", isOwned: true)
    let encoder = isCompressed ? try ZstdEncoder(level: 3, workerCount: 2) : nil
    let sink = ByteSink(descriptor: descriptor, encoder: encoder)
    let error = #expect(throws: StreamError.self) {
      try sampleText(seed: 1, count: 1000).withUnsafeBytes { try sink.write($0) }
      try sink.finish()
    }
    #expect(error?.kind == .inputOutput)
    #expect(error?.reason == "can't be written: no space left on the device")
  }

  @Test("after finish nothing more is written, here or to a file opened later", arguments: compressions)
  func afterFinish(_ compression: Compression) throws {
    let sink = try ByteSink(path: folder.path("done"), compression: compression)
    try sink.finish()
    let size = sink.fileBytes
    let error = #expect(throws: StreamError.self) {
      try [UInt8](repeating: 1, count: 1 << 20).withUnsafeBytes { try sink.write($0) }
      try sink.finish()
    }
    #expect(error?.kind == .inputOutput)
    #expect(try folder.bytes("done").count == size)
  }

  @Test("a descriptor is closed when its owner goes, also without finish")
  func closing() throws {
    var number: Int32 = -1
    do {
      number = open(folder.path("closed"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      _ = ByteSink(descriptor: FileDescriptor(number, path: "closed", isOwned: true), encoder: nil)
    }
    var status = stat()
    // The number may be another file's by now, for tests run side by side; this one's it is not.
    if fstat(number, &status) == 0 {
      var own = stat()
      #expect(stat(folder.path("closed"), &own) == 0)
      #expect(own.st_ino != status.st_ino || own.st_dev != status.st_dev)
    }
  }
}

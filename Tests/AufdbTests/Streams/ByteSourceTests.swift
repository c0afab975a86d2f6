// Reading: every form of input, every way in which one can be broken.

import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Byte source") struct ByteSourceTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  static let compressions: [Compression] = [.none, .zstd(), .zstd(level: 1, workerCount: 0), .gzip()]

  private func reading(_ path: String, step: Int = 1 << 16) throws -> [UInt8] {
    try ByteSource(path: path).rest(step: step)
  }

  private func failure(_ body: () throws -> Void) -> StreamError? {
    #expect(throws: StreamError.self) { try body() }
  }

  @Test("content comes back whatever its form and the name", arguments: compressions)
  func roundTrip(_ compression: Compression) throws {
    for count in [0, 1, 2, 3, 4, 5, 1000, 131_071, 131_072, 131_073, 700_000] {
      let content = sampleText(seed: UInt64(count), count: count)
      let packed = try folder.compressed(content, compression)
      let path = try folder.file("x\(count).jsonl", packed)
      let source = try ByteSource(path: path)
      #expect(source.sizeBytes == packed.count)
      #expect(try source.rest() == content)
      #expect(source.consumedBytes == packed.count)
      #expect(try source.rest() == [], "the end stays the end")
      if count == 1000 { #expect(try reading(path, step: 1) == content) }
    }
  }

  @Test("frames and members may follow each other, skippable frames stand anywhere")
  func severalFrames() throws {
    let parts = (0..<3).map { sampleText(seed: UInt64($0), count: 5000) } + [[]]
    let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    var zstd = skippable
    var gzip: [UInt8] = []
    for part in parts {
      zstd += try folder.compressed(part, .zstd()) + skippable
      gzip += try folder.compressed(part, .gzip())
    }
    for step in [1, 7, 65_536] {
      #expect(try reading(folder.file("a.zst", zstd), step: step) == parts.flatMap { $0 })
      #expect(try reading(folder.file("a.gz", gzip), step: step) == parts.flatMap { $0 })
    }
    #expect(try reading(folder.file("only-skippable.zst", skippable)) == [])
  }

  @Test("a pipe that brings byte after byte is recognised too", arguments: compressions)
  func pipe(_ compression: Compression) throws {
    let content = sampleText(seed: 9, count: 300)
    let packed = try folder.compressed(content, compression)
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    // In packet mode (Linux: O_DIRECT) every write is a read of its own; twelve packets and the rest fit the pipe.
    let packetMode: Int32 = 0o40000
    #expect(fcntl(ends[1], F_SETFL, packetMode | O_NONBLOCK) == 0)
    for byte in packed.prefix(12) { #expect(write(ends[1], [byte], 1) == 1) }
    let rest = Array(packed.dropFirst(12))
    #expect(write(ends[1], rest, rest.count) == rest.count)
    close(ends[1])
    let source = try ByteSource(descriptor: FileDescriptor(ends[0], path: "-", isOwned: true))
    #expect(source.sizeBytes == nil)
    #expect(try source.rest() == content)
  }

  @Test("a name that promises compression is held to it")
  func promise() throws {
    let zstd = try folder.compressed([65], .zstd())
    let gzip = try folder.compressed([65], .gzip())
    let cases: [(String, [UInt8], String)] = [
      ("a.zst", Array("{}\n".utf8), "zstd"), ("b.jsonl.ZST", gzip, "zstd"), ("c.zst", [], "zstd"),
      ("d.gz", zstd, "gzip"), ("e.gz", [0x1F], "gzip"), ("f.zst", Array(zstd[..<3]), "zstd"),
    ]
    for (name, bytes, promised) in cases {
      let path = try folder.file(name, bytes)
      let error = failure { _ = try ByteSource(path: path) }
      #expect(error?.kind == .badData)
      #expect(error?.reason == "it is not \(promised)-compressed data, though its name says so")
      #expect(error?.path == path)
    }
  }

  @Test("compressed data cut off anywhere is an error", arguments: compressions.dropFirst())
  func truncated(_ compression: Compression) throws {
    let content = sampleText(seed: 1, count: 400)
    let packed = try folder.compressed(content, compression)
    for count in 4..<packed.count {
      let path = try folder.file("cut", Array(packed[..<count]))
      let error = failure { _ = try reading(path) }
      #expect(error?.kind == .badData, "after \(count) bytes")
      #expect(error?.reason.hasSuffix("is cut off") == true, "after \(count) bytes")
      // A cut second frame, too.
      let second = try folder.file("cut", packed + packed[..<count])
      #expect(failure { _ = try reading(second) }?.kind == .badData)
    }
  }

  @Test("a bit flipped anywhere is an error or does no harm", arguments: compressions.dropFirst())
  func flipped(_ compression: Compression) throws {
    let content = sampleText(seed: 2, count: 300)
    let packed = try folder.compressed(content, compression)
    for bit in 0..<packed.count * 8 {
      var damaged = packed
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      // In the first four bytes it may stop being compressed at all.
      guard bit >= 32 else { continue }
      let path = try folder.file("flipped", damaged)
      do {
        let read = try reading(path)
        #expect(read == content, "bit \(bit)")
      } catch let error as StreamError {
        #expect(error.kind == .badData, "bit \(bit)")
      }
    }
  }

  @Test("something after the compressed data is an error", arguments: compressions.dropFirst())
  func trailing(_ compression: Compression) throws {
    let packed = try folder.compressed([65, 66], compression)
    let trailers: [[UInt8]] = [[0], [10], Array("{\"a\":1}\n".utf8), [UInt8](repeating: 0, count: 512)]
    for trailer in trailers {
      let path = try folder.file("trailing", packed + trailer)
      let error = failure { _ = try reading(path) }
      #expect(error?.kind == .badData)
      #expect(error?.reason.contains("follows") == true || error?.reason.contains("cut off") == true, "\(trailer)")
    }
  }

  @Test("a window beyond 128 MiB is refused, and the message says so")
  func window() throws {
    // A frame header that declares a window of 2^28 bytes, and one empty last block.
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, (28 - 10) << 3, 0x01, 0x00, 0x00]
    let path = try folder.file("long.zst", frame)
    let error = failure { _ = try reading(path) }
    #expect(error?.kind == .badData)
    #expect(error?.reason.contains("128 MiB") == true)
    #expect(error?.hint?.contains("--long=27") == true)
    var allowed = frame
    allowed[5] = (27 - 10) << 3
    #expect(try reading(folder.file("long.zst", allowed)) == [])
  }

  @Test("what cannot be opened is told apart")
  func opening() throws {
    let cases: [(String, String)] = [
      (folder.path("missing.jsonl"), "no such file or directory"), (folder.path(""), "it is a directory"),
      (folder.path("missing/x"), "no such file or directory"),
      (try folder.file("plain", [65]) + "/x", "a part of its path is not a directory"),
      (folder.path(String(repeating: "n", count: 300)), "its name is too long"), ("", "no such file or directory"),
    ]
    for (path, words) in cases {
      let error = failure { _ = try ByteSource(path: path) }
      #expect(error?.kind == .cannotOpen)
      #expect(error?.reason == "can't be opened: \(words)")
    }
  }

  @Test(
    "a file without permission is told apart", .enabled(if: getuid() != 0, "skipped: the superuser may read anything"))
  func permission() throws {
    let path = try folder.file("secret", [65])
    #expect(chmod(path, 0) == 0)
    let error = failure { _ = try ByteSource(path: path) }
    #expect(error == StreamError(kind: .cannotOpen, path: path, reason: "can't be opened: permission denied"))
  }

  @Test("errors name the path and the line")
  func descriptions() {
    #expect("\(StreamError(kind: .badData, path: "a.zst", reason: "bad"))" == "a.zst: bad")
    #expect("\(StreamError(kind: .badData, path: "-", reason: "bad", line: 3))" == "standard input:3: bad")
  }
}

// Lines: their ends, their numbers, every position of a buffer's edge, and what bounds memory.

import AufdbTestSupport
import CZstd
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Line reader") struct LineReaderTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  struct NumberedLine: Equatable {
    let number: Int
    let text: String
  }

  private func lines(
    _ bytes: [UInt8], capacity: Int = 1 << 18, limit: Int = LineReader.defaultLineLimit
  ) throws -> [NumberedLine] {
    let source = try ByteSource(path: folder.file("lines", bytes))
    var reader = LineReader(ReadBuffer(source, limit: limit, capacity: capacity))
    var lines: [NumberedLine] = []
    while let line = try reader.next() {
      lines.append(NumberedLine(number: line.number, text: String(decoding: line.bytes, as: UTF8.self)))
    }
    #expect(try reader.next() == nil, "the end stays the end")
    return lines
  }

  static let cases: [(String, [(Int, String)], Int)] = [
    ("", [], 0), ("\n", [], 1), ("\r\n\r\n", [], 2), ("a", [(1, "a")], 1), ("a\n", [(1, "a")], 1),
    ("a\r\n", [(1, "a")], 1), ("a\r", [(1, "a")], 1), ("a\nb", [(1, "a"), (2, "b")], 2),
    ("a\r\nb\r\n", [(1, "a"), (2, "b")], 2), ("\n\na\n \t\r\nb\n\n", [(3, "a"), (5, "b")], 6),
    ("\u{FEFF}a\nb", [(1, "a"), (2, "b")], 2), ("\u{FEFF}", [], 1), ("\u{FEFF}\n\u{FEFF}a", [(2, "\u{FEFF}a")], 2),
    ("a\rb\n", [(1, "a\rb")], 1), (" a \n", [(1, " a ")], 1), ("a\u{0}b\nc", [(1, "a\u{0}b"), (2, "c")], 2),
    ("a\u{2028}b\u{85}c\n", [(1, "a\u{2028}b\u{85}c")], 1), ("a\r\r\n", [(1, "a\r")], 1),
  ]

  @Test("ends, blank lines and the byte order mark", arguments: cases.indices)
  func lineEnds(_ index: Int) throws {
    let (text, expected, count) = Self.cases[index]
    let bytes = Array(text.utf8)
    for capacity in [8, 9, 10, 11, 12, 1 << 18] {
      let found = try lines(bytes, capacity: capacity)
      #expect(found == expected.map { NumberedLine(number: $0.0, text: $0.1) })
    }
    let source = try ByteSource(path: folder.file("lines", bytes))
    var reader = LineReader(source)
    while try reader.next() != nil {}
    #expect(reader.lineNumber == count)
  }

  @Test("buffer edges fall on every byte", arguments: [UInt64(1), 2])
  func edges(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var text = ""
    var expected: [NumberedLine] = []
    for number in 1...40 {
      let line = String(repeating: "é", count: Int(generator.next() % 12)) + String(repeating: "x", count: number % 5)
      text += line + (generator.next() % 2 == 0 ? "\n" : "\r\n")
      if !line.isEmpty { expected.append(NumberedLine(number: number, text: line)) }
    }
    let bytes = Array(text.utf8)
    for capacity in 8...bytes.count + 2 {
      #expect(try lines(bytes, capacity: capacity) == expected, "seed \(seed), capacity \(capacity)")
    }
  }

  @Test("a line of exactly the limit is read, one byte more is an error")
  func limit() throws {
    for length in [10, 11] {
      for end in ["", "\n", "\nabc\n"] {
        for capacity in [8, 64] {
          let bytes = Array(("a\n\n" + String(repeating: "b", count: length) + end).utf8)
          if length == 10 {
            #expect(try lines(bytes, capacity: capacity, limit: 10).contains { $0.number == 3 && $0.text.count == 10 })
          } else {
            let error = #expect(throws: StreamError.self) { try lines(bytes, capacity: capacity, limit: 10) }
            #expect(error?.kind == .badData)
            #expect(error?.line == 3)
            #expect(error?.reason == "the line is longer than 10 bytes")
          }
        }
      }
    }
  }

  @Test("a line of several buffers is read whole")
  func longLine() throws {
    let long = String(repeating: "long ", count: 400_000)
    let found = try lines(Array("a\n\(long)x\nb".utf8))
    #expect(found == [.init(number: 1, text: "a"), .init(number: 2, text: long + "x"), .init(number: 3, text: "b")])
  }

  @Test("an error in the source has the line's number")
  func sourceError() throws {
    let packed = try folder.compressed(Array("a\nb\n".utf8), .zstd())
    let source = try ByteSource(path: folder.file("x.zst", packed + packed.dropLast()))
    var reader = LineReader(source)
    let error = #expect(throws: StreamError.self) { while try reader.next() != nil {} }
    #expect(error?.kind == .badData)
    #expect(error?.line == 5)
  }

  @Test("a compression bomb ends in the line limit, with memory bounded by it")
  func bomb() throws {
    // 1 GiB of zeros in about 33 kB: run-length blocks of 128 KiB, written by hand.
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, (17 - 10) << 3]
    let blockCount = (1 << 30) / (128 << 10)
    for block in 1...blockCount {
      let header = UInt32(128 << 10) << 3 | 1 << 1 | (block == blockCount ? 1 : 0)
      frame += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16), 0]
    }
    #expect(frame.count < 40_000)
    let limit = 4 << 20
    let before = try peakMemoryBytes()
    var reader = LineReader(try ByteSource(path: folder.file("bomb.zst", frame)), lineLimit: limit)
    let error = #expect(throws: StreamError.self) { _ = try reader.next() }
    #expect(error?.kind == .badData)
    #expect(error?.line == 1)
    #expect(error?.reason == "the line is longer than \(limit) bytes")
    // Other tests run beside this one; without the bound it would be a gigabyte.
    #expect(try peakMemoryBytes() - before < 256 << 20)
    // The frame is sound: all of it can be read.
    let source = try ByteSource(path: folder.path("bomb.zst"))
    var total = 0
    try withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { piece in
      while case let count = try source.read(into: piece), count > 0 { total += count }
    }
    #expect(total == 1 << 30)
  }

  private func peakMemoryBytes() throws -> Int {
    var usage = rusage()
    guard getrusage(__rusage_who_t(0), &usage) == 0 else { throw StreamError(.read, path: "rusage", code: errno) }
    return usage.ru_maxrss * 1024
  }

  @Test("real completions are lines of JSON", .enabled(if: sharedCompletions != nil, "skipped: no shared data"))
  func realData() throws {
    let source = try ByteSource(path: try #require(sharedCompletions))
    var lines = LineReader(source)
    var reader = JSONReader()
    var compact = JSONWriter()
    var again = JSONWriter()
    var count = 0
    while let line = try lines.next() {
      count += 1
      compact.removeAll()
      again.removeAll()
      reader.begin(line.bytes)
      try reader.copyValue(to: &compact)
      try reader.finish()
      try compact.withBytes { bytes in
        reader.begin(bytes)
        try reader.copyValue(to: &again)
        try reader.finish()
      }
      #expect(compact.text == again.text)
    }
    #expect(count == 500)
    #expect(source.consumedBytes == source.sizeBytes)
  }
}

/// The real completions beside the repository, if this machine has them.
private let sharedCompletions: String? = {
  let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
  let path = root.appending(path: "../shared/data/alpaca_eval/completions.jsonl.zst").standardized
    .path(percentEncoded: false)
  return FileManager.default.fileExists(atPath: path) ? path : nil
}()

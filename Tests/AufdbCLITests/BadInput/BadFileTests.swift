// Files that can't be read, or aren't what they seem: missing, empty, cut off, damaged, hostile.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Bad files") struct BadFileTests {
  private let stage: CommandStage

  /// Lines that the store doesn't have.
  private static let newCompletions = CommandStage.completions.replacing(#""p1""#, with: #""n1""#)
    .replacing(#""p2""#, with: #""n2""#)

  init() throws { stage = try CommandStage() }

  private func expectRefused(
    _ name: String, exitCode: Int32 = 65, _ error: String, hint: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    // Behind a good file, of which nothing may stay either.
    let good = try stage.file("good.jsonl", #"{"prompt_id":"new","prompt":"q","completions":[]}"#)
    for arguments in [["import", stage.store, stage.path(name)], ["import", stage.store, good, stage.path(name)]] {
      try stage.expectRefused(arguments, exitCode: exitCode, error: error, hint: hint, sourceLocation: sourceLocation)
    }
  }

  @Test("missing files and folders")
  func cannotOpen() throws {
    try expectRefused("no.jsonl", exitCode: 66, "can't be opened: no such file or directory ({}/no.jsonl)")
    try expectRefused("no/no.zst", exitCode: 66, "can't be opened: no such file or directory ({}/no/no.zst)")
    try expectRefused(
      "good.jsonl/x", exitCode: 66, "can't be opened: a part of its path is not a directory ({}/good.jsonl/x)")
    try FileManager.default.createDirectory(atPath: stage.path("folder.zst"), withIntermediateDirectories: false)
    try expectRefused(
      "folder.zst", exitCode: 66, "can't be opened: it is a directory ({}/folder.zst)",
      hint: "name its files, such as {}/folder.zst/*.jsonl")
    let long = String(repeating: "n", count: 300)
    try expectRefused(long, exitCode: 66, "can't be opened: its name is too long ({}/\(long))")
    try FileManager.default.createSymbolicLink(atPath: stage.path("loop"), withDestinationPath: "loop")
    try expectRefused("loop", exitCode: 66, "can't be opened: too many symbolic links ({}/loop)")
  }

  @Test("a file without a record", arguments: ["", "\n", " \n\t\r\n\n", "\u{FEFF}", "\u{FEFF}\r\n"])
  func empty(text: String) throws {
    try stage.file("empty.jsonl", text)
    try expectRefused("empty.jsonl", "the file is empty ({}/empty.jsonl)")
    for (name, compression) in [("e.zst", Compression.zstd()), ("e.gz", .gzip())] where !text.isEmpty {
      try stage.file(name, stage.compressed(text, compression))
      try expectRefused(name, "the file is empty ({}/\(name))")
    }
  }

  @Test("a name that promises another compression than there is")
  func wrongName() throws {
    let good = #"{"prompt_id":"new","prompt":"q","completions":[]}"#
    let rename = "rename it if that is what it should be"
    let contents = [
      ("plain", Array(good.utf8)), ("zstd", try stage.compressed(good, .zstd())),
      ("gzip", try stage.compressed(good, .gzip())),
    ]
    for (kind, bytes) in contents {
      for (ending, adjective) in [("zst", "zstd"), ("gz", "gzip")] where adjective != kind {
        try stage.file("x.\(ending)", bytes)
        let error = "it is not \(adjective)-compressed data, though its name says so ({}/x.\(ending))"
        try expectRefused("x.\(ending)", error, hint: rename)
      }
    }
    for name in ["empty.zst", "empty.gz"] {
      try stage.file(name, "")
      let adjective = name.hasSuffix("gz") ? "gzip" : "zstd"
      try expectRefused(
        name, "it is not \(adjective)-compressed data, though its name says so ({}/\(name))", hint: "the file is empty")
    }
    // The other way round does no harm: what the bytes say counts.
    try stage.file("odd.jsonl", contents[1].1)
    try stage.expectDone("import", stage.store, stage.path("odd.jsonl"))
  }

  @Test("compressed data that is cut off, at any byte", arguments: [("c.zst", Compression.zstd()), ("c.gz", .gzip())])
  func cutOff(name: String, compression: Compression) throws {
    let adjective = name.hasSuffix("gz") ? "gzip" : "zstd"
    let bytes = try stage.compressed(Self.newCompletions, compression)
    let magicLength = name.hasSuffix("gz") ? 2 : 4
    for count in Set([1, magicLength, magicLength + 1, bytes.count / 2, bytes.count - 5, bytes.count - 1]).sorted() {
      try stage.file(name, Array(bytes.prefix(count)))
      let before = try stage.contents()
      let run = CommandStage.run(["import", stage.store, stage.path(name)])
      #expect(run.exitCode == 65)
      let place = "(\(stage.path(name))"
      let isKnown = [
        "error: the \(adjective)-compressed data is cut off \(place):1)\nhint: copy or download it again\n",
        "error: the \(adjective)-compressed data is cut off \(place):2)\nhint: copy or download it again\n",
        "error: the \(adjective)-compressed data is cut off \(place):3)\nhint: copy or download it again\n",
      ].contains(run.error)
      let isUnknown = run.error.hasPrefix(
        "error: it is not \(adjective)-compressed data, though its name says so \(place))\n")
      #expect(count < magicLength ? isUnknown : isKnown, "\(count) of \(bytes.count) bytes: \(run.error)")
      #expect(try stage.contents() == before)
    }
  }

  @Test("compressed data that is damaged, at any byte", arguments: [("d.zst", Compression.zstd()), ("d.gz", .gzip())])
  func damaged(name: String, compression: Compression) throws {
    let bytes = try stage.compressed(Self.newCompletions, compression)
    let original = try #require(try stage.contents()["store.aufdb"])
    // The header of gzip has bytes that mean nothing (time, operating system); those stay as they are.
    let first = name.hasSuffix("gz") ? 10 : 4
    for position in stride(from: first, to: bytes.count, by: max(1, bytes.count / 24)) {
      var damaged = bytes
      damaged[position] ^= 0x40
      try stage.file(name, damaged)
      let run = CommandStage.run(["import", stage.store, stage.path(name)])
      guard run.exitCode != 0 else {
        // A bit that pads the last byte of deflated data means nothing; then the content must be what it was.
        try stage.file(name, bytes)
        let again = CommandStage.run(["import", stage.store, stage.path(name)])
        #expect(again.error.hasPrefix("nothing to commit: "), "byte \(position)")
        try stage.file("store.aufdb", Array(original))
        continue
      }
      #expect(run.exitCode == 65, "byte \(position): \(run.error)")
      #expect(run.error.hasPrefix("error: ") && run.error.contains("(\(stage.path(name)):"))
      #expect(try stage.contents()["store.aufdb"] == original, "byte \(position)")
    }
  }

  @Test("something else behind compressed data")
  func trailing() throws {
    for (name, compression, adjective) in [("t.zst", Compression.zstd(), "zstd"), ("t.gz", .gzip(), "gzip")] {
      let bytes = try stage.compressed(#"{"prompt_id":"new","prompt":"q","completions":[]}"# + "\n", compression)
      try stage.file(name, bytes + Array("trailing".utf8))
      try expectRefused(name, "something else follows the \(adjective)-compressed data ({}/\(name):2)")
    }
  }

  @Test("a zstd frame that wants a window of 2 GiB")
  func hugeWindow() throws {
    // Magic number, no flags, window descriptor of exponent 21: 2^31 bytes (RFC 8878, 3.1.1).
    try stage.file("w.zst", [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 0x01, 0x00, 0x00])
    try expectRefused(
      "w.zst", "it was compressed with a window of more than 128 MiB, which is not supported ({}/w.zst:1)",
      hint: "recompress it with zstd --long=27 or less")
  }

  @Test("a zstd bomb is stopped at the limit of a line, in bounded memory")
  func bomb() async throws {
    let bomb = try stage.file("bomb.zst", Self.bomb(gigabytes: 4))
    let before = try stage.contents()
    // In a process of its own, whose memory is nobody else's.
    let result = await #expect(processExitsWith: .exitCode(65), observing: [\.standardErrorContent]) {
      [store = stage.store as String, bomb = bomb as String] in
      let run = CommandStage.run(["import", store, bomb])
      FileHandle.standardError.write(Data(run.error.utf8))
      exit(try Self.peakMemoryBytes() < 320 << 20 ? run.exitCode : 1)
    }
    let error = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(error.contains("error: the line is longer than 67108864 bytes (\(bomb):1)\nhint: check that the file is"))
    #expect(try stage.contents() == before)
  }

  /// The most memory that this process ever held (proc(5), VmHWM).
  private static func peakMemoryBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    let kilobytes = try #require(Int(line.filter(\.isNumber)))
    return kilobytes << 10
  }

  /// A zstd frame of 14 bytes and four more for each 128 KiB of letters "a" (RFC 8878, 3.1.1.2: blocks of type RLE).
  private static func bomb(gigabytes: Int) -> [UInt8] {
    let blockSize = 128 << 10
    let block = UInt32(blockSize) << 3 | 1 << 1
    let bytes = [UInt8(truncatingIfNeeded: block), UInt8(block >> 8 & 0xFF), UInt8(block >> 16), UInt8(ascii: "a")]
    let count = gigabytes << 30 / blockSize
    return [0x28, 0xB5, 0x2F, 0xFD, 0x00, 8 << 3] + Array(repeatElement(bytes, count: count).joined()) + [
      0x01, 0x00, 0x00,
    ]
  }
}

// JSON and JSON Lines: awkward values to the letter, and any values read back exactly.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct JSONFormatTests {
  @Test func anObjectALine() throws {
    let rows = DelimitedFormatTests.awkward
    let lines = [
      #"{"n":1,"t":"plain","v":null}"#, #"{"n":-9223372036854775808,"t":"","v":0.1}"#,
      #"{"n":3.0,"t":"a,\"b\"\r\nc\td\\","v":{"$blob":"00ff"}}"#, #"{"n":1e+300,"t":"x'00'","v":null}"#,
    ]
    #expect(
      try TestSurroundings.rendering(.jsonl, ["n", "t", "v"], rows) == lines.map { $0 + "\n" }.joined())
    #expect(
      try TestSurroundings.rendering(.json, ["n", "t", "v"], rows) == "[" + lines.joined(separator: ",\n") + "]\n")
  }

  @Test func anEmptyResult() throws {
    #expect(try TestSurroundings.rendering(.jsonl, ["a"], []) == "")
    #expect(try TestSurroundings.rendering(.json, ["a"], []) == "[]\n")
  }

  @Test func columnsOfOneNameGetDifferentKeys() throws {
    let row: [SQLValue] = [.integer(1), .integer(2), .integer(3), .integer(4)]
    #expect(
      try TestSurroundings.rendering(.jsonl, ["a", "a", "a_2", "a"], [row]) == #"{"a":1,"a_3":2,"a_2":3,"a_4":4}"#
        + "\n")
  }

  @Test func bytesThatAreNotUTF8AreReplaced() throws {
    let test = TestSurroundings()
    let surroundings = test.surroundings
    let renderer = OutputFormat.jsonl.renderer(in: surroundings)
    try renderer.header(["a"])
    try ([0x61, 0x00, 0xFF, 0xE6, 0xBC] as [UInt8]).withUnsafeBytes { try renderer.value(.text($0)) }
    try renderer.endRow()
    try surroundings.output.flush()
    #expect(test.output == "{\"a\":\"a\\u0000\u{FFFD}\u{FFFD}\"}\n")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func jsonLinesReadBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<500).map { _ in (0..<4).map { _ in SQLValue.random(using: &generator) } }
    let text = try TestSurroundings.rendering(.jsonl, ["a", "b", "c", "d"], rows)
    var reader = JSONReader()
    for (line, row) in zip(text.utf8.split(separator: UInt8(ascii: "\n")), rows) {
      try Array(line).withUnsafeBytes { bytes in
        reader.begin(bytes)
        try reader.beginObject()
        var values: [SQLValue] = []
        while try reader.nextKey() != nil { values.append(try Self.value(&reader)) }
        try reader.finish()
        #expect(values == row, "seed \(seed)")
      }
    }
    #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == rows.count, "seed \(seed)")
  }

  private static func value(_ reader: inout JSONReader) throws -> SQLValue {
    switch try reader.peekKind() {
    case .null:
      try reader.null()
      return .null
    case .string: return .text(try reader.stringValue())
    case .object:
      try reader.beginObject()
      _ = try reader.nextKey()
      let digits = Array(try reader.stringValue())
      _ = try reader.nextKey()
      return .blob(
        stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
    default:
      switch try reader.number() {
      case .int(let integer): return .integer(integer)
      case .double(let real): return .real(real)
      }
    }
  }
}

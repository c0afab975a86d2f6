// Records: the elements of an array are what its lines would be, wherever the buffer's edges fall, and what is no array
// says so with its line.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct RecordReaderTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  struct Record: Equatable {
    let line: Int
    let text: String

    init(_ line: Int, _ text: String) { (self.line, self.text) = (line, text) }
  }

  private func records(
    _ text: String, capacity: Int = 1 << 18, limit: Int = LineReader.defaultLineLimit
  ) throws -> [Record] {
    let source = try ByteSource(path: folder.file("records", Array(text.utf8)))
    var reader = RecordReader(ReadBuffer(source, limit: limit, capacity: capacity))
    var records: [Record] = []
    while let record = try reader.next() {
      records.append(Record(record.number, String(decoding: record.bytes, as: UTF8.self)))
    }
    #expect(try reader.next() == nil, "the end stays the end")
    return records
  }

  static let arrays: [(String, [Record])] = [
    ("[]", []), (" \n[ \n ]\n\n", []), ("\u{FEFF}[1]", [Record(1, "1")]),
    ("[{}, {}]", [Record(1, "{}"), Record(1, "{}")]),
    ("[\n{\"a\":\n[1]},\n\n{\"b\":\"]\"}\n]\n", [Record(2, "{\"a\":\n[1]}"), Record(5, "{\"b\":\"]\"}")]),
    (#"["a\"]","\\",{"x\\\"}":"}"}]"#, [Record(1, #""a\"]""#), Record(1, #""\\""#), Record(1, #"{"x\\\"}":"}"}"#)]),
    ("[1,true , null\n,x]", [Record(1, "1"), Record(1, "true"), Record(1, "null"), Record(2, "x")]),
    // A reader of the element says what is wrong inside of it.
    ("[{\"a\":]]", [Record(1, "{\"a\":]")]),
  ]

  @Test(arguments: arrays.indices) func elementsOfArrays(_ index: Int) throws {
    let (text, expected) = Self.arrays[index]
    for capacity in [8, 9, 10, 11, 1 << 18] { #expect(try records(text, capacity: capacity) == expected) }
  }

  @Test func linesStayLines() throws {
    #expect(try records("\n{\"a\":1}\n\n{}") == [Record(2, "{\"a\":1}"), Record(4, "{}")])
    #expect(try records("\u{FEFF}{}\n") == [Record(1, "{}")])
    #expect(try records("").isEmpty)
    #expect(try records(" \n\t\n").isEmpty)
  }

  @Test(arguments: [UInt64(1), 2, 3]) func anArrayHasTheRecordsOfItsLines(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let values = (0..<Int.random(in: 1..<12, using: &draw)).map { _ in Self.object(&draw, depth: 3) }
      let blanks = ["", " ", "\n", "\r\n\t"]
      let array =
        "["
        + values.map { value in
          (blanks.randomElement(using: &draw) ?? "") + value + (blanks.randomElement(using: &draw) ?? "")
        }.joined(separator: ",") + "]\n"
      let expected = try records(values.joined(separator: "\n")).map(\.text)
      for capacity in [8, Int.random(in: 9..<60, using: &draw), 1 << 18] {
        let found = try records(array, capacity: capacity)
        #expect(found.map(\.text) == expected, "seed \(seed), capacity \(capacity): \(array)")
        for record in found {
          // By bytes, for a carriage return with a line feed is one character. No element here has a line feed.
          let lines = Array(array.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
          let line = String(decoding: lines[record.line - 1], as: UTF8.self)
          #expect(line.contains(record.text), "seed \(seed): line \(record.line) of \(array)")
        }
      }
    }
  }

  private static func object(_ draw: inout SeededGenerator, depth: Int) -> String {
    let members = (0..<Int.random(in: 0..<4, using: &draw)).map { "\"k\($0)\":\(value(&draw, depth: depth - 1))" }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func value(_ draw: inout SeededGenerator, depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &draw) {
    case 0: return ["1", "-2.5e3", "true", "null"].randomElement(using: &draw) ?? "0"
    case 1, 2:
      let parts = ["a", "\\\"", "\\\\", "]", "}", "{[", ",", "é", "\\n"]
      return "\""
        + (0..<Int.random(in: 0..<9, using: &draw)).map { _ in parts.randomElement(using: &draw) ?? "" }.joined()
        + "\""
    case 3: return object(&draw, depth: depth)
    default:
      return "["
        + (0..<Int.random(in: 0..<3, using: &draw)).map { _ in value(&draw, depth: depth - 1) }
        .joined(separator: ",") + "]"
    }
  }

  @Test(arguments: [
    ("[", 1, "cut off"), ("[{}", 1, "cut off"), ("[{}\n,", 2, "cut off"), ("[\n{\"a\":\"", 2, "cut off"),
    ("[{}]\n{}", 2, "follows"), ("[{}][{}]", 1, "follows"), ("[{},\n]", 2, "missing after the comma"),
    ("[{},,{}]", 1, "missing after the comma"), ("[{}\n{}]", 2, "comma or the array's end"), ("[12", 1, "cut off"),
    ("[{}]]", 1, "follows"), ("[{}}", 1, "comma or the array's end"),
    ("[,{}]", 1, "missing before the comma"), ("[{},}]", 1, "no element begins"), ("[:]", 1, "no element begins"),
  ])
  func whatIsNoArrayIsRefused(_ text: String, _ line: Int, _ words: String) {
    for capacity in [8, 9, 1 << 18] {
      let error = #expect(throws: StreamError.self) { try records(text, capacity: capacity) }
      #expect(error?.line == line)
      #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }
  }

  @Test func elementsHaveALimit() throws {
    let element = "{\"a\":\"\(String(repeating: "x", count: 91))\"}"
    #expect(element.utf8.count == 99)
    #expect(try records("[\(element)]", capacity: 8, limit: 99).count == 1)
    let error = #expect(throws: StreamError.self) { try records("[\(element)]", capacity: 8, limit: 98) }
    #expect(error?.reason == "an element is longer than 98 bytes")
  }
}

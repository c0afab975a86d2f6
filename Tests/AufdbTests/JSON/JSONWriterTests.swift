// The writer: its escapes, its commas, and that it and the reader are each other's inverse.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("JSON writer") struct JSONWriterTests {
  private static func written(_ string: String) -> String {
    var writer = JSONWriter()
    writer.string(string)
    return writer.text
  }

  @Test("escapes what JSON demands and what would break a line, and nothing else")
  func escapes() {
    #expect(Self.written("a\"b\\c/d\n\r\t\u{8}\u{C}") == #""a\"b\\c/d\n\r\t\b\f""#)
    #expect(Self.written("\u{0}\u{1}\u{1F}\u{7F}") == #""\u0000\u0001\u001f\u007f""#)
    #expect(Self.written("\u{2028}\u{2029}") == #""\u2028\u2029""#)
    let plain = "é “quoted” – … 漢字 😀 \u{2027}\u{202A} \u{10FFFF} שלום"
    #expect(Self.written(plain) == "\"\(plain)\"")
    #expect(Self.written("") == #""""#)
  }

  @Test("every scalar up to U+3000, and the edges, at every place in a word")
  func everyScalar() throws {
    let scalars = Array(0...0x3000) + [0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF]
    for value in scalars {
      guard let scalar = UnicodeScalar(UInt32(value)) else { continue }
      // Enough behind it that it is never in the last bytes, which are looked at one by one; then in them.
      for trailCount in [8 + value % 7, value % 7] {
        let string =
          String(repeating: "x", count: value % 9) + String(scalar) + String(repeating: "y", count: trailCount)
        let text = Self.written(string)
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(!text.unicodeScalars.contains("\u{2028}") && !text.unicodeScalars.contains("\u{2029}"))
        #expect(try JSONValue.reading(text) == .string(string))
      }
    }
  }

  @Test("reads back what it wrote, and so does Foundation", arguments: [UInt64(11), 12, 13])
  func randomStrings(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let string = generator.string(length: 60)
      let text = Self.written(string)
      #expect(try JSONValue.reading(text) == .string(string), "seed \(seed), \(text)")
      let decoded = try JSONDecoder().decode([String].self, from: Data("[\(text)]".utf8))
      #expect(decoded[0].unicodeScalars.elementsEqual(string.unicodeScalars), "seed \(seed), \(text)")
    }
  }

  @Test("reads what Foundation wrote", arguments: [UInt64(21), 22])
  func foundationStrings(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let strings = (0..<3).map { _ in generator.string(length: 60) }
      let text = try JSONEncoder().encode(strings)
      #expect(try JSONValue.reading(Array(text)) == .array(strings.map(JSONValue.string)), "seed \(seed)")
    }
  }

  @Test("long strings cross its blocks and its growth")
  func longStrings() throws {
    for unit in ["a", "\n", "\u{0}", "\u{2028}", "é", "漢", "😀", "\u{2019}"] {
      for count in [4090, 4095, 4096, 4097, 20_001] {
        let string = String(repeating: unit, count: count)
        #expect(try JSONValue.reading(Self.written(string)) == .string(string))
        #expect(try JSONValue.reading(Self.written("x" + string)) == .string("x" + string))
      }
    }
  }

  @Test("sees to the commas")
  func commas() throws {
    var writer = JSONWriter(capacity: 1)
    writer.beginObject()
    writer.key("a")
    writer.int(1)
    writer.key("b\n")
    writer.beginArray()
    writer.endArray()
    writer.key("c")
    writer.beginArray()
    writer.beginObject()
    writer.endObject()
    writer.null()
    writer.bool(true)
    writer.bool(false)
    try writer.double(-2)
    writer.string("x")
    Array(#"{"raw":0}"#.utf8).withUnsafeBytes { writer.raw($0) }
    writer.endArray()
    writer.key("d")
    writer.string("")
    writer.endObject()
    writer.newline()
    writer.int(7)
    #expect(writer.text == #"{"a":1,"b\n":[],"c":[{},null,true,false,-2.0,"x",{"raw":0}],"d":""}"# + "\n7")
    writer.removeAll()
    writer.int(8)
    #expect(writer.text == "8")
    #expect(writer.count == 1)
  }

  @Test("a copy is compact and keeps keys' order and numbers' text")
  func compactCopy() throws {
    let text = #" { "b" : 1.50 , "a" : [ 1E+2 , -0 , "\u00e9\/\u000a" , { } , [ ] , null ] , "b" : true } "#
    #expect(try compacting(Array(text.utf8)) == #"{"b":1.50,"a":[1E+2,-0,"é/\n",{},[],null],"b":true}"#)
  }
}

// What is JSON and what is not: the grammar of RFC 8259, case by case. Skipping and copying must judge as reading does.

import Testing

@testable import Aufdb

@Suite("JSON grammar") struct JSONGrammarTests {
  static let accepted: [String] = [
    "null", "true", "false", "0", "-0", "1", "-1", "[]", "{}", "\"\"", " \t\r\n1 \t\r\n", "[ ]", "{ }",
    "[1,2]", "[ 1 , [ 2 ] , { } ]", #"{"a":1}"#, #"{ "a" : [ true , null ] , "b" : { "c" : "d" } }"#, #"{"":0}"#,
    #"{"a":1,"a":2}"#, "0.5", "-0.0", "1e5", "1E+5", "1e-5", "1.25e10", "123456789012345678901234567890",
    "1e-400", "4.9e-324", "0e999999999999", #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\uFFFF""#,
    #""\ud83d\ude00""#, #""\uD834\uDD1E""#, "\"\u{7F}\"", "\"\u{2028}\u{2029}\"", "\"é漢字😀\u{10FFFF}\"",
    "\"\u{FFFE}\u{FFFF}\"", "[[[[[[[[[[]]]]]]]]]]", #"["a","b\n","ccccccccccccccccc\tddddddddddd"]"#,
  ]

  @Test("is accepted", arguments: accepted)
  func accepts(_ text: String) throws {
    let bytes = Array(text.utf8)
    let value = try JSONValue.reading(bytes)
    _ = try skipping(bytes)
    let compact = try compacting(bytes)
    #expect(try JSONValue.reading(compact) == value)
    #expect(try compacting(Array(compact.utf8)) == compact)
  }

  static let refused: [(String, JSONError.Reason, Int)] = [
    ("", .endsEarly, 0), ("   ", .endsEarly, 3), ("[1,]", .trailingComma, 3), (#"{"a":1,}"#, .trailingComma, 7),
    ("[,1]", .unexpectedByte(0x2C), 1), ("[1 2]", .unexpectedByte(0x32), 3), ("[1,,2]", .unexpectedByte(0x2C), 3),
    ("[1}", .unexpectedByte(0x7D), 2), (#"{"a":1]"#, .unexpectedByte(0x5D), 6), ("]", .unexpectedByte(0x5D), 0),
    ("[", .endsEarly, 1), ("{", .endsEarly, 1), (#"{"a"#, .endsInString, 3), (#"{"a""#, .endsEarly, 4),
    (#"{"a":"#, .endsEarly, 5), (#"{"a":1"#, .endsEarly, 6), (#"{"a" 1}"#, .unexpectedByte(0x31), 5),
    ("{1:2}", .wrongKind(expected: .string, found: .number), 1), ("{a:1}", .unexpectedByte(0x61), 1),
    ("'a'", .unexpectedByte(0x27), 0), ("NaN", .notFinite, 0), ("Infinity", .notFinite, 0),
    ("-Infinity", .notFinite, 0), ("[NaN]", .notFinite, 1), ("nul", .endsEarly, 3), ("nulL", .unexpectedByte(0x6E), 0),
    ("True", .unexpectedByte(0x54), 0), ("tru", .endsEarly, 3), ("falsy", .unexpectedByte(0x66), 0),
    ("01", .malformedNumber, 0), ("-01", .malformedNumber, 0), ("00", .malformedNumber, 0), ("1.", .endsEarly, 2),
    ("1.]", .malformedNumber, 0), (".5", .unexpectedByte(0x2E), 0), ("+1", .unexpectedByte(0x2B), 0),
    ("-", .endsEarly, 1), ("--1", .malformedNumber, 0), ("1e", .endsEarly, 2), ("1e+", .endsEarly, 3),
    ("[1e+]", .malformedNumber, 1), ("1e999", .numberTooLarge, 0), ("-1e999", .numberTooLarge, 0),
    ("0x10", .trailingText, 1), ("1 2", .trailingText, 2), ("{} x", .trailingText, 3), ("1,", .trailingText, 1),
    ("/**/1", .unexpectedByte(0x2F), 0), ("\u{FEFF}1", .unexpectedByte(0xEF), 0), ("\"", .endsInString, 1),
    (#""\"#, .endsInString, 2), (#""\""#, .endsInString, 3), (#""\x""#, .invalidEscape, 1),
    (#""\u12"#, .endsInString, 5), (#""\u12G4""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
    (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1), (#""\ud800\ud800""#, .loneSurrogate, 1),
    (#""\ud800x""#, .loneSurrogate, 1), (#""\ud800\n""#, .loneSurrogate, 1), (#""\udc00\ud800""#, .loneSurrogate, 1),
    (#""abcdefghijk\ud83d""#, .loneSurrogate, 12), ("\"a\nb\"", .controlCharacter, 2),
    ("\"\u{0}\"", .controlCharacter, 1), ("\"abcdefghijklm\tn\"", .controlCharacter, 14),
    ("\u{C}1", .unexpectedByte(0x0C), 0), ("\u{A0}1", .unexpectedByte(0xC2), 0),
  ]

  @Test("is refused, with reason and place", arguments: refused)
  func refuses(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
    let expected = JSONError(offset: offset, reason: reason)
    let bytes = Array(text.utf8)
    #expect(throws: expected) { try JSONValue.reading(bytes) }
    #expect(throws: expected) { try skipping(bytes) }
    #expect(throws: expected) { try compacting(bytes) }
  }

  static let refusedBytes: [([UInt8], JSONError.Reason)] = [
    ([0x80], .invalidUTF8), ([0xBF], .invalidUTF8), ([0xC0, 0x80], .invalidUTF8), ([0xC1, 0xBF], .invalidUTF8),
    ([0xC3, 0x28], .invalidUTF8), ([0xE0, 0x80, 0x80], .invalidUTF8), ([0xE0, 0x9F, 0xBF], .invalidUTF8),
    ([0xE2, 0x28, 0xA1], .invalidUTF8), ([0xE2, 0x82, 0x28], .invalidUTF8), ([0xF0, 0x80, 0x80, 0x80], .invalidUTF8),
    ([0xF0, 0x8F, 0xBF, 0xBF], .invalidUTF8), ([0xF4, 0x90, 0x80, 0x80], .invalidUTF8), ([0xFF], .invalidUTF8),
    ([0xF5, 0x80, 0x80, 0x80], .invalidUTF8), ([0xF8, 0x88, 0x80, 0x80, 0x80], .invalidUTF8), ([0xFE], .invalidUTF8),
    ([0xED, 0xA0, 0x80], .surrogateBytes), ([0xED, 0xBF, 0xBF], .surrogateBytes),
    ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], .surrogateBytes), ([0xC3], .invalidUTF8),
    ([0xF0, 0x9F, 0x98], .invalidUTF8),
  ]

  @Test("bytes that are not UTF-8 are refused wherever they stand", arguments: refusedBytes)
  func refusesBytes(_ bad: [UInt8], _ reason: JSONError.Reason) {
    for prefix in ["", "abc", "abcdefgh", "abcdefghijk", #"\n"#, #"abcdefgh\nabc"#, "é", "漢字漢字"] {
      let before = Array("\"\(prefix)".utf8)
      for suffix in ["\"", "abcdefghijklmnop\""] {
        let text = before + bad + Array(suffix.utf8)
        let expected = JSONError(offset: before.count, reason: reason)
        #expect(throws: expected) { try JSONValue.reading(text) }
        #expect(throws: expected) { try skipping(text) }
      }
    }
  }

  @Test("512 levels are read, 513 are not")
  func depth() throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      let inner = open == "[" ? "" : "1"
      let deepest = String(repeating: open, count: 512) + inner + String(repeating: close, count: 512)
      _ = try JSONValue.reading(deepest)
      #expect(try skipping(Array(deepest.utf8)).count == deepest.utf8.count)
      #expect(try compacting(Array(deepest.utf8)) == deepest)
      let deeper = Array((String(repeating: open, count: 513) + inner + String(repeating: close, count: 513)).utf8)
      let tooDeep = JSONError(offset: 512 * open.utf8.count, reason: .tooDeep)
      #expect(throws: tooDeep) { try JSONValue.reading(deeper) }
      #expect(throws: tooDeep) { try skipping(deeper) }
      // Skipping inside of what was entered counts the levels around it.
      var reader = JSONReader()
      try deeper.withUnsafeBytes { bytes in
        reader.begin(bytes)
        if open == "[" {
          try reader.beginArray()
          _ = try reader.nextElement()
        } else {
          try reader.beginObject()
          _ = try reader.nextKey()
        }
        #expect(throws: tooDeep) { _ = try reader.skipValue() }
      }
    }
  }

  @Test("a bracket of the wrong kind is seen through mixed nesting")
  func mixedNesting() throws {
    let text = Array(#"[{"a":[[],{},{"b":[1,{"c":null}]}]},[{}],3]"#.utf8)
    #expect(try skipping(text) == text)
    for index in text.indices {
      var changed = text
      switch text[index] {
      case UInt8(ascii: "]"): changed[index] = UInt8(ascii: "}")
      case UInt8(ascii: "}"): changed[index] = UInt8(ascii: "]")
      default: continue
      }
      #expect(throws: JSONError.self) { try skipping(changed) }
      #expect(throws: JSONError.self) { try JSONValue.reading(changed) }
    }
  }
}

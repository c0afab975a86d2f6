// What the pull parser promises beyond the grammar: slices that stay, keys, kinds, numbers, cut texts.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("JSON reader") struct JSONReaderTests {
  @Test("every truncation of a text is an error")
  func truncations() {
    let text = Array(#" {"a":[1.5e3,-0,true,false,null,"é漢😀\u00e9\ud83d\ude00\n"],"b\t":{"c":"plain text here"}}"#.utf8)
    #expect(throws: Never.self) { try JSONValue.reading(text) }
    for count in text.indices {
      let cut = Array(text[..<count])
      #expect(throws: JSONError.self, "cut after \(count) bytes") { try JSONValue.reading(cut) }
      #expect(throws: JSONError.self, "cut after \(count) bytes") { try skipping(cut) }
      #expect(throws: JSONError.self, "cut after \(count) bytes") { try compacting(cut) }
    }
  }

  @Test("nothing beyond the text is read into account")
  func exactEnd() throws {
    // The same bytes with the rest of the text, or garbage, behind the end that was told.
    let text = Array(#"["abc","d\n"]"#.utf8)
    let padded = text + Array(#"","x":"\"#.utf8)
    var reader = JSONReader()
    try padded.withUnsafeBytes { bytes in
      reader.begin(UnsafeRawBufferPointer(rebasing: bytes[..<text.count]))
      #expect(try reader.skipValue().count == text.count)
      try reader.finish()
      for count in 0..<text.count {
        reader.begin(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        #expect(throws: JSONError.self) { _ = try reader.skipValue() }
      }
    }
  }

  @Test("slices of one text stay valid together, decoded or not")
  func slices() throws {
    var generator = SeededGenerator(seed: 7)
    let strings = (0..<200).map { _ in generator.string(length: 40) }
    var writer = JSONWriter()
    writer.beginArray()
    for string in strings { writer.string(string) }
    writer.endArray()
    var reader = JSONReader()
    for _ in 0..<2 {
      try writer.withBytes { bytes in
        reader.begin(bytes)
        var slices: [UnsafeRawBufferPointer] = []
        try reader.beginArray()
        while try reader.nextElement() { slices.append(try reader.string()) }
        try reader.finish()
        #expect(slices.map { String(decoding: $0, as: UTF8.self) } == strings)
        #expect(slices.allSatisfy { $0.baseAddress != nil })
      }
    }
  }

  @Test("a reader goes from small texts to large ones and back")
  func reuse() throws {
    var reader = JSONReader()
    for count in [0, 1, 10, 100_000, 3, 1_000_000, 1] {
      let text = Array(("\"\\n" + String(repeating: "a\\u0000", count: count) + "\"").utf8)
      try text.withUnsafeBytes { bytes in
        reader.begin(bytes)
        #expect(try reader.string().count == 1 + 2 * count)
        try reader.finish()
      }
    }
  }

  @Test("an error in one text does not spoil the next")
  func afterError() throws {
    var reader = JSONReader()
    for bad in [#"{"a":[1,{"b":"#, #"[["x\q"]]"#] {
      Array(bad.utf8).withUnsafeBytes { bytes in
        reader.begin(bytes)
        #expect(throws: JSONError.self) { _ = try JSONValue(&reader, uniqueKeys: true) }
      }
      try Array(#"{"a":1}"#.utf8).withUnsafeBytes { bytes in
        reader.begin(bytes)
        #expect(try JSONValue(&reader, uniqueKeys: true) == .object([.init(key: "a", value: .number(.int(1)))]))
        try reader.finish()
      }
    }
  }

  @Test("keys compare with literals")
  func keys() throws {
    let text = Array(#"{"model":1,"mo\u0064el":2,"m":3,"models":4,"":5,"é":6}"#.utf8)
    var reader = JSONReader()
    var seen: [String] = []
    try text.withUnsafeBytes { bytes in
      reader.begin(bytes)
      try reader.beginObject()
      while let key = try reader.nextKey() {
        switch key {
        case "model": seen.append("model \(try reader.int())")
        case "m": seen.append("m \(try reader.int())")
        case "": seen.append("empty \(try reader.int())")
        case "é": seen.append("é \(try reader.int())")
        default:
          seen.append("other")
          _ = try reader.skipValue()
        }
      }
      try reader.finish()
    }
    #expect(seen == ["model 1", "model 2", "m 3", "other", "empty 5", "é 6"])
  }

  @Test("the same key twice is refused where asked, object by object")
  func duplicateKeys() throws {
    let error = { (offset: Int, key: String) in JSONError(offset: offset, reason: .duplicateKey(key)) }
    #expect(throws: error(7, "a")) { try JSONValue.reading(#"{"a":1,"a":2}"#, uniqueKeys: true) }
    #expect(throws: error(7, "a")) { try JSONValue.reading(#"{"a":1,"\u0061":2}"#, uniqueKeys: true) }
    let nested = #"{"a":{"b":1,"c":2},"b":{"d":1},"b":3}"#
    #expect(throws: error(31, "b")) { try JSONValue.reading(nested, uniqueKeys: true) }
    _ = try JSONValue.reading(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}],"c":{"a":2,"b":1}}"#, uniqueKeys: true)
    for count in [32, 33, 34, 1000] {
      let members = (0..<count).map { "\"key\($0)\":{\"key\($0)\":0}" }
      _ = try JSONValue.reading("{" + members.joined(separator: ",") + "}", uniqueKeys: true)
      for repeated in [0, count - 1] {
        let text = "{" + members.joined(separator: ",") + ",\"key\(repeated)\":1}"
        #expect(throws: JSONError.self) { try JSONValue.reading(text, uniqueKeys: true) }
      }
    }
  }

  @Test("a skipped object in a unique one may repeat its keys")
  func duplicateKeysSkipped() throws {
    var reader = JSONReader()
    try Array(#"{"a":{"b":1,"b":2,"a":3},"c":{"a":1},"a":1}"#.utf8).withUnsafeBytes { bytes in
      reader.begin(bytes)
      try reader.beginObject(uniqueKeys: true)
      _ = try reader.nextKey()
      _ = try reader.skipValue()
      _ = try reader.nextKey()
      _ = try reader.skipValue()
      #expect(throws: JSONError(offset: 37, reason: .duplicateKey("a"))) { _ = try reader.nextKey() }
    }
  }

  @Test("a value of another kind is named")
  func wrongKinds() {
    let kinds: [(String, JSONKind)] = [
      ("{}", .object), ("[]", .array), ("\"\"", .string), ("1", .number), ("true", .bool), ("null", .null),
    ]
    for (text, found) in kinds {
      Array(text.utf8).withUnsafeBytes { bytes in
        var reader = JSONReader()
        func check(_ expected: JSONKind, _ read: (inout JSONReader) throws -> Void) {
          guard expected != found else { return }
          reader.begin(bytes)
          let error = JSONError(offset: 0, reason: .wrongKind(expected: expected, found: found))
          #expect(throws: error) { try read(&reader) }
        }
        check(.object) { try $0.beginObject() }
        check(.array) { try $0.beginArray() }
        check(.string) { _ = try $0.string() }
        check(.number) { _ = try $0.double() }
        check(.number) { _ = try $0.int() }
        check(.bool) { _ = try $0.bool() }
        check(.null) { try $0.null() }
      }
    }
    let error = JSONError(offset: 3, reason: .wrongKind(expected: .string, found: .null))
    #expect("\(error)" == "expected a string, found null (byte 3)")
  }

  @Test("the bytes of a skipped value are lent without the white space around them")
  func rawValues() throws {
    var reader = JSONReader()
    var raw: [String] = []
    try Array(#"[ 1.50 , {"a" : [ ] } ,"x\n" , null]"#.utf8).withUnsafeBytes { bytes in
      reader.begin(bytes)
      try reader.beginArray()
      while try reader.nextElement() { raw.append(String(decoding: try reader.skipValue(), as: UTF8.self)) }
      try reader.finish()
    }
    #expect(raw == ["1.50", #"{"a" : [ ] }"#, #""x\n""#, "null"])
  }

  @Test("null is taken where it stands, and nothing else")
  func nullIfPresent() throws {
    var reader = JSONReader()
    try Array("[null,1]".utf8).withUnsafeBytes { bytes in
      reader.begin(bytes)
      try reader.beginArray()
      _ = try reader.nextElement()
      #expect(try reader.nullIfPresent())
      _ = try reader.nextElement()
      #expect(try !reader.nullIfPresent())
      #expect(try reader.int() == 1)
      #expect(try !reader.nextElement())
      try reader.finish()
    }
  }

  @Test("finishing before the end is an error")
  func unfinished() throws {
    var reader = JSONReader()
    try Array("[1]".utf8).withUnsafeBytes { bytes in
      reader.begin(bytes)
      try reader.beginArray()
      #expect(throws: JSONError.self) { try reader.finish() }
    }
  }
}

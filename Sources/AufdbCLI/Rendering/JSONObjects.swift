// Rows as JSON objects, for the two formats that are made of them.
//
// Integers and reals are numbers (a real always has a point or an exponent, and reads back as the same double), NULL and
// the infinities, which JSON doesn't have, are null, and a blob is {"$blob":"00ff"}. Bytes of a text that are not UTF-8
// become U+FFFD. Columns of one name get different keys: model, model_2.

import Aufdb

final class JSONObjects {
  private let output: StandardOutput
  private var writer = JSONWriter(capacity: 64 << 10)
  private var keys: [[UInt8]] = []
  private var column = 0

  init(_ output: StandardOutput) { self.output = output }

  func header(_ names: [String]) {
    var taken = Set(names)
    var seen: Set<String> = []
    for name in names {
      var key = name
      var number = 2
      while seen.contains(key) || (key != name && taken.contains(key)) {
        key = "\(name)_\(number)"
        number += 1
      }
      seen.insert(key)
      taken.insert(key)
      keys.append(Array(key.utf8))
    }
  }

  func value(_ value: QueryValue) {
    if column == 0 { writer.beginObject() }
    keys[column].withUnsafeBytes { writer.key($0) }
    column += 1
    switch value {
    case .null: writer.null()
    case .integer(let integer): writer.int(integer)
    case .real(let real):
      do throws(JSONError) { try writer.double(real) } catch { writer.null() }
    case .text(let bytes): text(bytes)
    case .blob(let bytes): blob(bytes)
    }
  }

  /// Closes the object of the row; a line end is the caller's.
  func endRow() throws(StreamError) {
    writer.endObject()
    column = 0
    try writer.withBytes { bytes throws(StreamError) in try output.write(bytes) }
    writer.removeAll()
  }

  private func text(_ bytes: UnsafeRawBufferPointer) {
    if Self.isASCII(bytes) {
      writer.string(bytes)
    } else {
      // This mends what isn't UTF-8; the writer takes its word.
      writer.string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private func blob(_ bytes: UnsafeRawBufferPointer) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    writer.beginObject()
    writer.key("$blob")
    text.withUnsafeBytes { writer.string($0) }
    writer.endObject()
  }

  private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var union: UInt8 = 0
    for byte in bytes { union |= byte }
    return union < 0x80
  }
}

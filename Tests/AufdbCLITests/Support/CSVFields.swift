// A reader of CSV for tests, which tells a field in quotes from one without.

@testable import Aufdb

/// One field: its text, and whether it stood in quotes.
struct CSVField: Equatable {
  var text: [UInt8]
  var isQuoted: Bool
}

enum CSVFields {
  /// The fields of all rows; nil for a field with nothing in it, not even quotes.
  static func rows(_ bytes: [UInt8]) -> [[CSVField?]] {
    var rows: [[CSVField?]] = []
    var row: [CSVField?] = []
    var field = CSVField(text: [], isQuoted: false)
    var isInside = false
    var index = 0
    func end() {
      row.append(field.text.isEmpty && !field.isQuoted ? nil : field)
      field = CSVField(text: [], isQuoted: false)
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isInside, byte == UInt8(ascii: "\"") {
        if index < bytes.count, bytes[index] == byte {
          field.text.append(byte)
          index += 1
        } else {
          isInside = false
        }
      } else if isInside {
        field.text.append(byte)
      } else if byte == UInt8(ascii: "\"") {
        field.isQuoted = true
        isInside = true
      } else if byte == UInt8(ascii: ",") {
        end()
      } else if byte == UInt8(ascii: "\n") {
        end()
        rows.append(row)
        row = []
      } else {
        field.text.append(byte)
      }
    }
    return rows
  }

  /// What a value should look like.
  static func expected(_ value: SQLValue) -> CSVField? {
    switch value {
    case .null: return nil
    case .integer(let integer): return CSVField(text: Array(String(integer).utf8), isQuoted: false)
    case .real(let real): return CSVField(text: Array("\(real)".utf8), isQuoted: false)
    case .blob(let bytes):
      let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      return CSVField(text: Array("x'\(digits)'".utf8), isQuoted: false)
    case .text(let text):
      let isQuoted = text.isEmpty || text.hasPrefix("x'") || text.utf8.contains { ",\"\n\r".utf8.contains($0) }
      return CSVField(text: Array(text.utf8), isQuoted: isQuoted)
    }
  }
}

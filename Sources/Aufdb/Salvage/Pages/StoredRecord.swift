// A row as SQLite stores it: https://sqlite.org/fileformat2.html#record_format.

/// The values of one record. It must be exactly as long as its header says; otherwise it is none.
struct StoredRecord {
  /// A value: its kind, and where its bytes stand in the payload. The integers 0 and 1 have none.
  struct Value {
    var kind: BundleRow.Kind
    var range: Range<Int>
    var integer: Int64 = 0
  }

  private(set) var values: [Value] = []

  /// - Returns: nil for bytes that are no record.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var place = 0
    guard let headerCount = Varint.read(bytes, &place), headerCount <= UInt64(bytes.count) else { return nil }
    var start = Int(headerCount)
    while place < Int(headerCount) {
      guard let type = Varint.read(bytes, &place), let (kind, count) = Self.shape(type), count <= bytes.count - start
      else { return nil }
      var value = Value(kind: kind, range: start..<start + count)
      if kind == .integer { value.integer = type >= 8 ? Int64(type - 8) : Self.integer(bytes, value.range) }
      values.append(value)
      start += count
    }
    guard place == Int(headerCount), start == bytes.count else { return nil }
  }

  private static func shape(_ type: UInt64) -> (BundleRow.Kind, Int)? {
    switch type {
    case 0: (.null, 0)
    case 1...4: (.integer, Int(type))
    case 5: (.integer, 6)
    case 6: (.integer, 8)
    case 7: (.real, 8)
    case 8, 9: (.integer, 0)
    case 10, 11: nil
    default: type / 2 > 1 << 31 ? nil : (type % 2 == 0 ? .blob : .text, Int(type - 12) / 2)
    }
  }

  private static func integer(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int64 {
    var value: Int64 = Int8(bitPattern: bytes[range.lowerBound]) < 0 ? -1 : 0
    for index in range { value = value << 8 | Int64(bytes[index]) }
    return value
  }
}

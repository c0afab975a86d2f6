// A reward head's numbers as the bytes of a .safetensors file (SafetensorsEntry.swift), and back.
//
// The same tensors give the same bytes, those of the reference implementation: doubles come first, so that every
// element lies at a multiple of its size; then tensors are in the order of their names; and blanks after the header
// make its length a multiple of 8. What is read may be in any order.

import AufdbReward

/// The format of the column `state` of reward heads.
enum SafetensorsFile {
  /// The bytes of a file with these tensors.
  ///
  /// - Precondition: their names differ, and none is `__metadata__`, which the format keeps for itself.
  static func encode(_ tensors: [HeadTensor]) -> [UInt8] {
    let sorted = tensors.sorted {
      $0.elements.byteCount == $1.elements.byteCount
        ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.elements.byteCount > $1.elements.byteCount
    }
    precondition(
      Set(tensors.map(\.name)).subtracting(["__metadata__"]).count == tensors.count, "tensors of one name")
    var header = JSONWriter()
    var end: Int64 = 0
    header.beginObject()
    for tensor in sorted {
      let begin = end
      end += Int64(tensor.elements.count * tensor.elements.byteCount)
      header.key(tensor.name)
      header.beginObject()
      header.key("dtype")
      header.string(tensor.elements.dtype)
      header.key("shape")
      header.beginArray()
      for length in tensor.shape { header.int(Int64(length)) }
      header.endArray()
      header.key("data_offsets")
      header.beginArray()
      header.int(begin)
      header.int(end)
      header.endArray()
      header.endObject()
    }
    header.endObject()
    let paddedCount = (header.count + 7) / 8 * 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + paddedCount + Int(end))
    Self.append(UInt64(paddedCount), to: &bytes)
    header.withBytes { bytes += $0 }
    bytes += repeatElement(UInt8(ascii: " "), count: paddedCount - header.count)
    for tensor in sorted {
      switch tensor.elements {
      case .float32(let elements): for element in elements { append(element.bitPattern, to: &bytes) }
      case .float64(let elements): for element in elements { append(element.bitPattern, to: &bytes) }
      }
    }
    return bytes
  }

  /// The tensors of a file, in the order of its header.
  ///
  /// - Throws: `.badData` for what is no such file to its last byte, or has tensors of other elements.
  static func decode(_ bytes: Bytes) throws(AufdbError) -> [HeadTensor] {
    guard bytes.count >= 8 else { throw SafetensorsEntry.cutOff }
    let length = try SafetensorsEntry.headerLength(UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)))
    guard bytes.count - 8 >= length else { throw SafetensorsEntry.cutOff }
    let entries = try SafetensorsEntry.parse(Bytes(rebasing: bytes[8..<8 + length]))
    let data = Bytes(rebasing: bytes[(8 + length)...])
    let end = try SafetensorsEntry.end(of: entries)
    guard end == data.count else {
      throw AufdbError(.badData, "the header tells of \(end) bytes of tensors, and there are \(data.count)")
    }
    return try entries.map { entry throws(AufdbError) in
      try tensor(entry, Bytes(rebasing: data[entry.begin..<entry.end]))
    }
  }

  private static func tensor(_ entry: SafetensorsEntry, _ data: Bytes) throws(AufdbError) -> HeadTensor {
    let elements: HeadTensor.Elements
    switch entry.dtype {
    case "F32":
      elements = .float32(
        (0..<data.count / 4).map {
          Float(bitPattern: UInt32(littleEndian: data.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        })
    case "F64":
      elements = .float64(
        (0..<data.count / 8).map {
          Double(bitPattern: UInt64(littleEndian: data.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
        })
    default:
      throw AufdbError(
        .badData,
        "the elements of the tensor \(entry.name.quoted) are \(entry.dtype.shortened(to: 40)), not F32 or F64")
    }
    guard entry.byteCount(ofElements: elements.byteCount) == data.count else {
      throw AufdbError(
        .badData, "the tensor \(entry.name.quoted) has \(data.count) bytes, which are not those of its shape")
    }
    return HeadTensor(entry.name, shape: entry.shape.map { Int($0) }, elements)
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }
}

extension HeadTensor.Elements {
  fileprivate var byteCount: Int {
    switch self {
    case .float32: 4
    case .float64: 8
    }
  }

  fileprivate var dtype: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    }
  }
}

extension SafetensorsEntry {
  /// The bytes of a tensor of the shape; nil where no memory has so many.
  fileprivate func byteCount(ofElements elementByteCount: Int) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    // One length of 0 makes it empty, however large the others are.
    guard !shape.contains(0) else { return 0 }
    var count = elementByteCount
    for length in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: Int(length))
      guard !isTooLarge else { return nil }
      count = product
    }
    return count
  }
}

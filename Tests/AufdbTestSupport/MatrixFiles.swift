// Matrix files for tests, written by hand from the formats' descriptions, past the code under test.

/// The bytes of .npy and .safetensors files.
public enum MatrixFiles {
  /// A .npy file; `header` is the dictionary, and `data` what follows.
  public static func npy(version: (UInt8, UInt8) = (1, 0), header: String, _ data: [UInt8]) -> [UInt8] {
    let prefixSize = version.0 == 1 ? 10 : 12
    // numpy pads with blanks and a newline, so that the data begins at a multiple of 64.
    let padding = 63 - (prefixSize + header.utf8.count) % 64
    let text = Array(header.utf8) + Array(repeating: 0x20, count: padding) + [0x0A]
    return [0x93] + Array("NUMPY".utf8) + [version.0, version.1] + littleEndian(text.count, prefixSize - 8) + text
      + data
  }

  /// A .npy file of some rows of one dimension.
  public static func npy(_ descr: String, rows: Int, dimension: Int, _ data: [UInt8]) -> [UInt8] {
    npy(header: "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(rows), \(dimension)), }", data)
  }

  /// A .safetensors file; `header` is the JSON, and `data` what follows.
  public static func safetensors(header: String, _ data: [UInt8]) -> [UInt8] {
    littleEndian(header.utf8.count, 8) + Array(header.utf8) + data
  }

  /// A .safetensors file with one tensor.
  public static func safetensors(_ dtype: String, rows: Int, dimension: Int, _ data: [UInt8]) -> [UInt8] {
    safetensors(
      header: #"{"vectors":{"dtype":"\#(dtype)","shape":[\#(rows),\#(dimension)],"data_offsets":[0,\#(data.count)]}}"#,
      data)
  }

  /// The bytes of elements of 16 bits.
  public static func bytes(_ elements: [UInt16]) -> [UInt8] {
    elements.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }

  /// The bytes of float16 elements.
  public static func bytes(_ elements: [Float16]) -> [UInt8] { bytes(elements.map(\.bitPattern)) }

  /// The bytes of float32 elements.
  public static func bytes(_ elements: [Float]) -> [UInt8] {
    elements.flatMap { littleEndian(Int($0.bitPattern), 4) }
  }

  public static func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

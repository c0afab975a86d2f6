// Bytes as hexadecimal digits.

enum HexDigits {
  /// Writes two digits a byte.
  ///
  /// - Parameter output: twice as long as `bytes` at least.
  static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<UInt8>) {
    for index in bytes.indices {
      output[2 * index] = digit(bytes[index] >> 4)
      output[2 * index + 1] = digit(bytes[index] & 15)
    }
  }

  /// Two digits a byte.
  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.withUnsafeBytes { bytes in
      String(unsafeUninitializedCapacity: 2 * bytes.count) { output in
        if let start = output.baseAddress { encode(bytes, into: start) }
        return 2 * bytes.count
      }
    }
  }

  // Without a branch, so that the compiler can do many at once: 39 is what lies between "9" and "a".
  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 { UInt8(ascii: "0") &+ value &+ (value > 9 ? 39 : 0) }
}

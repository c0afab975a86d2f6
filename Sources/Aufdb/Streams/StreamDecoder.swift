// What the two decompressors have in common, as `ByteSource` sees them.

/// Decompresses data piece by piece.
protocol StreamDecoder: AnyObject {
  /// Whether everything that has begun has ended: the only place where the data may stop.
  var isAtFrameEnd: Bool { get }

  /// Decompresses some bytes.
  ///
  /// - Parameters:
  ///   - input: what is there; loses what was consumed. Empty at the end, to get what is still held back.
  ///   - output: where to write.
  /// - Returns: the bytes written; 0 where more input is needed.
  func decode(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int
}

/// Why compressed data cannot be decompressed.
enum DecodingFailure: Error, Equatable {
  case outOfMemory
  case windowTooLarge
  case needsDictionary
  case checksum
  case corrupt
  case cutOff
  case trailingData

  /// The failure in plain words.
  func reason(for format: CompressionFormat) -> String {
    switch self {
    case .outOfMemory: "no memory to decompress it"
    case .windowTooLarge: "it was compressed with a window of more than 128 MiB, which is not supported"
    case .needsDictionary: "it was compressed with a dictionary, which is not supported"
    case .checksum: "its checksum is wrong: the \(format.adjective) data is damaged"
    case .corrupt: "the \(format.adjective) data is damaged"
    case .cutOff: "the \(format.adjective) data is cut off"
    case .trailingData: "something else follows the \(format.adjective) data"
    }
  }

  /// What the user can do about it, if that is known.
  var hint: String? {
    switch self {
    case .windowTooLarge: "recompress it with zstd --long=27 or less"
    case .needsDictionary: "recompress it without a dictionary"
    case .cutOff, .checksum, .corrupt: "copy or download it again"
    case .outOfMemory, .trailingData: nil
    }
  }
}

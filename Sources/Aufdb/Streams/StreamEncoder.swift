// What the two compressors have in common, as `ByteSink` sees them.

/// Compresses data piece by piece.
protocol StreamEncoder: AnyObject {
  /// Compresses some bytes.
  ///
  /// - Parameters:
  ///   - input: what is there; loses what was consumed.
  ///   - output: where to write.
  ///   - isLast: whether nothing comes after this input.
  /// - Returns: the bytes written, and whether all is done: the input taken, and with `isLast` the end written too.
  func encode(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(EncodingFailure) -> (count: Int, isDone: Bool)
}

/// Why data cannot be compressed.
enum EncodingFailure: Error, Equatable {
  case outOfMemory
  case invalidParameter(String)
  case failed(String)

  /// The failure in plain words.
  var reason: String {
    switch self {
    case .outOfMemory: "no memory to compress it"
    case .invalidParameter(let parameter): "it can't be compressed with \(parameter)"
    case .failed(let words): "compressing failed: \(words)"
    }
  }
}

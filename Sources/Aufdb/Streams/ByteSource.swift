// Bytes from a file or standard input, decompressed on the way.
//
// Whether they are zstd or gzip is seen by their first bytes, so that a pipe works like a file and a wrong name does no
// harm; but a name that promises compression is held to it, for then the file is damaged or not what the user thinks.
// Memory is one read buffer and the decompressor's window, however much comes out.

/// Reads a file or standard input from beginning to end.
package final class ByteSource {
  /// The path as given; `-` is standard input.
  package let path: String

  /// The size of the file in bytes before decompression; nil for a pipe.
  package let sizeBytes: Int?

  /// How many bytes of the file were read so far, before decompression: of `sizeBytes`, the progress.
  package private(set) var consumedBytes = 0

  private let descriptor: FileDescriptor
  private let buffer: UnsafeMutableRawBufferPointer
  private var pending: UnsafeRawBufferPointer
  private var isAtEnd = false
  private var format = CompressionFormat.none
  private var decoder: (any StreamDecoder)?

  /// zstd's own measure for a read buffer: one compressed block and its header.
  private static let bufferSize = 131_072 + 3

  /// Opens a file, and looks at its first bytes.
  ///
  /// - Parameter path: the file; `-` reads standard input.
  /// Errors: `cannotOpen`; `badData` where the name promises a compression that the bytes do not have.
  package convenience init(path: String) throws(StreamError) {
    try self.init(descriptor: try FileDescriptor.opening(path))
  }

  /// Reads from a descriptor that is open already.
  init(descriptor: consuming FileDescriptor) throws(StreamError) {
    path = descriptor.path
    sizeBytes = descriptor.sizeBytes
    self.descriptor = descriptor
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
    pending = UnsafeRawBufferPointer(rebasing: buffer[..<0])
    try recognise()
  }

  deinit { buffer.deallocate() }

  /// Reads a file that is meant to be short.
  ///
  /// - Returns: its decompressed content; nil where that has more than `limit` bytes.
  /// Errors: those of `init(path:)` and `read(into:)`.
  static func contents(of path: String, limit: Int) throws(StreamError) -> [UInt8]? {
    let source = try ByteSource(path: path)
    var bytes: [UInt8] = []
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { block.deallocate() }
    while true {
      let count = try source.read(into: block)
      if count == 0 { return bytes }
      bytes += block.prefix(count)
      guard bytes.count <= limit else { return nil }
    }
  }

  /// Reads some bytes of the decompressed content.
  ///
  /// - Parameter output: where to write; at least one byte long.
  /// - Returns: how many bytes were written; 0 only at the end.
  /// Errors: `badData` for compressed data that is damaged, cut off or followed by something else; `inputOutput`.
  package func read(into output: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
    guard let decoder else { return try readPlain(into: output) }
    while true {
      if pending.isEmpty, !isAtEnd { try fill() }
      // At a frame's end a decoder must not be asked again: it would take that for the beginning of another frame.
      if pending.isEmpty, decoder.isAtFrameEnd { return 0 }
      let inputCount = pending.count
      let count: Int
      do throws(DecodingFailure) {
        count = try decoder.decode(&pending, into: output)
        if count == 0, pending.count == inputCount { throw inputCount == 0 ? .cutOff : .corrupt }
      } catch {
        throw StreamError(kind: .badData, path: path, reason: error.reason(for: format), hint: error.hint)
      }
      if count > 0 { return count }
    }
  }

  private func readPlain(into output: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
    if !pending.isEmpty {
      let count = min(pending.count, output.count)
      output.copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[..<count]))
      pending = UnsafeRawBufferPointer(rebasing: pending[count...])
      return count
    }
    if isAtEnd { return 0 }
    return try readDescriptor(into: output)
  }

  /// Reads compressed bytes into the empty buffer.
  private func fill() throws(StreamError) {
    let count = try readDescriptor(into: buffer)
    pending = UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }

  private func readDescriptor(into output: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
    let count = try descriptor.read(into: output)
    consumedBytes += count
    isAtEnd = count == 0
    return count
  }

  /// Reads the first bytes and sees what they are.
  private func recognise() throws(StreamError) {
    var count = 0
    // A pipe may bring them one by one.
    while count < CompressionFormat.magicLength, !isAtEnd {
      count += try readDescriptor(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    }
    pending = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    format = CompressionFormat(magic: pending)
    if let promised = CompressionFormat(name: path), promised != format {
      throw StreamError(
        kind: .badData, path: path, reason: "it is not \(promised.adjective) data, though its name says so",
        hint: count == 0 ? "the file is empty" : "rename it if that is what it should be")
    }
    do throws(DecodingFailure) {
      switch format {
      case .none: break
      case .zstd: decoder = try ZstdDecoder()
      case .gzip: decoder = try GzipDecoder()
      }
    } catch {
      throw StreamError(kind: .badData, path: path, reason: error.reason(for: format), hint: error.hint)
    }
  }
}

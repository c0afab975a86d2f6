// Bytes into a new file, compressed on the way.
//
// What is written is gathered into blocks of one size before it is compressed, so that the file's bytes do not depend
// on how the caller cut them up. A file that exists is never touched. Whoever wants all or nothing writes to a name
// aside and renames after `finish`; after an error the unfinished file is left to that caller, too.

/// Writes one new file from beginning to end.
package final class ByteSink {
  /// The path as given.
  package let path: String

  /// How many bytes were written before compression.
  package private(set) var contentBytes = 0

  /// How many bytes went to the file; after `finish`, its size.
  package private(set) var fileBytes = 0

  private var descriptor: FileDescriptor
  private let encoder: (any StreamEncoder)?
  private let onFileBytes: ((UnsafeRawBufferPointer) -> Void)?
  private let block: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer
  private var blockCount = 0

  private static let blockSize = 128 << 10

  /// Creates the file, with mode 0644 less the user's umask.
  ///
  /// - Parameters:
  ///   - path: a name that does not exist yet.
  ///   - compression: how to compress. The same content and compression give the same bytes.
  ///   - onFileBytes: called with the bytes that go to the file, in order: for a running hash.
  /// Errors: `cannotCreate`, `inputOutput`.
  package convenience init(
    path: String, compression: Compression = .zstd(), onFileBytes: ((UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(StreamError) {
    // The encoder first: where it cannot be had, no empty file is left behind.
    let encoder = try Self.encoder(for: compression, path: path)
    self.init(descriptor: try FileDescriptor.creating(path), encoder: encoder, onFileBytes: onFileBytes)
  }

  /// Writes to a descriptor that is open already.
  init(
    descriptor: consuming FileDescriptor, encoder: (any StreamEncoder)?,
    onFileBytes: ((UnsafeRawBufferPointer) -> Void)? = nil
  ) {
    path = descriptor.path
    self.descriptor = descriptor
    self.encoder = encoder
    self.onFileBytes = onFileBytes
    block = .allocate(byteCount: Self.blockSize, alignment: 16)
    output = .allocate(byteCount: Self.blockSize, alignment: 16)
  }

  deinit {
    block.deallocate()
    output.deallocate()
  }

  /// Writes some bytes; they reach the file a block later.
  ///
  /// Errors: `inputOutput`, also for a full disk; `closedPipe`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    contentBytes += bytes.count
    var rest = bytes
    while !rest.isEmpty {
      let count = min(rest.count, Self.blockSize - blockCount)
      UnsafeMutableRawBufferPointer(rebasing: block[blockCount...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      blockCount += count
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      if blockCount == Self.blockSize { try flush(isLast: false) }
    }
  }

  /// Writes what is held back, waits until it is on the disk, and closes the file; nothing may be written after.
  ///
  /// Errors: `inputOutput`, also for a full disk; the file is not whole then.
  package func finish() throws(StreamError) {
    // libzstd would take a first call that is the last for a content of known size, and compress it differently.
    try flush(isLast: false)
    try flush(isLast: true)
    try descriptor.synchronize()
    try descriptor.close()
  }

  private func flush(isLast: Bool) throws(StreamError) {
    var input = UnsafeRawBufferPointer(rebasing: block[..<blockCount])
    blockCount = 0
    guard let encoder else { return try writeFile(input) }
    while true {
      let step: (count: Int, isDone: Bool)
      do throws(EncodingFailure) {
        step = try encoder.encode(&input, into: output, isLast: isLast)
      } catch {
        throw StreamError(kind: .inputOutput, path: path, reason: error.reason)
      }
      try writeFile(UnsafeRawBufferPointer(rebasing: output[..<step.count]))
      if step.isDone { return }
    }
  }

  private func writeFile(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    guard !bytes.isEmpty else { return }
    try descriptor.write(bytes)
    fileBytes += bytes.count
    onFileBytes?(bytes)
  }

  static func encoder(
    for compression: Compression, path: String
  ) throws(StreamError) -> (any StreamEncoder)? {
    do throws(EncodingFailure) {
      switch compression {
      case .none: return nil
      case .zstd(let level, let workerCount, let jobBytes):
        return try ZstdEncoder(level: level, workerCount: workerCount, jobBytes: jobBytes)
      case .gzip(let level): return try GzipEncoder(level: level)
      }
    } catch {
      throw StreamError(kind: .cannotCreate, path: path, reason: error.reason)
    }
  }
}

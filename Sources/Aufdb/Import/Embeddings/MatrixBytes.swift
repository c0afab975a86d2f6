// A matrix file's bytes, by their offset. A plain file can be read anywhere; what comes through a pipe or a
// decompressor, forwards only.

/// Where a matrix is read from.
protocol MatrixBytes: AnyObject {
  /// The size in bytes, decompressed; nil where it shows only at the end.
  var sizeBytes: Int? { get }

  /// Whether no offset may come before the end of what was read already.
  var isForwardOnly: Bool { get }

  /// Reads until the buffer is full or the bytes end; returns how many were read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StreamError) -> Int
}

/// The bytes of a file that isn't compressed.
final class MatrixFileBytes: MatrixBytes {
  let sizeBytes: Int?
  var isForwardOnly: Bool { false }
  private let descriptor: FileDescriptor

  init(_ descriptor: consuming FileDescriptor) {
    sizeBytes = descriptor.sizeBytes
    self.descriptor = descriptor
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StreamError) -> Int {
    try descriptor.read(into: buffer, at: offset)
  }
}

/// The bytes of a pipe, or of what a compressed file holds.
final class MatrixStreamBytes: MatrixBytes {
  var sizeBytes: Int? { nil }
  var isForwardOnly: Bool { true }
  private let source: ByteSource
  private var position = 0

  init(_ source: ByteSource) { self.source = source }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StreamError) -> Int {
    precondition(offset >= position, "a stream can't be read backwards")
    guard try skip(to: offset) else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
      position += count
    }
    return filled
  }

  /// Reads over what nobody wants; false where the bytes end before.
  private func skip(to offset: Int) throws(StreamError) -> Bool {
    guard position < offset else { return true }
    let waste = UnsafeMutableRawBufferPointer.allocate(byteCount: min(offset - position, 1 << 16), alignment: 16)
    defer { waste.deallocate() }
    while position < offset {
      let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: waste.prefix(offset - position)))
      if count == 0 { return false }
      position += count
    }
    return true
  }
}

extension FileDescriptor {
  /// Takes the descriptor for a matrix: at any offset if it is a plain file, and otherwise from beginning to end.
  consuming func matrixBytes() throws(StreamError) -> any MatrixBytes {
    // Standard input counts as a pipe even where a file stands behind it: it may not begin at that file's beginning.
    guard sizeBytes != nil, path != "-", CompressionFormat(name: path) == nil else {
      return MatrixStreamBytes(try ByteSource(descriptor: self))
    }
    let magic = UnsafeMutableRawBufferPointer.allocate(byteCount: CompressionFormat.magicLength, alignment: 4)
    defer { magic.deallocate() }
    let count = try read(into: magic, at: 0)
    guard CompressionFormat(magic: UnsafeRawBufferPointer(rebasing: magic[..<count])) == .none else {
      return MatrixStreamBytes(try ByteSource(descriptor: self))
    }
    return MatrixFileBytes(self)
  }
}

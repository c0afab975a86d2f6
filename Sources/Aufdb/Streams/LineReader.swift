// The lines of a byte stream, one after another in flat memory.
//
// One buffer holds the line being read and whatever was read beyond it. It grows only for a line that is longer, up to
// the line limit; and that limit is what stops a compression bomb, which is one endless line.

import Glibc

/// Reads a stream line by line.
package struct LineReader: ~Copyable {
  /// One line, without its end.
  package struct Line {
    /// The number of the line in the stream, counted from 1; blank lines count.
    package let number: Int
    /// The line's bytes, never empty; valid until the next call of `next`.
    package let bytes: UnsafeRawBufferPointer
  }

  /// The longest line that is read unless the caller says otherwise: 64 MiB.
  package static let defaultLineLimit = 64 << 20

  /// Where the lines come from; its `consumedBytes` of `sizeBytes` is the progress.
  package let source: ByteSource

  /// The number of the last line that was read, blank or not; 0 before the first.
  package private(set) var lineNumber = 0

  private let lineLimit: Int
  private var buffer: UnsafeMutableRawBufferPointer
  private var first = 0
  private var searched = 0
  private var end = 0
  private var isAtEnd = false

  /// Makes a reader of a source's lines.
  ///
  /// - Parameters:
  ///   - source: where to read; nothing else may read from it.
  ///   - lineLimit: the most bytes that a line may have; at most twice this is held, while the buffer grows.
  package init(_ source: ByteSource, lineLimit: Int = LineReader.defaultLineLimit) {
    self.init(source, lineLimit: lineLimit, bufferCapacity: 1 << 18)
  }

  /// Makes a reader whose buffer begins with `bufferCapacity` bytes, so that tests can put its edges anywhere.
  init(_ source: ByteSource, lineLimit: Int, bufferCapacity: Int) {
    self.source = source
    self.lineLimit = lineLimit
    buffer = .allocate(byteCount: max(bufferCapacity, 8), alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Reads the next line that is not blank: white space only counts as blank.
  ///
  /// A line ends with LF or CRLF, the last one also with the stream. A byte order mark before the first is dropped.
  ///
  /// - Returns: the line, or nil at the end of the stream.
  /// Errors: those of the source, and `badData` for a line beyond the limit; with the line's number.
  package mutating func next() throws(StreamError) -> Line? {
    while let range = try nextRange() {
      lineNumber += 1
      var (lower, upper) = range
      if lineNumber == 1, upper - lower >= 3, buffer[lower] == 0xEF, buffer[lower + 1] == 0xBB,
        buffer[lower + 2] == 0xBF
      {
        lower += 3
      }
      if upper > lower, buffer[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[lower..<upper])
      if !Self.isBlank(bytes) { return Line(number: lineNumber, bytes: bytes) }
    }
    return nil
  }

  /// Where in the buffer the next line stands, without its LF.
  private mutating func nextRange() throws(StreamError) -> (Int, Int)? {
    while true {
      if let base = buffer.baseAddress, searched < end, let found = memchr(base + searched, 0x0A, end - searched) {
        let stop = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        try checkLength(stop - first)
        defer { (first, searched) = (stop + 1, stop + 1) }
        return (first, stop)
      }
      searched = end
      try checkLength(end - first)
      if isAtEnd {
        guard first < end else { return nil }
        defer { first = end }
        return (first, end)
      }
      try readMore()
    }
  }

  private func checkLength(_ count: Int) throws(StreamError) {
    guard count > lineLimit else { return }
    throw StreamError(
      kind: .badData, path: source.path, reason: "the line is longer than \(lineLimit) bytes",
      hint: "check that the file is JSON Lines, one object a line", line: lineNumber + 1)
  }

  /// Reads behind what is there, after making room.
  private mutating func readMore() throws(StreamError) {
    if first > 0, end == buffer.count || first == end {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[first..<end]))
      end -= first
      searched -= first
      first = 0
    }
    if end == buffer.count { grow() }
    let count: Int
    do throws(StreamError) {
      count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    } catch {
      throw StreamError(
        kind: error.kind, path: error.path, reason: error.reason, hint: error.hint, line: lineNumber + 1)
    }
    end += count
    isAtEnd = count == 0
  }

  private mutating func grow() {
    // One byte more than the limit shows that a line is beyond it.
    let capacity = max(buffer.count + 1, min(2 * buffer.count, lineLimit + 4096))
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
    buffer.deallocate()
    buffer = larger
  }

  @inline(__always)
  private static func isBlank(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let byte = bytes.first else { return true }
    return byte <= 0x20 && bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }
}

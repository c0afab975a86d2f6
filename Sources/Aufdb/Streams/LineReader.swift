// The lines of a byte stream, one after another in flat memory.

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
  package var source: ByteSource { buffer.source }

  /// The number of the last line that was read, blank or not; 0 before the first.
  package private(set) var lineNumber = 0

  private var buffer: ReadBuffer

  /// Makes a reader of a source's lines.
  ///
  /// - Parameters:
  ///   - source: where to read; nothing else may read from it.
  ///   - lineLimit: the most bytes that a line may have; at most twice this is held, while the buffer grows.
  package init(_ source: ByteSource, lineLimit: Int = LineReader.defaultLineLimit) {
    self.init(ReadBuffer(source, limit: lineLimit))
  }

  /// Makes a reader of what a buffer has and will have.
  init(_ buffer: consuming ReadBuffer) { self.buffer = buffer }

  /// Reads the next line that is not blank: white space only counts as blank.
  ///
  /// A line ends with LF or CRLF, the last one also with the stream. A byte order mark before the first is dropped.
  ///
  /// - Returns: the line, or nil at the end of the stream.
  /// Errors: those of the source, and `badData` for a line beyond the limit; with the line's number.
  package mutating func next() throws(StreamError) -> Line? { try buffer.nextLine(after: &lineNumber) }
}

extension ReadBuffer {
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Reads the next line that is not blank, and counts it and the blank ones before it.
  mutating func nextLine(after lineNumber: inout Int) throws(StreamError) -> LineReader.Line? {
    while let range = try nextRange(line: lineNumber + 1) {
      lineNumber += 1
      var (lower, upper) = (range.lowerBound, range.upperBound)
      if lineNumber == 1, slice(range).starts(with: Self.byteOrderMark) { lower += Self.byteOrderMark.count }
      if upper > lower, bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
      let line = slice(lower..<upper)
      if !Self.isBlank(line) { return LineReader.Line(number: lineNumber, bytes: line) }
    }
    return nil
  }

  /// Where the next line stands, without its LF.
  private mutating func nextRange(line: Int) throws(StreamError) -> Range<Int>? {
    while true {
      if let base = bytes.baseAddress, searched < end, let found = memchr(base + searched, 0x0A, end - searched) {
        let stop = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        let range = first..<stop
        try checkLength(range, line)
        (first, searched) = (stop + 1, stop + 1)
        return range
      }
      searched = end
      let range = first..<end
      try checkLength(range, line)
      if isAtEnd {
        first = end
        return range.isEmpty ? nil : range
      }
      try readMore(line: line)
    }
  }

  private func checkLength(_ range: Range<Int>, _ line: Int) throws(StreamError) {
    guard range.count > limit else { return }
    throw StreamError(
      kind: .badData, path: source.path, reason: "the line is longer than \(limit) bytes",
      hint: "check that the file is JSON Lines, one object a line", line: line)
  }

  @inline(__always)
  private static func isBlank(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let byte = bytes.first else { return true }
    return byte <= 0x20 && bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }
}

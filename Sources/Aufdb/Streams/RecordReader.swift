// The records of a byte stream: the lines of JSON Lines, or the elements of one JSON array. The first byte that isn't
// white space tells: no record is itself an array.

/// Reads a stream record by record, in flat memory.
package struct RecordReader: ~Copyable {
  private enum Form {
    case lines
    case array(ArrayPosition)
  }

  /// Whether they are the elements of an array; false before the first.
  var isArray: Bool { if case .array = form { true } else { false } }

  /// Where the records come from; its `consumedBytes` of `sizeBytes` is the progress.
  package var source: ByteSource { buffer.source }

  private var buffer: ReadBuffer
  /// nil before the first record.
  private var form: Form?
  private var lineNumber = 0

  /// Makes a reader of a source's records.
  ///
  /// - Parameters:
  ///   - source: where to read; nothing else may read from it.
  ///   - recordLimit: the most bytes that a record may have; at most twice this is held, while the buffer grows.
  package init(_ source: ByteSource, recordLimit: Int = LineReader.defaultLineLimit) {
    self.init(ReadBuffer(source, limit: recordLimit))
  }

  /// Makes a reader of what a buffer has and will have.
  init(_ buffer: consuming ReadBuffer) { self.buffer = buffer }

  /// Reads the next record: a line that is not blank, or an element of the array, which may go over several lines.
  ///
  /// - Returns: the record with the number of the line where it begins, or nil after the last one.
  /// Errors: those of the source, and `badData` for a record beyond the limit and for what is no array; with the
  /// line's number.
  package mutating func next() throws(StreamError) -> LineReader.Line? {
    if form == nil { form = try recognise() }
    switch form {
    case .lines, nil: return try buffer.nextLine(after: &lineNumber)
    case .array(var position):
      defer { form = .array(position) }
      return try buffer.nextElement(&position)
    }
  }

  /// Looks at the first byte that isn't white space; nothing is read over.
  private mutating func recognise() throws(StreamError) -> Form {
    var blankCount = 0
    while true {
      let beginning = buffer.slice(buffer.first..<buffer.end)
      // Of a byte order mark only a part may be there.
      if beginning.count >= ReadBuffer.byteOrderMark.count || buffer.isAtEnd {
        let markCount = beginning.starts(with: ReadBuffer.byteOrderMark) ? ReadBuffer.byteOrderMark.count : 0
        let rest = beginning[max(blankCount, markCount)...]
        if let index = rest.firstIndex(where: { !ArrayPosition.isBlank($0) }) {
          return beginning[index] == UInt8(ascii: "[") ? .array(ArrayPosition()) : .lines
        }
        blankCount = beginning.count
      }
      // As many blanks as the longest record has bytes: no array of ours begins so.
      if buffer.isAtEnd || blankCount > buffer.limit { return .lines }
      try buffer.readMore(line: 1)
    }
  }
}

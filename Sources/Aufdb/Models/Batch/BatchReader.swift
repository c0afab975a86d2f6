// The results of a batch, line by line in flat memory.

/// Reads a file of results.
public struct BatchReader: ~Copyable {
  /// Why a line is none.
  public struct BadLine: Error, Sendable, Equatable {
    public let error: AufdbError
  }

  private var records: RecordReader
  private var reader = JSONReader()
  private let file: String
  /// The line that was read last, counted from 1.
  public private(set) var lineNumber = 0

  /// - Parameter file: a path, or `-`; compressed or not.
  /// - Throws: where it can't be opened.
  public init(_ file: String) throws(StreamError) {
    self.file = file
    records = RecordReader(try ByteSource(path: file))
  }

  /// The next line's result; nil after the last.
  ///
  /// - Throws: `BadLine` for a line that is no result: one may go on with the next. `StreamError` where the file can't
  ///   be read.
  public mutating func next() throws -> BatchResult? {
    guard let line = try records.next() else { return nil }
    lineNumber = line.number
    do {
      return try BatchResult(line: line.bytes, &reader)
    } catch let error as JSONError {
      throw BadLine(error: AufdbError(.badData, error.description, at: .init(file: file, line: line.number)))
    } catch let error as AufdbError {
      throw BadLine(
        error: AufdbError(error.kind, error.message, hint: error.hint, at: .init(file: file, line: line.number)))
    }
  }
}

// The rows of a matrix file, each when it is asked for, through one buffer of about a megabyte.
//
// Rows that are asked for one after the other are read many at a time; any other by itself.

/// Reads the rows of one matrix.
final class MatrixRows {
  let header: MatrixHeader
  /// How the file is called in errors.
  let name: String
  /// Whether rows can only be had in ascending order.
  var isForwardOnly: Bool { bytes.isForwardOnly }

  private let bytes: any MatrixBytes
  // Its address is a multiple of any element's size, and so is that of every row in it.
  private let buffer: UnsafeMutableRawBufferPointer
  private var buffered = 0..<0
  private var nextRow = 0
  private var isCutOff = false

  /// Opens a matrix file, and reads its header.
  ///
  /// - Parameters:
  ///   - path: the file; `-` is standard input.
  ///   - tensor: which tensor of several to read.
  ///   - bufferSize: so many bytes are read at a time, or one row, if that is larger.
  /// - Throws: `.badData`, `.usage` and `.refused` with the file; `StreamError`.
  init(path: String, tensor: String?, bufferSize: Int = 1 << 20) throws {
    name = path == "-" ? "standard input" : path
    bytes = try FileDescriptor.opening(path).matrixBytes()
    do {
      header = try MatrixHeader.read(bytes, tensor: tensor)
    } catch var error as AufdbError {
      error.place = AufdbError.Place(file: name)
      throw error
    }
    buffer = .allocate(byteCount: max(header.rowBytes, min(bufferSize, header.fileSizeBytes)), alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// The bytes of a row, in place until the next call.
  ///
  /// - Parameter row: below `header.rowCount`; and where the matrix is read forwards only, behind the row before.
  /// - Throws: `.badData` where the file ends in it; `StreamError`.
  func row(_ row: Int) throws -> Bytes {
    if !buffered.contains(row) { try fill(from: row) }
    nextRow = row + 1
    let start = (row - buffered.lowerBound) * header.rowBytes
    return Bytes(rebasing: buffer[start..<start + header.rowBytes])
  }

  private func fill(from row: Int) throws {
    let wantedCount = row == nextRow ? min(buffer.count / header.rowBytes, header.rowCount - row) : 1
    buffered = 0..<0
    // Once it ended too early, a stream may have given half of this row already.
    if !isCutOff {
      let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(wantedCount * header.rowBytes)])
      let readCount = try bytes.read(into: wanted, at: header.offset + row * header.rowBytes)
      isCutOff = readCount < wanted.count
      buffered = row..<row + readCount / header.rowBytes
    }
    guard buffered.contains(row) else {
      throw failure("the file is cut off in row \(row) of \(header.rowCount)", hint: "copy or download it again")
    }
  }

  /// Makes sure that the file ends where its header says, of which a stream knows nothing before.
  func finish() throws {
    guard bytes.sizeBytes == nil else { return }
    // All rows were read. Other tensors may follow; the last byte shows that they are all there, and one more byte that
    // there is something else.
    let byte = UnsafeMutableRawBufferPointer(rebasing: buffer[..<1])
    buffered = 0..<0
    if header.offset + header.rowCount * header.rowBytes < header.fileSizeBytes {
      guard try bytes.read(into: byte, at: header.fileSizeBytes - 1) == 1 else {
        throw failure("the file is cut off behind the matrix", hint: "copy or download it again")
      }
    }
    guard try bytes.read(into: byte, at: header.fileSizeBytes) == 0 else {
      throw failure("something follows the last element")
    }
  }

  /// An error about the file.
  func failure(_ message: String, hint: String? = nil) -> AufdbError {
    AufdbError(.badData, message, hint: hint, at: AufdbError.Place(file: name))
  }
}

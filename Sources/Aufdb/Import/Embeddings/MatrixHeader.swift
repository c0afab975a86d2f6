// What a matrix file says of itself: where its rows stand, and of what they are made.
//
// Two formats are known, told apart by their first bytes and never by the name:
//   .npy          numpy's, one array; MatrixHeader+NPY.swift
//   .safetensors  any number of named tensors; MatrixHeader+Safetensors.swift
// Either way the matrix has two dimensions, and its rows stand one after the other.

/// The layout of a matrix in its file.
struct MatrixHeader: Equatable {
  /// The most elements that a row may have.
  static let dimensionLimit = 65_536

  let element: MatrixElement
  let rowCount: Int
  /// How many elements a row has.
  let dimension: Int
  /// Where the first row begins.
  let offset: Int
  /// How long the file is, to its last byte.
  let fileSizeBytes: Int

  /// The bytes of a row.
  var rowBytes: Int { dimension * element.byteCount }

  /// - Parameters:
  ///   - shape: the array's, which has to be (rows, dimension).
  ///   - fileSizeBytes: nil where the file ends with the matrix.
  /// - Throws: `.badData` without a place.
  init(_ element: MatrixElement, shape: [Int64], offset: Int, fileSizeBytes: Int? = nil) throws(AufdbError) {
    let shown = "(\(shape.prefix(8).map(String.init).joined(separator: ", "))\(shape.count > 8 ? ", ..." : ""))"
    guard shape.count == 2 else {
      throw AufdbError(.badData, "the array has the shape \(shown), not (rows, dimension)")
    }
    guard shape[0] > 0 else { throw AufdbError(.badData, "the matrix has no rows: its shape is \(shown)") }
    guard (1...Int64(Self.dimensionLimit)).contains(shape[1]) else {
      throw AufdbError(
        .badData, "the rows have \(shape[1]) elements: 1 to \(Self.dimensionLimit) are possible",
        hint: "the shape must be (rows, dimension), and is \(shown)")
    }
    let (sizeBytes, isTooLarge) = Int(shape[0]).multipliedReportingOverflow(by: Int(shape[1]) * element.byteCount)
    let (end, endsTooLate) = sizeBytes.addingReportingOverflow(offset)
    guard !isTooLarge, !endsTooLate else {
      throw AufdbError(.badData, "the shape \(shown) is larger than any file")
    }
    self.element = element
    rowCount = Int(shape[0])
    dimension = Int(shape[1])
    self.offset = offset
    self.fileSizeBytes = fileSizeBytes ?? end
  }

  /// Reads the header of a matrix file.
  ///
  /// - Parameter tensor: which tensor to take; nil: the only one.
  /// - Throws: `.badData` without a place; `.usage` where it isn't clear which tensor is meant, `.refused` where it
  ///   isn't there; `StreamError`.
  static func read(_ bytes: any MatrixBytes, tensor: String?) throws -> MatrixHeader {
    var beginning = MatrixBeginning(bytes)
    guard try beginning.extend(to: 10) else {
      throw AufdbError(.badData, beginning.bytes.isEmpty ? "the file is empty" : "the file is cut off in its header")
    }
    let header: MatrixHeader
    if beginning.bytes.starts(with: npyMagic) {
      guard tensor == nil else {
        throw AufdbError(
          .usage, "a .npy file has one array, without a name", hint: "leave out --tensor, or name a .safetensors file")
      }
      header = try npy(&beginning)
    } else if beginning.bytes[8] == UInt8(ascii: "{") {
      header = try safetensors(&beginning, tensor: tensor)
    } else {
      throw AufdbError(.badData, "this is neither a .npy nor a .safetensors file")
    }
    guard let sizeBytes = bytes.sizeBytes, sizeBytes != header.fileSizeBytes else { return header }
    throw sizeBytes < header.fileSizeBytes
      ? AufdbError(
        .badData, "the file is cut off: it has \(sizeBytes) bytes, and its header tells of \(header.fileSizeBytes)",
        hint: "copy or download it again")
      : AufdbError(.badData, "something follows the last element: \(sizeBytes - header.fileSizeBytes) bytes")
  }
}

/// The first bytes of a matrix file, as many as its header turns out to need.
struct MatrixBeginning {
  private(set) var bytes: [UInt8] = []
  private let source: any MatrixBytes

  init(_ source: any MatrixBytes) { self.source = source }

  /// Reads on until there are `count` bytes; false where the file ends before.
  mutating func extend(to count: Int) throws -> Bool {
    // In pieces: a stream that says that it has a large header need not have one.
    while bytes.count < count {
      let start = bytes.count
      let wantedCount = min(count - start, 1 << 16)
      bytes.append(contentsOf: repeatElement(0, count: wantedCount))
      let readCount = try bytes.withUnsafeMutableBytes { buffer in
        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]), at: start)
      }
      if readCount < wantedCount {
        bytes.removeLast(wantedCount - readCount)
        return false
      }
    }
    return true
  }

  /// A little-endian number of `count` bytes; they must have been read.
  func number(at offset: Int, count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

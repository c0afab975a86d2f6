// A matrix's row made into what the store keeps: every element checked, and rounded to float16 unless it is to be kept.

/// Turns rows into stored vectors, one after the other, in memory of its own.
final class StoredVector {
  private let source: MatrixElement
  let shape: EmbeddingShape
  /// The vector, where it isn't the row itself.
  private let halves: UnsafeMutableBufferPointer<UInt16>
  private let singles: UnsafeMutableBufferPointer<UInt32>

  /// - Parameter keepsFloat32: whether float32 and bfloat16 are stored as float32.
  init(of header: MatrixHeader, keepsFloat32: Bool) {
    source = header.element
    shape = EmbeddingShape(
      dimension: header.dimension, element: header.element.stored(keepingFloat32: keepsFloat32))
    halves = .allocate(capacity: header.dimension)
    halves.initialize(repeating: 0)
    singles = .allocate(capacity: header.dimension)
    singles.initialize(repeating: 0)
  }

  deinit {
    halves.deallocate()
    singles.deallocate()
  }

  /// Checks a row and gives the bytes to store, in place until the next call, or for as long as the row is.
  ///
  /// - Throws: `.badData` without a place: an element that is NaN or infinite, or too large for float16.
  func bytes(of row: Bytes, number: Int) throws(AufdbError) -> Bytes {
    guard let start = row.baseAddress, let halves = halves.baseAddress, let singles = singles.baseAddress else {
      return row
    }
    let count = shape.dimension
    if source == .float16 {
      // Exponent 31 is that of infinity and NaN.
      guard FloatBits.largestMagnitude(halves: start, count: count) < 31 << 10 else {
        throw badElement(of: row, number)
      }
      return row
    }
    var values = row
    if source == .bfloat16 {
      FloatBits.widen(bfloats: start, into: singles, count: count)
      values = Bytes(start: singles, count: 4 * count)
    }
    let limit = shape.element == .float16 ? FloatBits.largestHalf : Float.greatestFiniteMagnitude.bitPattern
    guard let source = values.baseAddress, FloatBits.largestMagnitude(singles: source, count: count) <= limit else {
      throw badElement(of: row, number)
    }
    guard shape.element == .float16 else { return values }
    FloatBits.narrow(singles: source, into: halves, count: count)
    return Bytes(start: halves, count: 2 * count)
  }

  /// Says which element can't be stored.
  private func badElement(of row: Bytes, _ number: Int) -> AufdbError {
    for index in 0..<shape.dimension {
      let value = element(index, of: row)
      let place = "element \(index) of row \(number)"
      guard value.isFinite else { return AufdbError(.badData, "\(place) is \(value.isNaN ? "NaN" : "infinite")") }
      if shape.element == .float16, value.magnitude.bitPattern > FloatBits.largestHalf {
        return AufdbError(
          .badData, "\(place) is \(value), and float16 ends at 65504", hint: "store float32 with --keep-float32")
      }
    }
    return AufdbError(.internalDefect, "a row with nothing wrong was refused")
  }

  private func element(_ index: Int, of row: Bytes) -> Float {
    let bits =
      source == .float32
      ? row.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
      : UInt32(row.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
    switch source {
    case .float32: return Float(bitPattern: bits)
    case .bfloat16: return Float(bitPattern: bits << 16)
    case .float16: return Float(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    }
  }
}

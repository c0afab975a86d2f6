// One vector of an answer: a list of numbers, or base64 of float32, little-endian.

import FoundationEssentials

/// Reads one vector after another, in memory of its own.
struct VectorReader {
  private let shape: EmbeddingShape
  private var values: [Float] = []
  private var isBase64 = true

  init(_ shape: EmbeddingShape) {
    self.shape = shape
    values.reserveCapacity(shape.dimension)
  }

  /// Reads a vector, whatever its elements are.
  mutating func read(_ reader: inout JSONReader) throws(JSONError) {
    values.removeAll(keepingCapacity: true)
    isBase64 = true
    if try reader.peekKind() == .string {
      guard let bytes = Data(base64Encoded: Data(try reader.string())), bytes.count % 4 == 0 else {
        isBase64 = false
        return
      }
      bytes.withUnsafeBytes { bytes in
        for offset in stride(from: 0, to: bytes.count, by: 4) {
          let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
          values.append(Float(bitPattern: bits))
        }
      }
      return
    }
    try reader.beginArray()
    // Beyond the doubles' range is an error of the reader; beyond the floats' it becomes infinite, and is refused
    // below.
    while try reader.nextElement() { values.append(Float(try reader.double())) }
  }

  /// The vector that was read, as the store has it.
  ///
  /// - Parameter number: which of the answer's it is, for errors.
  /// - Throws: for other dimensions, and an element that is no number or too large.
  func stored(_ number: Int) throws(ModelFailure) -> [UInt8] {
    guard isBase64 else { throw ModelFailure("vector \(number) is no base64 of float32") }
    guard values.count == shape.dimension else {
      throw ModelFailure(
        "vector \(number) has \(values.count) elements, and the encoder is defined with \(shape.dimension)")
    }
    let limit = shape.element == .float16 ? Float(bitPattern: FloatBits.largestHalf) : Float.greatestFiniteMagnitude
    if let place = values.firstIndex(where: { !($0.magnitude <= limit) }) {
      let value = values[place]
      throw ModelFailure(
        "element \(place) of vector \(number) is \(value.isNaN ? "NaN" : "\(value)")"
          + (value.isFinite ? ", and float16 ends at 65504" : ""))
    }
    return [UInt8](unsafeUninitializedCapacity: values.count * shape.element.byteCount) { bytes, count in
      values.withUnsafeBytes { source in
        guard let source = source.baseAddress, let target = UnsafeMutableRawPointer(bytes.baseAddress) else { return }
        switch shape.element {
        case .float16:
          FloatBits.narrow(
            singles: source, into: target.assumingMemoryBound(to: UInt16.self), count: values.count)
        case .float32: target.copyMemory(from: source, byteCount: 4 * values.count)
        }
        count = values.count * shape.element.byteCount
      }
    }
  }
}

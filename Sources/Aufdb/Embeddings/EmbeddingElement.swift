// How a stored vector's elements are written: the column `element` of the relation embeddings.

import Glibc

/// The type of a stored vector's elements, which stand one after the other, little-endian.
public enum EmbeddingElement: String, Sendable, CaseIterable {
  /// IEEE 754 binary16: eleven significant bits, magnitudes up to 65,504.
  case float16 = "f16"
  /// IEEE 754 binary32.
  case float32 = "f32"

  /// The element that the column `element` names by these bytes; nil if it names none.
  public init?(named name: UnsafeRawBufferPointer) {
    // Asked for every vector of a search, so without a String.
    switch true {
    case name.isEqual(to: Bytes("f16")): self = .float16
    case name.isEqual(to: Bytes("f32")): self = .float32
    default: return nil
    }
  }

  /// The bytes of one element.
  public var byteCount: Int { self == .float16 ? 2 : 4 }

  /// Decodes a stored vector to single precision, which is exact for either type. -0.0, denormals, infinities and NaN
  /// come out as what they are; the store has no infinities and no NaN unless something else than aufdb wrote to it.
  ///
  /// - Parameters:
  ///   - bytes: the vector, at any address.
  ///   - output: one place for each element.
  /// - Throws: `.badData` where the vector isn't as long as `output`; nothing is written then.
  /// - Complexity: O(dimension), several elements a cycle.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
  ) throws(AufdbError) {
    guard bytes.count == output.count * byteCount else {
      throw AufdbError(
        .badData, "a vector of \(bytes.count) bytes where \(output.count) elements of \(rawValue) belong")
    }
    guard let source = bytes.baseAddress, let target = output.baseAddress else { return }
    switch self {
    case .float16: FloatBits.widen(halves: source, into: target, count: output.count)
    case .float32: memcpy(target, source, bytes.count)
    }
  }
}

// Stored vectors in single precision, one after the other in the same memory.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Stored vectors") struct EmbeddingVectorTests {
  private func decode(
    _ vector: inout EmbeddingVector, _ bytes: [UInt8], _ element: EmbeddingElement
  ) throws -> [Float] {
    try bytes.withUnsafeBytes { try vector.decode($0, as: element) }
    return vector.withValues { Array($0) }
  }

  @Test("float16 and float32 come out exactly, longer and shorter in turns")
  func decodes() throws {
    var vector = EmbeddingVector()
    #expect(vector.dimension == 0 && vector.withValues { $0.count } == 0)
    let halves: [Float16] = [1, -0.0, 65_504, 0x1p-24, -0.1]
    for count in [1, 5, 2, 4, 3] {
      let found = try decode(&vector, MatrixFiles.bytes(Array(halves.prefix(count))), .float16)
      #expect(found.map(\.bitPattern) == halves.prefix(count).map { Float($0).bitPattern })
      #expect(vector.dimension == count)
    }
    let singles: [Float] = [0.1, -0.0, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 3, -7, 0.5]
    for count in [7, 1, 6] {
      let found = try decode(&vector, MatrixFiles.bytes(Array(singles.prefix(count))), .float32)
      #expect(found.map(\.bitPattern) == singles.prefix(count).map(\.bitPattern))
    }
  }

  @Test("bytes that aren't whole elements are refused, and the vector before is kept")
  func badLengths() throws {
    var vector = EmbeddingVector()
    _ = try decode(&vector, MatrixFiles.bytes([1.5 as Float, 2]), .float32)
    let cases: [(Int, EmbeddingElement, String)] = [
      (0, .float16, "a vector without elements"), (0, .float32, "a vector without elements"),
      (3, .float16, "a vector of 3 bytes, which aren't whole elements of f16"),
      (6, .float32, "a vector of 6 bytes, which aren't whole elements of f32"),
    ]
    for (count, element, message) in cases {
      let bytes = [UInt8](repeating: 0, count: count)
      #expect(throws: AufdbError(.badData, message)) {
        try bytes.withUnsafeBytes { try vector.decode($0, as: element) }
      }
      #expect(vector.withValues { Array($0) } == [1.5, 2])
    }
  }

  @Test("into memory of one's own, which must be as long as the vector")
  func decodesInPlace() throws {
    var row = [Float](repeating: 9, count: 3)
    try MatrixFiles.bytes([1 as Float16, 2, 3]).withUnsafeBytes { bytes in
      try row.withUnsafeMutableBufferPointer { try EmbeddingElement.float16.decode(bytes, into: $0) }
    }
    #expect(row == [1, 2, 3])
    let expected = AufdbError(.badData, "a vector of 6 bytes where 3 elements of f32 belong")
    #expect(throws: expected) {
      try MatrixFiles.bytes([4 as Float16, 5, 6]).withUnsafeBytes { bytes in
        try row.withUnsafeMutableBufferPointer { try EmbeddingElement.float32.decode(bytes, into: $0) }
      }
    }
    #expect(row == [1, 2, 3])
  }
}

// The sums that cosine, dot and nearest are made of: held against the same sums written out, to the last bit.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Sums over vectors") struct VectorSumsTests {
  /// The sum in 16 lanes that are then added in pairs, as Vectors.h describes it.
  private func sum(_ products: [Double]) -> Double {
    var lanes = Array(repeating: 0.0, count: 16)
    for (index, product) in products.enumerated() { lanes[index % 16] += product }
    for width in [8, 4, 2, 1] {
      for lane in 0..<width { lanes[lane] += lanes[lane + width] }
    }
    return lanes[0]
  }

  @Test("are the same on every processor: every length, any address", arguments: [611, 612] as [UInt64])
  func lanes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for count in Array(0...70) + [384, 1000] {
      let vector = (0..<count).map { _ in Float.random(in: -1e3...1e3, using: &generator) }
      let singles = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
      let halves = randomHalves(count, seed: generator.next()).map { Float16(bitPattern: $0) }
      let stored: [(EmbeddingElement, [UInt8], [Double])] = [
        (.float32, MatrixFiles.bytes(singles), singles.map(Double.init)),
        (.float16, MatrixFiles.bytes(halves), halves.map(Double.init)),
      ]
      for (element, bytes, values) in stored {
        // Behind one byte, so that no element stands where its type would have it.
        let found = ([0] + bytes).withUnsafeBytes { bytes in
          vector.withUnsafeBufferPointer { element.sums($0, bytes.baseAddress.map { $0 + 1 }) }
        }
        let comment: Comment = "seed \(seed), \(count) of \(element)"
        #expect(found.product.bitPattern == sum(zip(vector, values).map { Double($0) * $1 }).bitPattern, comment)
        #expect(found.squares.bitPattern == sum(values.map { $0 * $0 }).bitPattern, comment)
      }
    }
  }

  @Test("show every element that isn't finite", arguments: [0, 5, 16, 39])
  func notFinite(place: Int) {
    let ones = Array(repeating: Float(1), count: 40)
    for wrong in [Float16.infinity, -.infinity, .nan, .signalingNaN] {
      var halves = Array(repeating: Float16(1), count: 40)
      halves[place] = wrong
      let singles = halves.map(Float.init)
      for (element, bytes) in [
        (EmbeddingElement.float16, MatrixFiles.bytes(halves)), (.float32, MatrixFiles.bytes(singles)),
      ] {
        let found = bytes.withUnsafeBytes { bytes in
          ones.withUnsafeBufferPointer { element.sums($0, bytes.baseAddress) }
        }
        #expect(!found.squares.isFinite && !found.product.isFinite, "\(element), \(wrong)")
      }
    }
  }

  @Test("of every finite half are exact")
  func everyHalf() {
    let halves = (UInt16.min...UInt16.max).map { Float16(bitPattern: $0) }.filter(\.isFinite)
    for half in halves {
      let found = MatrixFiles.bytes([half]).withUnsafeBytes { bytes in
        [Float(3)].withUnsafeBufferPointer { EmbeddingElement.float16.sums($0, bytes.baseAddress) }
      }
      guard found.product == 3 * Double(half), found.squares == Double(half) * Double(half) else {
        Issue.record("\(half.bitPattern)")
        return
      }
    }
  }
}

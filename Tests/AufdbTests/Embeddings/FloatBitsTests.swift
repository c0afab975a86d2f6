// Conversions between floating-point formats, against the processor's and the compiler's own.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Floating-point conversions") struct FloatBitsTests {
  /// Widens halves that stand `shift` bytes behind an aligned place.
  private static func widened(_ halves: [UInt16], shift: Int = 0) -> [UInt32] {
    let bytes = Array(repeating: 0xAA, count: shift) + MatrixFiles.bytes(halves)
    return bytes.withUnsafeBytes { source in
      let floats = [Float](unsafeUninitializedCapacity: halves.count) { target, count in
        guard let start = source.baseAddress, let place = target.baseAddress else { return }
        FloatBits.widen(halves: start + shift, into: place, count: halves.count)
        count = halves.count
      }
      return floats.map(\.bitPattern)
    }
  }

  private static func narrowed(_ values: [Float], shift: Int = 0) -> [UInt16] {
    let bytes = Array(repeating: 0xAA, count: shift) + MatrixFiles.bytes(values)
    return bytes.withUnsafeBytes { source in
      [UInt16](unsafeUninitializedCapacity: values.count) { target, count in
        guard let start = source.baseAddress, let place = target.baseAddress else { return }
        FloatBits.narrow(singles: start + shift, into: place, count: values.count)
        count = values.count
      }
    }
  }

  private static let halves = Array(0...UInt16.max)
  private static let finiteHalves = halves.filter { Float16(bitPattern: $0).isFinite }

  @Test("every binary16 becomes its binary32", arguments: [0, 1, 2, 3])
  func widensEveryHalf(shift: Int) {
    let found = Self.widened(Self.halves, shift: shift)
    var wrong: [UInt16] = []
    for (half, bits) in zip(Self.halves, found) {
      let value = Float16(bitPattern: half)
      // Hardware makes a signalling NaN a quiet one; here NaNs keep what they carry.
      let expected =
        value.isNaN
        ? UInt32(half & 0x8000) << 16 | 0x7F80_0000 | UInt32(half & 0x3FF) << 13 : Float(value).bitPattern
      if bits != expected { wrong.append(half) }
    }
    #expect(found.count == 65_536)
    #expect(wrong == [])
  }

  @Test("every binary16 comes back", arguments: [0, 1])
  func narrowsWhatWasWidened(shift: Int) {
    let values = Self.finiteHalves.map { Float(Float16(bitPattern: $0)) }
    #expect(Self.narrowed(values, shift: shift) == Self.finiteHalves)
  }

  @Test("between two neighbours the nearer one is taken, and halfway the even one")
  func narrowsTies() {
    let positive = Self.finiteHalves.filter { $0 < 0x7BFF }
    var values: [Float] = []
    for half in positive {
      let middle = (Float(Float16(bitPattern: half)) + Float(Float16(bitPattern: half + 1))) / 2
      values += [middle.nextDown, middle, middle.nextUp, -middle]
    }
    #expect(Self.narrowed(values) == values.map { Float16($0).bitPattern })
    for (index, half) in positive.enumerated() where index % 997 == 0 {
      #expect(Self.narrowed([values[4 * index + 1]]) == [half % 2 == 0 ? half : half + 1])
    }
  }

  @Test("any value within range is rounded as the compiler rounds it", arguments: [1, 2, 3] as [UInt64])
  func narrowsRandomValues(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var values: [Float] = [0, -0.0, 65_504, -65_504, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0x1p-24, 0x1p-25]
    values += [(0x1p-25 as Float).nextUp, 0x1p-14, (0x1p-14 as Float).nextDown]
    while values.count < 30_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      if value.magnitude <= 65_504 { values.append(value) }
    }
    #expect(Self.narrowed(values) == values.map { Float16($0).bitPattern }, "seed \(seed)")
  }

  @Test("every bfloat16 is the upper half of a binary32")
  func widensEveryBfloat() {
    let bytes = [0] + MatrixFiles.bytes(Self.halves)
    let found = bytes.withUnsafeBytes { source in
      [UInt32](unsafeUninitializedCapacity: 65_536) { target, count in
        guard let start = source.baseAddress, let place = target.baseAddress else { return }
        FloatBits.widen(bfloats: start + 1, into: place, count: 65_536)
        count = 65_536
      }
    }
    #expect(found == Self.halves.map { UInt32($0) << 16 })
  }

  @Test("the largest magnitude, wherever it stands", arguments: [0, 1, 2, 3, 7, 8, 31, 100])
  func largestMagnitude(count: Int) {
    for place in 0..<count {
      var singles = [Float](repeating: -0.5, count: count)
      singles[place] = place % 2 == 0 ? 0.75 : -0.75
      let halves = singles.map { Float16($0) }
      MatrixFiles.bytes(singles).withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        #expect(FloatBits.largestMagnitude(singles: start, count: count) == (0.75 as Float).bitPattern)
      }
      MatrixFiles.bytes(halves).withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        #expect(FloatBits.largestMagnitude(halves: start, count: count) == (0.75 as Float16).bitPattern)
      }
    }
    [UInt8(0)].withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      #expect(FloatBits.largestMagnitude(singles: start, count: 0) == 0)
      #expect(FloatBits.largestMagnitude(halves: start, count: 0) == 0)
    }
  }
}

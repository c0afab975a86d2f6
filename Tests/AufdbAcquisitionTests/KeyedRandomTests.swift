// The keyed random source: published vectors, the documented mapping, exact uniformity.

import AufdbAcquisition
import Testing

@Suite struct KeyedRandomTests {
  /// The known-answer vectors that Random123 publishes for philox4x32-10: all zeros, all ones, digits of pi.
  @Test(arguments: [
    (
      SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
      SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
    ),
    (
      SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), SIMD2<UInt32>(0xA409_3822, 0x299F_31D0),
      SIMD4<UInt32>(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
    ),
  ])
  func philoxGivesThePublishedVectors(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox4x32.block(counter: counter, key: key) == expected)
  }

  /// Values computed by an independent implementation of the documented formula.
  @Test(arguments: [
    ("", UInt64(0xEFD0_1F60_BA99_2926)), ("a", 0x82A2_A958_A9BE_CE5B), ("p1", 0xB849_493B_38A4_039C),
    ("drts", 0xA3A3_53A0_F8C2_AD02), ("prompt-é", 0x6293_D544_5AB3_4CAA),
  ])
  func hashIsStable(text: String, expected: UInt64) {
    #expect(StableHash.hash(text) == expected)
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { StableHash.hash($0) } == expected)
  }

  /// Words 0 to 4 of round 0, word 0 of round 7, word 0 of the last round; from an independent implementation.
  @Test(arguments: [
    (
      UInt64(0), "random", "p1",
      [UInt32(0x4E7E_C0A2), 0x3FD5_58C2, 0x2970_4D77, 0x4C44_F563, 0x47D7_F5A7, 0x911E_7724, 0x9228_3C89]
    ),
    (42, "drts", "p1", [0x7850_3596, 0x0C60_08B0, 0x7A0D_1719, 0x1E71_2492, 0xD99C_ED0B, 0xB6D0_FED9, 0xF91C_BCF4]),
    (.max, "drts", "", [0x9061_BBEA, 0x874C_2B09, 0x3635_1568, 0x9796_DF3F, 0x2F12_E93B, 0x4659_5F04, 0x58DD_F8DD]),
  ])
  func seedMethodAndPromptBecomeTheDocumentedWords(
    seed: UInt64, method: String, promptID: String, expected: [UInt32]
  ) {
    let random = RandomKey(seed: seed, purpose: method).prompt(promptID)
    var draws = random.draws(round: 0)
    let words = (0..<5).map { _ in draws.next() } + [random.block(0, round: 7).x, random.block(0, round: .max).x]
    #expect(words == expected)
  }

  @Test func eachPartOfTheKeyChangesTheDraws() {
    let base = RandomKey(seed: 1, purpose: "drts").prompt("p1")
    let others = [
      RandomKey(seed: 2, purpose: "drts").prompt("p1"), RandomKey(seed: 1 << 32 | 1, purpose: "drts").prompt("p1"),
      RandomKey(seed: 1, purpose: "dts").prompt("p1"), RandomKey(seed: 1, purpose: "drts").prompt("p2"),
    ]
    for other in others {
      #expect(base.block(0, round: 0) != other.block(0, round: 0))
    }
    #expect(base.block(0, round: 0) != base.block(1, round: 0))
    #expect(base.block(0, round: 0) != base.block(0, round: 1))
  }

  @Test func signedUnitIsSymmetricInsideTheOpenInterval() {
    #expect(KeyedRandom.signedUnit(0) == -1 + 0x1p-24)
    #expect(KeyedRandom.signedUnit(.max) == 1 - 0x1p-24)
    #expect(KeyedRandom.signedUnit(0x7FFF_FFFF) == -0x1p-24)
    #expect(KeyedRandom.signedUnit(0x8000_0000) == 0x1p-24)
    for word in stride(from: UInt32(0), to: .max, by: 99_991) {
      #expect(KeyedRandom.signedUnit(word) == -KeyedRandom.signedUnit(~word))
    }
  }

  @Test(arguments: [1, 2, 3, 6, 7, 17, 100], [UInt64(7)])
  func boundedIntegersAreUniform(bound: Int, seed: UInt64) {
    var draws = RandomKey(seed: seed, purpose: "test").prompt("bounded").draws(round: 0)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<20_000 {
      counts[draws.below(bound)] += 1
    }
    let law = [Double](repeating: 1 / Double(bound), count: bound)
    #expect(ChiSquare.pValue(counts: counts, probabilities: law) > 1e-4, "bound \(bound), seed \(seed)")
  }

  /// With a bound of 3 * 2^30 a plain multiplication would give a third of all values twice the chance of the others;
  /// about a quarter of the draws must be rejected.
  @Test(arguments: [UInt64(11)])
  func largeBoundsAreUnbiased(seed: UInt64) {
    let bound = 3 << 30
    var draws = RandomKey(seed: seed, purpose: "test").prompt("large").draws(round: 0)
    var counts = [0, 0, 0]
    for _ in 0..<30_000 {
      counts[draws.below(bound) % 3] += 1
    }
    #expect(ChiSquare.pValue(counts: counts, probabilities: [1.0 / 3, 1.0 / 3, 1.0 / 3]) > 1e-4, "seed \(seed)")
  }

  /// The test's own yardstick: quantiles from printed tables.
  @Test(arguments: [
    (1.0, 3.841458820694124, 0.05), (10, 18.307038053275146, 0.05), (4, 23.51274, 1e-4), (2, 0.1, 0.951229),
  ])
  func chiSquareTailsAreRight(freedom: Double, statistic: Double, expected: Double) {
    #expect(abs(ChiSquare.upperIncompleteGamma(freedom / 2, statistic / 2) - expected) < expected * 1e-4)
  }
}

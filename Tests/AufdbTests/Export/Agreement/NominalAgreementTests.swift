// Agreement beyond chance: published examples, examples by hand, and laws.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Agreement of judges")
struct NominalAgreementTests {
  private func agreement(_ table: [[Int]]) -> JudgePairAgreement {
    var agreement = JudgePairAgreement(categoryCount: table.count)
    for (row, counts) in table.enumerated() {
      for (column, count) in counts.enumerated() {
        for _ in 0..<count { agreement.add(row, column) }
      }
    }
    return agreement
  }

  @Test(
    "Cohen's kappa by hand",
    arguments: [
      // p_o = 35/50, p_e = (25 * 30 + 25 * 20) / 2500 = 0.5
      ([[20, 5], [10, 15]], 0.7, 0.4),
      // The same p_o = 0.6 twice, once with far more agreement to expect: p_e = 0.54, and 0.46.
      ([[45, 15], [25, 15]], 0.6, 0.06 / 0.46), ([[25, 35], [5, 35]], 0.6, 0.14 / 0.54),
      // Three categories: p_o = 6/9, p_e = (4 * 3 + 2 * 3 + 3 * 3) / 81 = 1/3
      ([[2, 1, 1], [0, 2, 0], [1, 0, 2]], 6.0 / 9, 0.5),
      // Agreement by chance, and none at all.
      ([[1, 1], [1, 1]], 0.5, 0.0), ([[0, 3], [3, 0]], 0.0, -1.0),
    ] as [([[Int]], Double, Double)])
  func kappa(table: [[Int]], raw: Double, kappa: Double) throws {
    let agreement = agreement(table)
    #expect(try abs(#require(agreement.rawAgreement) - raw) < 1e-12)
    #expect(try abs(#require(agreement.kappa) - kappa) < 1e-12)
  }

  @Test("what can't be told from chance has no kappa")
  func undefined() {
    #expect(agreement([[0, 0], [0, 0]]).kappa == nil)
    #expect(agreement([[0, 0], [0, 0]]).rawAgreement == nil)
    #expect(agreement([[7, 0], [0, 0]]).kappa == nil)
    #expect(agreement([[7, 0], [0, 0]]).rawAgreement == 1)
    #expect(agreement([[0, 7], [0, 0]]).kappa == 0)
    var alpha = KrippendorffAlpha(categoryCount: 2)
    #expect(alpha.value == nil)
    alpha.add([1, 0])
    alpha.add([3, 0])
    #expect(alpha.value == nil)
    #expect(alpha.unitCount == 1)
  }

  @Test("Krippendorff's own example of nominal data with missing values: four observers, twelve units, 0.743")
  func published() throws {
    // Computing Krippendorff's Alpha-Reliability (2011), section C: a row an observer, 0 for a missing value.
    let observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
      [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    var alpha = KrippendorffAlpha(categoryCount: 5)
    for unit in 0..<12 {
      alpha.add((1...5).map { value in observers.count { $0[unit] == value } })
    }
    #expect(alpha.unitCount == 11)
    #expect(try abs(#require(alpha.value) - 0.743) < 0.0005)
  }

  @Test(
    "of two judges, alpha is what the definition by pairs gives; and order means nothing",
    arguments: 0..<20 as Range<UInt64>)
  func laws(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let units = (0..<Int.random(in: 2...40, using: &generator)).map { _ in
      (0..<Int.random(in: 1...5, using: &generator)).map { _ in Int.random(in: 0...2, using: &generator) }
    }
    func alpha(_ units: [[Int]]) -> Double? {
      var alpha = KrippendorffAlpha(categoryCount: 3)
      for unit in units { alpha.add((0...2).map { category in unit.count { $0 == category } }) }
      return alpha.value
    }
    // Straight from the definition: observed disagreement over expected disagreement.
    let counted = units.filter { $0.count > 1 }
    let values = counted.flatMap(\.self)
    var (observed, expected) = (0.0, 0.0)
    for unit in counted {
      for i in unit.indices {
        for j in unit.indices where i != j && unit[i] != unit[j] { observed += 1 / Double(unit.count - 1) }
      }
    }
    for i in values.indices { for j in values.indices where i != j && values[i] != values[j] { expected += 1 } }
    let value = alpha(units)
    if expected == 0 {
      #expect(value == nil)
    } else {
      let definition = 1 - (observed / Double(values.count)) / (expected / Double(values.count * (values.count - 1)))
      #expect(try abs(#require(value) - definition) < 1e-9)
      #expect(try abs(#require(alpha(units.shuffled(using: &generator))) - definition) < 1e-9)
    }
    var pair = JudgePairAgreement(categoryCount: 3)
    var swapped = JudgePairAgreement(categoryCount: 3)
    for unit in units where unit.count > 1 {
      pair.add(unit[0], unit[1])
      swapped.add(unit[1], unit[0])
    }
    #expect(pair.kappa.map { $0 <= 1 } ?? true)
    #expect(pair.kappa.map { abs($0 - (swapped.kappa ?? .nan)) < 1e-12 } ?? (swapped.kappa == nil))
  }
}

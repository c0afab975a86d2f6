// Strengths by Bradley and Terry, held against closed forms and laws.

import AufdbTestSupport
import Foundation
import Testing

@testable import AufdbReward

@Suite struct BradleyTerryStrengthsTests {
  private static let quantile = 1.959963984540054

  /// A matrix of wins from its rows.
  private static func wins(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rowCount: rows.count, columnCount: rows.count, elements: rows.flatMap(\.self))
  }

  private static func fit(_ rows: [[Double]]) -> [BradleyTerryStrengths.Strength?] {
    BradleyTerryStrengths(wins: wins(rows)).strengths
  }

  /// Wins in which everybody beat everybody.
  private static func random(_ count: Int, _ generator: inout SeededGenerator) -> [[Double]] {
    (0..<count).map { row in
      (0..<count).map { row == $0 ? 0 : Double(Int.random(in: 1...40, using: &generator)) / 2 }
    }
  }

  @Test("Two: half the log odds, and the variance 1 / (4 n p q)", arguments: [(3.0, 1.0), (0.5, 20), (7, 7), (1, 1e9)])
  func two(first: Double, second: Double) throws {
    let found = Self.fit([[0, first], [second, 0]])
    let (count, p) = (first + second, first / (first + second))
    let deviation = 1 / (4 * count * p * (1 - p)).squareRoot()
    let expected = log(first / second) / 2
    for (strength, sign) in zip(found, [1.0, -1]) {
      let strength = try #require(strength)
      #expect(abs(strength.value - sign * expected) < 1e-9 * max(1, abs(expected)))
      #expect(abs(strength.upper - strength.value - Self.quantile * deviation) < 1e-6 * deviation)
      #expect(abs(strength.value - strength.lower - Self.quantile * deviation) < 1e-6 * deviation)
    }
  }

  @Test("Three in a circle are equal, with the variance 8 / (9 n) of n comparisons in each pair")
  func circle() throws {
    for strength in Self.fit([[0, 4, 2], [2, 0, 4], [4, 2, 0]]) {
      let strength = try #require(strength)
      #expect(abs(strength.value) < 1e-12)
      #expect(abs(strength.upper - Self.quantile * (8.0 / 54).squareRoot()) < 1e-9)
    }
  }

  @Test("A chain has the log odds of its links", arguments: [2.0, 1000, 1e6])
  func chain(odds: Double) throws {
    let count = 12
    let rows = (0..<count).map { row in
      (0..<count).map { $0 == row + 1 ? odds : $0 == row - 1 ? 1 : 0.0 }
    }
    let values = try Self.fit(rows).map { try #require($0).value }
    for (one, other) in zip(values, values.dropFirst()) { #expect(abs(one - other - log(odds)) < 1e-6 * log(odds)) }
    #expect(abs(values.reduce(0, +)) < 1e-9)
  }

  @Test("Where the likelihood is greatest, everybody won as often as expected", arguments: [1, 2, 3] as [UInt64])
  func stationary(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = Self.random(9, &generator)
    let values = try Self.fit(rows).map { try #require($0).value }
    for row in rows.indices {
      let won = rows[row].reduce(0, +)
      let expected = rows.indices.reduce(0.0) {
        $0 + (rows[row][$1] + rows[$1][row]) / (1 + exp(values[$1] - values[row]))
      }
      #expect(abs(won - expected) < 1e-8 * won, "seed \(seed)")
    }
  }

  @Test("It doesn't matter in which order they stand", arguments: [4, 5, 6] as [UInt64])
  func permuted(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = Self.random(8, &generator)
    let order = rows.indices.shuffled(using: &generator)
    let (found, permuted) = (Self.fit(rows), Self.fit(order.map { row in order.map { rows[row][$0] } }))
    for (place, index) in order.enumerated() {
      let (one, other) = (try #require(found[index]), try #require(permuted[place]))
      for (a, b) in [(one.value, other.value), (one.lower, other.lower), (one.upper, other.upper)] {
        #expect(abs(a - b) < 1e-9, "seed \(seed)")
      }
    }
    #expect(Self.fit(rows) == found)
  }

  @Test(
    "Results turned round turn the strengths round; doubled, they narrow the interval", arguments: [7, 8] as [UInt64])
  func turnedAndDoubled(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = Self.random(6, &generator)
    let found = try Self.fit(rows).map { try #require($0) }
    let turned = try Self.fit(rows.indices.map { row in rows.indices.map { rows[$0][row] } }).map { try #require($0) }
    let doubled = try Self.fit(rows.map { $0.map { $0 * 2 } }).map { try #require($0) }
    for ((one, other), twice) in zip(zip(found, turned), doubled) {
      #expect(abs(one.value + other.value) < 1e-9 && abs(one.upper + other.lower) < 1e-9, "seed \(seed)")
      #expect(abs(one.value - twice.value) < 1e-9, "seed \(seed)")
      let (width, half) = (one.upper - one.lower, twice.upper - twice.lower)
      #expect(abs(half * 2.0.squareRoot() - width) < 1e-9, "seed \(seed)")
    }
  }

  @Test("As many wins more both ways draw two together, and narrow both intervals", arguments: [9, 10] as [UInt64])
  func equalWins(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var rows = Self.random(5, &generator)
    let before = try Self.fit(rows).map { try #require($0) }
    rows[1][3] += 25
    rows[3][1] += 25
    let after = try Self.fit(rows).map { try #require($0) }
    #expect(abs(after[1].value - after[3].value) <= abs(before[1].value - before[3].value), "seed \(seed)")
    for index in [1, 3] {
      #expect(after[index].upper - after[index].lower < before[index].upper - before[index].lower, "seed \(seed)")
    }
  }

  @Test("Whoever never lost or never won has none, and the others have what they would have without")
  func unbeaten() throws {
    let inner: [[Double]] = [[0, 4, 1], [2, 0, 4], [3, 2, 0]]
    // The first always won, the last always lost.
    var rows: [[Double]] = [[0, 3, 3, 3, 1]] + inner.map { [0] + $0 + [5] } + [[0, 0, 0, 0, 0]]
    let found = Self.fit(rows)
    #expect(found[0] == nil && found[4] == nil)
    #expect(Array(found[1...3]) == Self.fit(inner))
    rows[4][0] = 0.5
    #expect(Self.fit(rows).allSatisfy { $0 != nil })
  }

  @Test("Who never met isn't compared: of two groups that are as large none has strengths, of others the larger one")
  func apart() {
    let two: [[Double]] = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    #expect(Self.fit(two) == [nil, nil, nil, nil])
    let more: [[Double]] = [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 1], [0, 0, 1, 0, 1], [0, 0, 1, 1, 0]]
    let found = Self.fit(more)
    #expect(found[0] == nil && found[1] == nil)
    #expect(found[2] != nil && found[3] != nil && found[4] != nil)
    // They met, and the ones always won.
    #expect(Self.fit([[0, 1, 9, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]) == [nil, nil, nil, nil])
    #expect(Self.fit([]) == [] && Self.fit([[5]]) == [nil] && Self.fit([[0, 1], [0, 0]]) == [nil, nil])
  }

  @Test("Numbers as far apart as doubles are give no strengths, and no nonsense")
  func farApart() {
    let largest = Double.greatestFiniteMagnitude
    #expect(Self.fit([[0, largest], [largest, 0]]) == [nil, nil])
    for strength in Self.fit([[0, 1e300], [1e-300, 0]]) {
      #expect(strength.map { $0.value.isFinite && $0.lower <= $0.value && $0.value <= $0.upper } ?? true)
    }
  }
}

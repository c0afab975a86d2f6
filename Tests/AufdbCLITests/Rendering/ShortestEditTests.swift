// The shortest edit of sequences: always possible, never longer than needed, and given up when it costs too much.

import AufdbTestSupport
import Testing

@testable import AufdbCLI

@Suite("Shortest edit")
struct ShortestEditTests {
  /// All sequences of up to four elements out of two.
  private static let small: [[Int32]] = (0...4).flatMap { count in
    (0..<(1 << count)).map { bits in (0..<count).map { Int32(bits >> $0 & 1) } }
  }

  @Test("All small sequences") func small() throws {
    for old in Self.small {
      for new in Self.small { try Self.check(old, new, "\(old) to \(new)") }
    }
  }

  @Test("Random sequences, like each other and not", arguments: 1...6 as ClosedRange<UInt64>)
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let variety = generator.next() % 12 + 1
      let old = (0..<generator.next() % 50).map { _ in Int32(generator.next() % variety) }
      var new = old
      for _ in 0..<generator.next() % 20 {
        let place = Int(generator.next() % UInt64(new.count + 1))
        if generator.next() % 2 == 0 || place == new.count {
          new.insert(Int32(generator.next() % variety), at: place)
        } else {
          new.remove(at: place)
        }
      }
      try Self.check(old, new, "seed \(seed): \(old) to \(new)")
    }
  }

  @Test("Beyond its limit it gives up") func limit() {
    let (old, new) = ([Int32](repeating: 0, count: 300), [Int32](repeating: 1, count: 300))
    // 600 differences: steps 0 to 600 with one diagonal more each.
    #expect(ShortestEdit.keptPairs(old, new, costLimit: 601 * 602 / 2)?.isEmpty == true)
    #expect(ShortestEdit.keptPairs(old, new, costLimit: 601 * 602 / 2 - 1) == nil)
    #expect(ShortestEdit.keptPairs([], [], costLimit: 0) == nil)
  }

  private static func check(_ old: [Int32], _ new: [Int32], _ comment: Comment) throws {
    let pairs = try #require(ShortestEdit.keptPairs(old, new, costLimit: .max), comment)
    #expect(pairs.allSatisfy { old[$0.old] == new[$0.new] }, comment)
    for (one, next) in zip(pairs, pairs.dropFirst()) { #expect(one.old < next.old && one.new < next.new, comment) }
    #expect(pairs.count == commonLength(old, new), comment)
  }

  /// The length of the longest common subsequence, by the table that everybody can check.
  private static func commonLength(_ old: [Int32], _ new: [Int32]) -> Int {
    var lengths = [Int](repeating: 0, count: new.count + 1)
    for element in old {
      var diagonal = 0
      for (column, other) in new.enumerated() {
        let above = lengths[column + 1]
        lengths[column + 1] = element == other ? diagonal + 1 : max(above, lengths[column])
        diagonal = above
      }
    }
    return lengths[new.count]
  }
}

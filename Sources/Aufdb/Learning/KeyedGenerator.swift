// Keyed draws in the shape that Swift's own algorithms, and those of AufdbReward, ask for.

import AufdbAcquisition

/// The draws of one purpose, seed and name, two words a number; the same on every machine.
struct KeyedGenerator: RandomNumberGenerator {
  private var draws: DrawSequence

  /// - Parameters:
  ///   - purpose: what the draws are for; draws of two purposes have nothing to do with each other.
  ///   - name: which of the purpose's sequences.
  init(seed: UInt64, purpose: String, _ name: String = "") {
    draws = RandomKey(seed: seed, purpose: purpose).prompt(name).draws(round: 0)
  }

  mutating func next() -> UInt64 { UInt64(draws.next()) << 32 | UInt64(draws.next()) }

  /// An integer in 0 ..< `bound`, each equally likely.
  mutating func below(_ bound: Int) -> Int { draws.below(bound) }
}

/// Prompts in an order that a seed and their ids alone decide: whoever comes or goes, the others keep theirs.
struct KeyedOrder {
  private let key: RandomKey

  /// - Parameter purpose: what the order is for; orders of two purposes have nothing to do with each other.
  init(seed: UInt64, purpose: String) { key = RandomKey(seed: seed, purpose: purpose) }

  /// Where a prompt stands: the smaller comes first, and of two equal ones the one whose id does.
  func draw(of promptID: [UInt8]) -> UInt64 {
    var draws = promptID.withUnsafeBytes { key.prompt($0) }.draws(round: 0)
    return UInt64(draws.next()) << 32 | UInt64(draws.next())
  }

  /// - Complexity: O(n log n).
  func sorted(_ promptIDs: [[UInt8]]) -> [[UInt8]] {
    promptIDs.map { (draw: draw(of: $0), id: $0) }
      .sorted { $0.draw == $1.draw ? $0.id.lexicographicallyPrecedes($1.id) : $0.draw < $1.draw }
      .map(\.id)
  }
}

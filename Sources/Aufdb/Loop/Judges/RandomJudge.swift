// The judge who throws a coin: what any other must beat.

import AufdbAcquisition

/// Chooses either response with probability one half, by the seed and the pair alone.
final class RandomJudge: PairJudge {
  let name = "random"
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  func verdicts(on pairs: [PendingPair]) -> [Verdict?] {
    pairs.map { pair in Verdict(choice: chosen(of: pair) == pair.first ? .first : .second) }
  }

  /// One of the two, by a draw that is keyed by the seed, the prompt and the pair: their order doesn't matter.
  private func chosen(of pair: PendingPair) -> ResponseKey {
    let (a, b) = pair.first.isBefore(pair.second) ? (pair.first, pair.second) : (pair.second, pair.first)
    // The parts can't hold U+0000, so that no two pairs share a key.
    let key = "\(pair.promptID)\0\(a.model)\0\(a.sample)\0\(b.model)\0\(b.sample)"
    var draws = RandomKey(seed: seed, purpose: "judge random").prompt(key).draws(round: 0)
    return draws.below(2) == 0 ? a : b
  }
}

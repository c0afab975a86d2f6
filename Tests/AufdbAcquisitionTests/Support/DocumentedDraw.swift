// A draw of `dts`, `drts` and `infogain` written down as their documentation says, with nothing left out.

import AufdbAcquisition

/// One prompt's values in any round, and who has the largest.
struct DocumentedDraw {
  let storage: CandidateStorage
  let beta: Double
  let random: KeyedRandom

  init(_ storage: CandidateStorage, beta: Double, random: KeyedRandom) {
    self.storage = storage
    self.beta = beta
    self.random = random
  }

  /// sign * r_i + beta * s_i * z_i, where z_i comes from draw i of the round.
  func values(sign: Double, round: UInt32) -> [Double] {
    (0..<storage.count).map { index in
      let word = random.block(UInt32(index / 4), round: round)[index % 4]
      let halfWidth = (Double(storage.upper[index]) - Double(storage.lower[index])) * 0.5
      return sign * Double(storage.rewards[index]) + beta * halfWidth * Double(KeyedRandom.signedUnit(word))
    }
  }

  /// The first index of the largest value.
  func argmax(sign: Double, round: UInt32) -> Int {
    let values = values(sign: sign, round: round)
    return values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }

  /// The pair of `dts` (secondSign 1) or `drts` (-1), every round drawn in full.
  func pair(secondSign: Double, maxIterations: Int) -> Pair {
    let first = argmax(sign: 1, round: 0)
    for round in 0..<maxIterations {
      let second = argmax(sign: secondSign, round: UInt32(round + 1))
      if second != first { return Pair(first: first, second: second) }
    }
    var draws = random.draws(round: .max)
    let other = draws.below(storage.count - 1)
    return Pair(first: first, second: other < first ? other : other + 1)
  }
}

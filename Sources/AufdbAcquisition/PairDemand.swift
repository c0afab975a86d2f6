// More than one pair of a prompt: all pairs among several judged responses, or the method's next best pairs.
//
// A judge that rates responses one by one pays for responses and not for pairs: with m of them judged, m(m - 1)/2 pairs
// are known. A judge that compares pays for pairs.

/// How much is asked of a prompt.
public struct PairDemand: Sendable, Hashable {
  /// m: how many of its responses may be judged; all pairs among them are wanted. 2 leaves the choice to the method,
  /// pair by pair.
  public var responseCount: Int
  /// How many pairs at most.
  public var pairCount: Int

  /// One pair, or all pairs among `responseCount` responses.
  public init(responseCount: Int = 2, pairCount: Int? = nil) {
    self.responseCount = responseCount
    self.pairCount = pairCount ?? max(1, responseCount * (responseCount - 1) / 2)
  }
}

/// The pairs of one prompt, or why there are none.
public enum PairsOutcome: Sendable, Hashable {
  /// Different pairs, the method's choice first; empty where all that could be picked was to be left out.
  case pairs([Pair])
  case skipped(SkipReason)
}

extension SelectionMethod {
  /// Picks as many pairs of a prompt as are asked for.
  ///
  /// With m = 2 the first is what `select` picks, unless that is to be left out; each further one is the pair that the
  /// method values most of those that are left (`criterion`), and where none has a value, a uniform draw among them: a
  /// = below(number left), which names the a-th ordered pair in order of (first, second); round 2^32 - 3.
  ///
  /// With m > 2 it takes the responses that `responses` gives, and their pairs in the order of the later one, so that
  /// the first c(c - 1)/2 pairs are those of the first c responses; each oriented as the method values it more, and
  /// otherwise with the earlier response first.
  ///
  /// - Parameters:
  ///   - demand: how many responses and pairs.
  ///   - excluded: pairs that are not to be picked, in either order.
  /// - Throws: as `select`.
  /// - Complexity: that of `pick` for one pair, if it isn't excluded; otherwise O(k^2) a pair.
  public func pairs(
    _ demand: PairDemand, excluding excluded: [Pair] = [], _ candidates: Candidates, random: KeyedRandom
  ) throws(CandidatesError) -> PairsOutcome {
    let pair: Pair
    switch try select(candidates, random: random) {
    case .skipped(let reason): return .skipped(reason)
    case .pair(let picked): pair = picked
    }
    func isExcluded(_ pair: Pair) -> Bool { excluded.contains { $0.isOfSameResponses(as: pair) } }
    guard demand.responseCount <= 2 else {
      let responses = responses(demand.responseCount, from: pair, candidates, random: random)
      let criterion = criterion(candidates, random: random)
      let among = Self.pairs(among: responses).map { criterion.oriented($0) }
      return .pairs(Array(([pair] + among.dropFirst()).filter { !isExcluded($0) }.prefix(demand.pairCount)))
    }
    if demand.pairCount == 1, !isExcluded(pair) { return .pairs([pair]) }
    let first = isExcluded(pair) ? [] : [pair]
    return .pairs(
      morePairs(after: first, count: demand.pairCount, excluding: excluded, candidates, random: random))
  }

  /// (0, 1), (0, 2), (1, 2), (0, 3) ... of a list.
  private static func pairs(among responses: [Int]) -> [Pair] {
    responses.indices.dropFirst().flatMap { later in
      (0..<later).map { Pair(first: responses[$0], second: responses[later]) }
    }
  }

  private func morePairs(
    after first: [Pair], count: Int, excluding excluded: [Pair], _ candidates: Candidates, random: KeyedRandom
  ) -> [Pair] {
    let criterion = criterion(candidates, random: random)
    var draws = random.draws(round: .max - 2)
    var (pairs, taken) = (first, excluded + first)
    while pairs.count < count {
      let next: Pair
      if let best = criterion.best(besides: taken) {
        next = best.pair
      } else {
        let indices = 0..<candidates.count
        let left = indices.flatMap { one in
          indices.compactMap { other in one == other ? nil : Pair(first: one, second: other) }
        }.filter { pair in !taken.contains { $0.isOfSameResponses(as: pair) } }
        guard !left.isEmpty else { break }
        next = left[draws.below(left.count)]
      }
      pairs.append(next)
      taken.append(next)
    }
    return pairs
  }

  /// Adds responses to a pair, for a judge that compares several of a prompt's: each is the one whose pair with one of
  /// those before it the method values most (`next`), otherwise one of the rest uniformly: a = below(number of the
  /// rest), which names the a-th in index order, draw after draw of round 2^32 - 2.
  ///
  /// - Parameters:
  ///   - count: how many responses in all; k where there are no more.
  ///   - pair: what `select` picked with the same candidates and random source.
  /// - Returns: different indices, those of the pair first.
  /// - Complexity: O(k^2 * count).
  public func responses(
    _ count: Int, from pair: Pair, _ candidates: Candidates, random: KeyedRandom
  ) -> [Int] {
    var chosen = [pair.first, pair.second]
    var draws = random.draws(round: .max - 1)
    while chosen.count < min(count, candidates.count) {
      if let index = next(after: chosen, candidates, random: random) {
        chosen.append(index)
      } else {
        let rest = (0..<candidates.count).filter { !chosen.contains($0) }
        chosen.append(rest[draws.below(rest.count)])
      }
    }
    return chosen
  }
}

extension PairCriterion {
  /// The order of a pair's responses that is worth more; as it is where neither is.
  fileprivate func oriented(_ pair: Pair) -> Pair {
    let swapped = Pair(first: pair.second, second: pair.first)
    guard let other = self[swapped] else { return pair }
    return self[pair].map { other > $0 } ?? true ? swapped : pair
  }
}

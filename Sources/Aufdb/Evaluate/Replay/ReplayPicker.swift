// One method asked about one prompt after the other, with the stored scores as the judge's answers.

import AufdbAcquisition
import AufdbReward

/// A method at work on a pool.
struct ReplayPicker {
  private let method: any SelectionMethod
  private let data: EvaluationData
  private let randomKey: RandomKey
  private var candidates: PromptCandidates
  private var features: ReplayFeatures

  init(_ method: any SelectionMethod, _ data: EvaluationData, seed: UInt64) {
    self.method = method
    self.data = data
    randomKey = method.randomKey(seed: seed)
    candidates = PromptCandidates(for: method)
    features = ReplayFeatures(for: method, data)
  }

  /// The judge's answer to the method's pair of a prompt; nil where the method picks none.
  mutating func annotation(
    of prompt: Int, _ estimates: RewardEstimates?, firstEstimate: Int
  ) throws -> Annotation? {
    try annotations(of: prompt, count: 1, estimates, firstEstimate: firstEstimate).first
  }

  /// The answers to the pairs that the method picks one after the other of a prompt; fewer where there are no more.
  mutating func annotations(
    of prompt: Int, count: Int, _ estimates: RewardEstimates? = nil, firstEstimate: Int = 0
  ) throws -> [Annotation] {
    candidates.fill(prompt, of: data.pool, estimates, firstEstimate: firstEstimate)
    try features.place(prompt, data, into: &candidates)
    let rows = data.pool.prompts[prompt].rows
    let random = data.pool.prompts[prompt].id.withUnsafeBytes { randomKey.prompt($0) }
    let (pairs, judged) = try ask(prompt, count: count, random)
    for pair in pairs { try features.learn(pair, of: prompt, rewards: candidates.rewards, data) }
    return pairs.map { pair in
      let (first, second) = (rows.lowerBound + pair.first, rows.lowerBound + pair.second)
      return Annotation(
        pairs: [JudgedPair(first, second, scores: data.pool.scores)],
        judged: judged.map { $0.map { rows.lowerBound + $0 } } ?? [first, second])
    }
  }

  /// The method's pairs; and the responses whose scores it looked at, where it looks at scores.
  private func ask(_ prompt: Int, count: Int, _ random: KeyedRandom) throws -> (pairs: [Pair], judged: [Int]?) {
    do throws(CandidatesError) {
      return try candidates.storage.withCandidates { (candidates) throws(CandidatesError) in
        let demand = PairDemand(pairCount: count)
        guard case .pairs(let pairs) = try method.pairs(demand, candidates, random: random) else { return ([], nil) }
        return (pairs, method.needs.contains(.scores) ? method.lookedAt(candidates, random: random) : nil)
      }
    } catch {
      let id = String(decoding: data.pool.prompts[prompt].id, as: UTF8.self)
      throw AufdbError(.badData, "the prompt '\(id)': \(error)")
    }
  }
}

extension SelectionMethod {
  /// The responses that are in the running for the pair: of a method that ranks by scores, those that must be judged.
  fileprivate func lookedAt(_ candidates: Candidates, random: KeyedRandom) -> [Int] {
    let criterion = criterion(candidates, random: random)
    let all = 0..<candidates.count
    return all.filter { one in all.contains { criterion[one, $0] != nil || criterion[$0, one] != nil } }
  }
}

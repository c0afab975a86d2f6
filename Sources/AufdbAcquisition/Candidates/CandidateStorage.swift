// The arrays behind `Candidates`, refilled for one prompt after another while a store is scanned.

/// Reusable memory for one prompt's numbers, lent as `Candidates`.
///
/// Fill it, select, `removeAll()`, fill it again: after the largest prompt nothing is allocated any more.
///
///     storage.removeAll()
///     for (reward, lower, upper) in estimates { storage.append(reward: reward, lower: lower, upper: upper) }
///     let outcome = try storage.select(by: method, random: key.prompt(promptID))
public struct CandidateStorage: Sendable {
  /// k, the number of responses; the `append` functions count it up.
  public var count = 0
  /// Rewards: empty, or k values. The same holds for the other columns.
  public var rewards: [Float] = []
  /// Lower bounds.
  public var lower: [Float] = []
  /// Upper bounds.
  public var upper: [Float] = []
  /// A judge's scores.
  public var scores: [Double] = []
  /// Lengths of the responses' texts.
  public var textLengths: [Int] = []
  /// The rewards of an ensemble's heads, response after response: k * h values.
  public var heads: [Float] = []
  /// Features, response after response: k * d values.
  public var features: [Float] = []
  /// The models' names in UTF-8, one after the other, and where each of them ends.
  public private(set) var modelNames: [UInt8] = []
  public private(set) var modelEnds: [Int] = []

  /// Makes empty storage.
  public init() {}

  /// Forgets the responses and keeps the memory.
  public mutating func removeAll() {
    count = 0
    rewards.removeAll(keepingCapacity: true)
    lower.removeAll(keepingCapacity: true)
    upper.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    textLengths.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    features.removeAll(keepingCapacity: true)
    modelNames.removeAll(keepingCapacity: true)
    modelEnds.removeAll(keepingCapacity: true)
  }

  /// Adds a response of which an estimate is known.
  public mutating func append(reward: Float, lower lowerBound: Float, upper upperBound: Float) {
    rewards.append(reward)
    lower.append(lowerBound)
    upper.append(upperBound)
    count += 1
  }

  /// Adds a response of which a score is known.
  public mutating func append(score: Double) {
    scores.append(score)
    count += 1
  }

  /// Names the model of the next response that has none yet; `count` isn't changed.
  public mutating func append(model name: some Sequence<UInt8>) {
    modelNames.append(contentsOf: name)
    modelEnds.append(modelNames.count)
  }

  /// Checks the columns and lends them to `body`, which must not let the view escape.
  ///
  /// - Throws: `CandidatesError` from the checks of `Candidates`, or from `body`.
  public func withCandidates<Result>(
    _ body: (Candidates) throws(CandidatesError) -> Result
  ) throws(CandidatesError) -> Result {
    try rewards.withUnsafeBufferPointer { (rewards) throws(CandidatesError) in
      try lower.withUnsafeBufferPointer { (lower) throws(CandidatesError) in
        try upper.withUnsafeBufferPointer { (upper) throws(CandidatesError) in
          try scores.withUnsafeBufferPointer { (scores) throws(CandidatesError) in
            try textLengths.withUnsafeBufferPointer { (textLengths) throws(CandidatesError) in
              try heads.withUnsafeBufferPointer { (heads) throws(CandidatesError) in
                try features.withUnsafeBufferPointer { (features) throws(CandidatesError) in
                  try modelEnds.withUnsafeBufferPointer { (modelEnds) throws(CandidatesError) in
                    try modelNames.withUnsafeBufferPointer { (modelNames) throws(CandidatesError) in
                      try body(
                        Candidates(
                          count: count, rewards: rewards, lower: lower, upper: upper, scores: scores,
                          textLengths: textLengths, heads: heads, features: features,
                          models: ModelNames(bytes: UnsafeRawBufferPointer(modelNames), ends: modelEnds)))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Asks `method` about the responses held; see `SelectionMethod.select`.
  public func select(
    by method: any SelectionMethod, random: KeyedRandom
  ) throws(CandidatesError) -> SelectionOutcome {
    try withCandidates { (candidates) throws(CandidatesError) in
      try method.select(candidates, random: random)
    }
  }
}

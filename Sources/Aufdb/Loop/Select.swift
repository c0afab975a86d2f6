// Select: a method picks one pair a prompt out of stored data, and the picks become one commit.

import AufdbAcquisition

/// What to select, and from what.
public struct SelectOptions: Sendable {
  /// The method's name; `SelectionMethods.names` lists them.
  public var method: String
  /// The method's own parameters, as text; those left out take their defaults.
  public var parameters: [String: String]
  /// The snapshot whose estimates the method sees; nil: the one that was stored last.
  public var snapshot: String?
  /// The judge whose scores the method sees; nil: the only one there is.
  public var judge: String?
  /// 0 is a seed like any other.
  public var seed: UInt64
  /// The data that the method sees; nil: the tip of the branch that is committed to.
  public var revision: Revision?
  /// At most so many prompts, drawn by the seed; nil: all.
  public var limit: Int?
  /// Whether prompts that this method has selected from before are selected from again.
  public var again: Bool

  public init(
    method: String, parameters: [String: String] = [:], snapshot: String? = nil, judge: String? = nil,
    seed: UInt64 = 0, revision: Revision? = nil, limit: Int? = nil, again: Bool = false
  ) {
    self.method = method
    self.parameters = parameters
    self.snapshot = snapshot
    self.judge = judge
    self.seed = seed
    self.revision = revision
    self.limit = limit
    self.again = again
  }
}

/// What a selection did.
public struct SelectReport: Sendable, Equatable {
  public var selectedCount = 0
  /// Prompts with fewer than two candidates.
  public var tooFewCount = 0
  /// Prompts that this method has selected from before.
  public var alreadySelectedCount = 0
  /// Prompts without a single candidate: no estimate in the snapshot, no score of the judge.
  public var withoutCandidatesCount = 0
  /// Estimates whose reward lies outside their own bounds: allowed, but odd.
  public var rewardsOutsideBoundsCount = 0
  /// What the method saw; nil where it saw none.
  public var snapshot: String?
  public var judge: String?
  public var batch = 0
}

extension Store {
  /// Picks one pair a prompt by a method and commits the selections.
  ///
  /// A prompt's pair depends on its own numbers, the method's parameters and the seed, and on nothing else.
  ///
  /// - Returns: the commit, or nil where nothing was selected.
  /// - Throws: `.usage`: an unknown method or parameter; `.refused`: no such snapshot or judge, or nothing to see;
  ///   `.badData`: numbers that aren't finite, or a lower bound above its upper one.
  /// - Complexity: one scan of the method's data; memory: a few bytes a prompt.
  @discardableResult
  public func select(
    _ options: SelectOptions, context: CommitContext
  ) throws -> (commit: Commit?, report: SelectReport) {
    try Self.checkSeed(options.seed)
    if let limit = options.limit, limit < 1 { throw AufdbError(.usage, "a limit is at least 1") }
    func run(isSorted: Bool) throws -> (Commit?, SelectReport) {
      try commit(context) { change in
        let selection = try SelectionRun(options, in: change)
        return try selection.run(isSorted: isSorted)
      }
    }
    do {
      return try run(isSorted: false)
    } catch is ScatteredRows {
      return try run(isSorted: true)
    }
  }
}

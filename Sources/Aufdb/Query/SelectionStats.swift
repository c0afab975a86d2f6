// Statistics of selections: what each method picked, how sure its pairs were, and what the judges made of them.
//
// All of it is counted by selection: a pair that a method selected in two batches counts twice. Everything is taken as
// the revision sees it, estimates and scores, too.
//
//   gap          reward of the first response less that of the second, by the snapshot that the selection names
//   uncertainty  half the distance of a response's bounds, (upper - lower) / 2, by the same snapshot
//   score gap    score of the first less that of the second, by the judge whose scores the method saw: the one that the
//                selection's parameters name
//   label gap    the score that a judge gave the chosen response less that of the rejected one, as its label has them
//
// A method that saw no estimates, such as random, has no gap; the snapshots that other methods saw don't lend it one.
// A selection whose estimates or scores are not all there any more is left out of the means over them, and counted.
//
// A SELECTION AND A LABEL BELONG TOGETHER when they are of the same pair: one prompt, and the same two responses (model
// and sample) in either order. The method and batch that a label names don't matter: they say which selection asked for
// it first, and a judge labels a pair once, however many selections picked it. What the judge says of the pair agrees
// with each of them or doesn't. A tie chooses none, so it is counted, and left out of everything else.

/// What one method picked, as one revision sees it.
public struct SelectionStats: Sendable, Equatable {
  /// The branch that was asked; nil where the revision wasn't one.
  public var branch: String?
  public var method: String
  public var selectionCount = 0
  /// Prompts that it picked a pair of, at least once.
  public var promptCount = 0
  /// Selections that name a snapshot or a judge of which an estimate or a score of the pair isn't there any more.
  public var missingCount = 0
  /// Means over the selections of which the method saw estimates; nil where there are none.
  public var meanGap: Double?
  public var meanUncertaintyFirst: Double?
  public var meanUncertaintySecond: Double?
  /// The mean over the selections of which the method saw scores; nil where there are none.
  public var meanScoreGap: Double?
  /// Each judge that labelled one of the pairs or more, by name in the order of bytes.
  public var judges: [Judge] = []
  /// Each model that was picked, the one that was most often first at the front; where that is equal, most often
  /// second; then by name in the order of bytes.
  public var models: [Model] = []

  /// What one judge made of the method's pairs.
  public struct Judge: Sendable, Equatable {
    public var judge: String
    /// Selections whose pair it labelled, ties included.
    public var labelledCount = 0
    public var tieCount = 0
    /// Selections whose first response it chose.
    public var agreedCount = 0
    /// Means over the selections that it labelled without a tie, of which the method saw estimates; nil where there are
    /// none.
    public var meanUncertaintyChosen: Double?
    public var meanUncertaintyRejected: Double?
    /// The mean over labels without a tie that have both scores; nil where there are none.
    public var meanLabelGap: Double?

    /// How often it chose the first response, of the times that it chose: 0...1; nil where it never did.
    public var agreement: Double? {
      labelledCount > tieCount ? Double(agreedCount) / Double(labelledCount - tieCount) : nil
    }
  }

  /// How often one model was picked. A pair of two samples of one model counts in both places.
  public struct Model: Sendable, Equatable {
    public var model: String
    public var firstCount = 0
    public var secondCount = 0
    /// What each of the judges made of it: as many as `judges`, in their order.
    public var judged: [Judged] = []
  }

  /// What one judge made of a model's responses among the method's pairs, ties left out.
  public struct Judged: Sendable, Equatable {
    public var chosenCount = 0
    public var rejectedCount = 0
  }

  /// A number of selections as a part of them all, 0...1.
  public func share(_ count: Int) -> Double { Double(count) / Double(max(1, selectionCount)) }
}

extension Store {
  /// What each method picked, as `revision` sees it; by the method's name, in the order of bytes.
  ///
  /// - Returns: nothing where there are no selections.
  /// - Throws: `.refused` for an unknown or pruned revision.
  /// - Complexity: a few steps through an index for each selection, and for each label of its prompt; memory for the
  ///   methods, models and judges alone.
  public func selectionStats(at revision: Revision = .head) throws -> [SelectionStats] {
    try read(at: revision) { connection, _ in
      let branch = try connection.branch(named: revision)
      return try SelectionScan(connection).tally().stats(branch: branch)
    }
  }

  /// The same of all branches, side by side: by the branch's name, then by the method's.
  public func selectionStatsOfAllBranches() throws -> [SelectionStats] {
    try read { connection in
      let branches = try connection.all(
        "SELECT name, commit_seq FROM ref WHERE kind = 'branch' ORDER BY name"
      ) { ($0.string(0), $0.integer(1)) }
      return try branches.flatMap { branch, tip in
        try connection.visibility(of: tip).install(in: connection)
        return try SelectionScan(connection).tally().stats(branch: branch)
      }
    }
  }
}

extension Connection {
  /// The branch whose tip a revision asks for by name; nil where it is anything else.
  fileprivate func branch(named revision: Revision) throws -> String? {
    guard revision.steps.isEmpty, revision.date == nil else { return nil }
    let name = revision.base == Revision.head.base ? try currentBranch() : revision.base
    return try first("SELECT name FROM ref WHERE name = ?1 AND kind = 'branch'", .text(name)) { $0.string(0) }
  }
}

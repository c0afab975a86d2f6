// Annotate: a judge labels the pending selections, and the labels become one commit.
//
// A selection is pending for a judge while the judge has no label on its pair. A judge's tie is stored as a tie.
//
// A judge can fail half-way: a command that asks a paid service may have answered thousands of pairs before it dies.
// What it had said by then is good, is committed, and the commit tells that it isn't all. A judge that gives an answer
// which makes no sense is another matter: then nothing that it said is trusted, and nothing is committed.

/// What an annotation did.
public struct AnnotateReport: Sendable, Equatable {
  /// Labels made, ties included.
  public var labelCount = 0
  public var tieCount = 0
  /// Selections whose pair the judge had labelled before.
  public var alreadyLabelledCount = 0
  /// Selections that the judge has no verdict on: it lacks a score of one response or both, or hasn't answered.
  public var withoutVerdictCount = 0
  /// Pairs that were written to a file for people to answer.
  public var writtenCount = 0
  /// Those among `withoutVerdictCount` that a file of answers has no line on.
  public var absentCount = 0
  /// Responses or pairs of which a model said nothing that could be used; they stay without a verdict.
  public var failedCount = 0
  /// Pairs whose two orders a model saw differently: ties.
  public var disagreementCount = 0
  /// A model's mean probability of the response that is shown first, less 1/2; nil for other judges.
  public var placeBias: Double?
  /// Why the judge went away before it had seen all; nil where it didn't.
  public var failure: AufdbError?

  public init(
    labelCount: Int = 0, tieCount: Int = 0, alreadyLabelledCount: Int = 0, withoutVerdictCount: Int = 0
  ) {
    self.labelCount = labelCount
    self.tieCount = tieCount
    self.alreadyLabelledCount = alreadyLabelledCount
    self.withoutVerdictCount = withoutVerdictCount
  }
}

extension Store {
  /// Labels every pending selection by a judge and commits the labels.
  ///
  /// A command's standard error is this process's own. A file of answers that doesn't exist yet is written, with the
  /// pending pairs, and nothing is committed.
  ///
  /// - Returns: the commit, or nil where nothing was labelled. A judge that failed half-way is told in the report, beside
  ///   the commit of what it had said by then.
  /// - Throws: `.refused` where the judge has no scores at all, where there are no selections, or where a command failed
  ///   before its first answer; `.badData` with its line for an answer that makes no sense. The store is unchanged then.
  /// - Complexity: a few index look-ups a selection; memory is flat, but for a file of answers, which is held.
  @discardableResult
  public func annotate(_ judge: Judge, context: CommitContext) throws -> (commit: Commit?, report: AnnotateReport) {
    try judge.check()
    return try commit(context) { change in
      let annotation = try AnnotationRun(judge, in: change)
      return try annotation.run()
    }
  }
}

extension Store {
  /// Refuses a seed that the store's integers can't hold.
  static func checkSeed(_ seed: UInt64) throws(AufdbError) {
    guard seed <= UInt64(Int64.max) else { throw AufdbError(.usage, "a seed is at most \(Int64.max)") }
  }
}

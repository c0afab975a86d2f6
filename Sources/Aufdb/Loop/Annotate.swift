// Annotate: a judge labels the pending selections, and the labels become one commit.
//
// A selection is pending for a judge while the judge has no label on its pair. A judge's tie is stored as a tie.

/// What an annotation did.
public struct AnnotateReport: Sendable, Equatable {
  /// Labels made, ties included.
  public var labelCount = 0
  public var tieCount = 0
  /// Selections whose pair the judge had labelled before.
  public var alreadyLabelledCount = 0
  /// Selections of which the judge lacks a score of one response or both.
  public var withoutScoreCount = 0
}

extension Store {
  /// Labels every pending selection by a judge and commits the labels.
  ///
  /// - Returns: the commit, or nil where nothing was labelled.
  /// - Throws: `.refused` where the judge has no scores at all, or where there are no selections.
  /// - Complexity: a few index look-ups a selection; memory is flat.
  @discardableResult
  public func annotate(_ judge: Judge, context: CommitContext) throws -> (commit: Commit?, report: AnnotateReport) {
    if case .random(let seed) = judge { try Self.checkSeed(seed) }
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

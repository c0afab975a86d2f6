// Score: what a reward head says of the stored responses, as a snapshot, in one commit.
//
// Embeddings are read prompt by prompt, some thousand responses at a time, so memory is flat however many there are.

/// What to estimate.
public struct ScoreOptions: Sendable {
  /// The reward head's name.
  public var head: String
  /// The snapshot's name; nil: the head's.
  public var snapshot: String?
  /// Where the head and the embeddings are taken from; nil: the tip of the branch that is committed to.
  public var revision: Revision?
  /// Whether the snapshot is there already, made by this very head, and what it lacks is added.
  public var onlyMissing: Bool
  /// Whether the rewards of single heads are stored with each estimate.
  public var keepsHeads: Bool
  /// Whether responses may lack an embedding; they get no estimate then.
  public var allowsPartial: Bool

  public init(
    head: String, snapshot: String? = nil, revision: Revision? = nil, onlyMissing: Bool = false,
    keepsHeads: Bool = false, allowsPartial: Bool = false
  ) {
    self.head = head
    self.snapshot = snapshot
    self.revision = revision
    self.onlyMissing = onlyMissing
    self.keepsHeads = keepsHeads
    self.allowsPartial = allowsPartial
  }
}

/// What scoring did.
public struct ScoreReport: Sendable, Equatable {
  public var snapshot = ""
  public var kind = HeadKind.ensemble
  public var estimateCount = 0
  public var promptCount = 0
  /// Responses that the snapshot had estimates of before.
  public var presentCount = 0
  /// Responses without an embedding, which was allowed.
  public var missingCount = 0
  /// Labels that the head was trained on; 0 says that its estimates tell nothing but how unsure it is.
  public var labelCount = 0
}

extension Store {
  /// Estimates responses by a stored reward head and commits the snapshot.
  ///
  /// - Parameter progress: called now and then with how many prompts are done, of how many.
  /// - Returns: the commit, or nil where the snapshot lacks nothing.
  /// - Throws: `.refused`: no such head, a snapshot of that name that is there already (or isn't, or was made by another
  ///   head, where only what is missing is wanted), responses without embeddings, embeddings of another length than the
  ///   head was trained on; `.badData`: embeddings that nothing can be made of.
  /// - Complexity: one pass over the embeddings; memory for a few thousand of them, and the ids of all prompts.
  @discardableResult
  public func score(
    _ options: ScoreOptions, threadCount: Int, context: CommitContext, progress: ((Int, Int) -> Void)? = nil
  ) throws -> (commit: Commit?, report: ScoreReport) {
    try commit(context) { change in
      let scoring = try ScoringRun(options, threadCount: threadCount, in: change)
      try scoring.score(progress)
      return (scoring.note, scoring.report)
    }
  }
}

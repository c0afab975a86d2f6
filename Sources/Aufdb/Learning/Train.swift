// Train: a reward head from the labels at a branch's tip, as one commit.
//
// Without labels there still is a head: an ensemble as it begins, or a linear head that knows only its prior. Its
// estimates say how unsure it is, which is what the first selection needs.

extension Store {
  /// Trains a reward head on the labels that a branch's tip has, ties left out, and commits it.
  ///
  /// The same labels, embeddings and options give the same head to the last bit, whatever the number of threads.
  ///
  /// - Returns: the commit, or nil where the head is there already, just so.
  /// - Throws: `.usage`; `.refused`: no such encoder, judge or head to go on with, responses without embeddings, nothing
  ///   but ties, a training that diverges; `.badData`: embeddings that nothing can be made of. The store is unchanged
  ///   then.
  /// - Complexity: memory for the embeddings of the labelled responses as Floats; for a pointwise-prior head, of all
  ///   responses of their prompts.
  @discardableResult
  public func train(
    _ options: TrainOptions, threadCount: Int, context: CommitContext
  ) throws -> (commit: Commit?, report: TrainReport) {
    try options.check()
    return try commit(context) { change in
      let training = try TrainingRun(options, threadCount: threadCount, in: change)
      let head = try training.train()
      try head.store(in: change)
      return (training.note, training.report)
    }
  }
}

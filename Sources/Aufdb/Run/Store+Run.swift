// Running the loop on a store.

extension Store {
  /// Runs the loop from where its last commit left it until something ends it, with one commit an iteration.
  ///
  /// Killed anywhere, a run goes on from its last commit when it is called again, and ends with the same commits as if
  /// nothing had happened. Embeddings are read prompt by prompt: memory holds an iteration's responses, the labelled
  /// pairs that are trained on, and the ids of all prompts.
  ///
  /// - Parameters:
  ///   - threadCount: at least 1; the result doesn't depend on it.
  ///   - context: gives the context of each commit.
  ///   - models: asks models, where the judge is one or responses are to be generated.
  ///   - progress: called after each commit.
  /// - Returns: what was done, and why it ended.
  /// - Throws: `.usage`, `.refused`, `.badData` as `LoopRun` does; what a judge's failure gives. What was committed
  ///   before stands.
  @discardableResult
  public func run(
    _ configuration: RunConfiguration, threadCount: Int, context: @escaping () throws -> CommitContext,
    models: RunModels? = nil, progress: ((RunProgress) throws -> Void)? = nil
  ) throws -> RunReport {
    try configuration.check()
    let modelled = try ModelledRun(configuration, models, in: self, context: context)
    let configuration = try modelled.prepared()
    let (_, run) = try commit(context()) { change in
      (CommitNote.none, try LoopRun(configuration, judge: modelled.judge, threadCount: threadCount, in: change))
    }
    while run.end == nil {
      let before = run.report
      let (commit, outcome) = try commit(context()) { try run.advance($0) }
      switch outcome {
      case .asking(let judge, let pairs):
        // The transaction is over, so that answers can be kept; the step has changed nothing but the report.
        run.report = before
        try modelled.ask(judge, pairs)
      case .failed(let failure): throw failure
      case .waiting(let file, let pairCount):
        run.report.end = .waiting(file: file, pairCount: pairCount)
        return run.report
      case .made:
        guard let commit else { throw AufdbError(.internalDefect, "an iteration without a commit") }
        try progress?(
          RunProgress(
            run: run.name, commit: commit, iteration: run.iteration ?? 0, promptCount: run.report.promptCount,
            promptTotal: run.promptTotal, labelCount: run.report.labelCount,
            heldoutAccuracy: run.report.heldoutAccuracy, fraction: run.fraction))
      }
    }
    run.report.end = run.end ?? .prompts
    // It ended earlier than its last iteration could know: a bound was lowered since.
    if let iteration = run.iteration, iteration > 0, run.storedIteration != iteration {
      _ = try commit(context()) { change in
        try run.storeHead(in: change)
        return (run.note("Store the reward head of \(run.name) after iteration \(iteration)", iteration), ())
      }
    }
    return run.report
  }
}

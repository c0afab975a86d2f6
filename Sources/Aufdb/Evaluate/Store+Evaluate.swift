// Evaluate: selection methods compared on data whose responses are all judged already.
//
// Each method's loop is replayed in memory, several times with other seeds; the labels that it collects train fresh
// reward models; and these are measured on prompts that no method selects from. The store is only read, all of it at
// one moment, before the first replay begins.

import AufdbAcquisition

extension Store {
  /// Compares selection methods.
  ///
  /// - Parameters:
  ///   - options: what to compare, on what, and the protocol's settings.
  ///   - progress: called after each replay, with how many are done and how many there are.
  /// - Returns: the report; the same for the same data and options, whatever the number of threads.
  /// - Throws: `.usage` for impossible options; `.refused` where there are no scores or embeddings, or too few prompts,
  ///   or test prompts without a gap; `.badData` for numbers that nothing can be computed from.
  /// - Complexity: (policies x seeds) replays, each of some seconds a thousand prompts with an active learner.
  public func evaluate(
    _ options: EvaluateOptions, progress: ((_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> EvaluationReport {
    try options.validate()
    let methods = try options.makeMethods()
    let (source, commit, read, split) = try read(at: options.revision) { connection, commit in
      let source = try PoolSource(judge: options.judge, encoder: options.encoder, in: connection)
      let read = try EvaluationPool.read(source, in: connection)
      let split = try EvaluationSplit(of: read.0, options, in: connection)
      return (source, commit, read, split)
    }
    let (pool, omissions) = read
    try Self.check(pool, omissions, split)
    let data = try EvaluationData(pool, split, options)
    guard !data.test.pairs.isEmpty else {
      throw AufdbError(
        .refused, "no two responses of a test prompt differ in score by \(options.gapThreshold) or more",
        hint: "there is nothing to measure by: keep other prompts for testing, or lower --gap-threshold")
    }
    let evaluation = Evaluation(data: data, options: options, methods: methods)
    let subject = EvaluationReport.Subject(
      data, commit: commit.id.description, judge: source.judge, encoder: source.encoder, omissions: omissions)
    return try evaluation.run(subject, progress: progress)
  }

  private static func check(
    _ pool: EvaluationPool, _ omissions: PoolOmissions, _ split: EvaluationSplit
  ) throws(AufdbError) {
    func refuse(_ what: String, hint: String) -> AufdbError {
      let examples = omissions.examples.joined(separator: ", ")
      let leftOut =
        omissions.promptCount == 0 ? "" : " (\(omissions.promptCount) were left out, such as \(examples))"
      return AufdbError(.refused, what + leftOut, hint: hint)
    }
    guard !pool.prompts.isEmpty else {
      throw refuse(
        "no prompt has two responses that all have a score and an embedding", hint: "import those that are missing")
    }
    guard !split.test.isEmpty else {
      throw refuse("no prompt is left for testing", hint: "raise --holdout, or make --test-where true of some prompts")
    }
    guard split.training.count >= 2 else {
      let count = split.training.count
      throw refuse(
        "\(count == 0 ? "no prompt is" : "1 prompt is") left to select from, of which a method needs two or more",
        hint: "keep fewer for testing")
    }
  }
}

extension EvaluationSplit {
  fileprivate init(of pool: EvaluationPool, _ options: EvaluateOptions, in connection: Connection) throws {
    switch options.test {
    case .holdout(let share): self.init(holdout: share, of: pool, seed: options.seed)
    case .condition(let condition):
      let ids = try PromptCondition.promptIDs(condition, option: "--test-where", prefix: "", in: connection)
      self.init(testIDs: Set(ids.map { Array($0.utf8) }), of: pool)
    }
  }
}

extension EvaluationReport.Subject {
  fileprivate init(
    _ data: EvaluationData, commit: String, judge: String, encoder: String, omissions: PoolOmissions
  ) {
    self.init(
      commit: commit, judge: judge, encoder: encoder, dimension: data.pool.dimension,
      trainingPromptCount: data.split.training.count, testPromptCount: data.split.test.count,
      responseCount: data.pool.rowCount, testPairCount: data.test.pairs.count,
      matchedPairCount: data.test.pairs.count { $0.isLengthMatched }, omissions: omissions)
  }
}

// The jobs that a store offers: what to ask models for.

extension Store {
  /// Responses of a model that prompts lack.
  ///
  /// - Parameters:
  ///   - branch: whose prompts; nil: the current one's.
  ///   - writing: opens this store for writing, or has it open; it is called for each transaction.
  public func generating(
    by model: ModelDefinition, _ options: GenerateOptions, branch: String? = nil,
    writing: @escaping @Sendable () throws -> Store
  ) throws -> ModelJob {
    guard options.sampleCount >= 1 else { throw AufdbError(.usage, "a prompt gets at least 1 response") }
    try Self.checkSeed(options.seed)
    return try ModelJob(GenerationTask(model: model, options: options), self, branch: branch, writing: writing)
  }

  /// A pointwise judge's ratings that responses lack.
  ///
  /// - Throws: `.usage` for a pairwise judge.
  public func rating(
    by judge: JudgeDefinition, _ scope: AskScope = AskScope(), branch: String? = nil,
    writing: @escaping @Sendable () throws -> Store
  ) throws -> ModelJob {
    guard judge.mode == .pointwise else {
      throw AufdbError(
        .usage, "\(judge.reference) compares two responses, and rates none",
        hint: "without --all-responses it labels the pairs that were selected")
    }
    return try ModelJob(RatingTask(judge: judge, scope: scope), self, branch: branch, writing: writing)
  }

  /// The definition that a judge's name stands for, where it is none of the judges that need no definition.
  ///
  /// - Throws: `.refused` where there is none, with the other judges.
  public func judgingModel(_ name: String, at revision: Revision = .head) throws -> JudgeDefinition {
    do {
      return try judgeDefinition(name, at: revision)
    } catch let error as AufdbError where error.kind == .refused {
      let others = "other judges: \(Judge.kinds)"
      throw AufdbError(.refused, error.message, hint: error.hint.map { "\($0); \(others)" } ?? others)
    }
  }

  /// What a judge must be asked to label the selected pairs that it hasn't labelled; `annotate` makes labels of it.
  ///
  /// - Parameter retriesFailures: whether pairs are asked about again of which the judge said nothing that could be used.
  public func judging(
    by judge: JudgeDefinition, retriesFailures: Bool = false, branch: String? = nil,
    writing: @escaping @Sendable () throws -> Store
  ) throws -> ModelJob {
    try ModelJob(
      PairTask(judge: judge, pairs: .selected, retriesFailures: retriesFailures), self, branch: branch,
      writing: writing)
  }

  /// An encoder's vectors that responses lack.
  public func embedding(
    by encoder: EncoderDefinition, _ scope: AskScope = AskScope(), branch: String? = nil,
    writing: @escaping @Sendable () throws -> Store
  ) throws -> ModelJob {
    try ModelJob(EmbeddingTask(encoder: encoder, scope: scope), self, branch: branch, writing: writing)
  }
}

/// The answers that a store keeps.
public struct KeptAnswers: Sendable, Equatable {
  public var count = 0
  public var sizeBytes = 0
}

extension Store {
  /// Counts the kept answers.
  ///
  /// - Complexity: reads all of them.
  public func keptAnswers() throws -> KeptAnswers {
    try read { try $0.keptAnswers() }
  }

  /// Forgets all kept answers and gives their room back. Rows that were made of them stay; what no row was made of yet is
  /// asked for again.
  ///
  /// - Returns: what there was; and why the file is as large as before, where it is.
  public func forgetAnswers() throws -> (answers: KeptAnswers, compactionFailure: String?) {
    let answers = try write(
      { connection in
        let answers = try connection.keptAnswers()
        // One step of SQLite's, which nothing would end in a damaged file.
        try connection.watch?.requireTrees()
        try connection.execute("DELETE FROM main.answer")
        return answers
      }, keep: { $0.count > 0 })
    return (answers, answers.count == 0 ? nil : try withConnection { try $0.compact() })
  }
}

extension Connection {
  fileprivate func keptAnswers() throws -> KeptAnswers {
    try first("SELECT count(*), ifnull(sum(length(answer)), 0) FROM main.answer") {
      KeptAnswers(count: Int($0.integer(0)), sizeBytes: Int($0.integer(1)))
    } ?? KeptAnswers()
  }
}

// Models in a run: those whose responses it chooses from, the encoder that embeds them, and the judge.
//
// Before its first iteration a run lets its models answer the prompts that it will go through (all of them, or `prompts`
// of the seeded order and those that are held out), and its encoder embed the responses: a commit for each, as `generate`
// and `embed` make them. In an iteration, a judge that is a model is asked between two transactions: the first finds the
// pairs out and is rolled back, the second finds the answers. So nobody has to wait for the store while a server thinks,
// and every answer is kept as it comes: a run that is killed asks for none again.

/// How a run asks models.
public struct RunModels {
  /// Asks a model, of this name, what a job wants to know. It returns once nothing is left to ask, and throws where that
  /// can't be.
  public var ask: (_ name: String, _ job: () throws -> ModelJob) throws -> Void

  public init(ask: @escaping (_ name: String, _ job: () throws -> ModelJob) throws -> Void) { self.ask = ask }
}

/// A run's models.
struct ModelledRun {
  let judge: Judge
  private let configuration: RunConfiguration
  private let models: RunModels?
  private let store: Store
  private let context: () throws -> CommitContext
  private let branch: String?

  /// - Throws: `.refused` for a judge that isn't defined; `.usage` for one that doesn't exist.
  init(
    _ configuration: RunConfiguration, _ models: RunModels?, in store: Store,
    context: @escaping () throws -> CommitContext
  ) throws {
    (self.configuration, self.models, self.store, self.context) = (configuration, models, store, context)
    branch = try context().branch
    let tip = try branch.map { try Revision($0) } ?? .head
    let name = configuration.judge ?? ""
    judge =
      Judge.isModel(name) ? .model(try store.judgingModel(name, at: tip)) : try configuration.openedJudge
  }

  /// Makes the responses and embeddings that the run lacks.
  ///
  /// - Returns: the configuration with the name that the encoder's embeddings bear.
  func prepared() throws -> RunConfiguration {
    var configuration = configuration
    let tip = try branch.map { try Revision($0) } ?? .head
    let encoder = try encoder(at: tip)
    if let encoder { configuration.encoder = encoder.reference }
    guard !configuration.models.isEmpty else { return configuration }
    // What would be refused in the end is refused before anything is paid.
    try store.read(at: tip) { [configuration] connection, _ in
      let rows = try RunProgressRow.all(of: configuration.runName, in: connection)
      try LoopRun.requireSameSettings(configuration, judge, rows, in: connection)
    }
    let promptIDs = try promptIDs(at: tip)
    var generate = GenerateOptions()
    generate.sampleCount = configuration.sampleCount
    generate.seed = UInt64(configuration.seed)
    generate.principles = try configuration.principles.map { try Principles(named: $0) }
    generate.scope.promptIDs = promptIDs
    // All of them are looked up before the first is paid.
    for model in try configuration.models.map({ try store.modelDefinition($0, at: tip) }) {
      try make(model.reference) { try store.generating(by: model, generate, branch: branch) { [store] in store } }
    }
    if let encoder {
      let scope = generate.scope
      try make(encoder.reference) { try store.embedding(by: encoder, scope, branch: branch) { [store] in store } }
    }
    return configuration
  }

  /// Asks the judge about pairs.
  func ask(_ judge: JudgeDefinition, _ pairs: [PendingPair]) throws {
    try asking(judge.reference) {
      try ModelJob(
        PairTask(judge: judge, pairs: .given(pairs), retriesFailures: false), store, branch: branch
      ) { [store] in store }
    }
  }

  private func make(_ name: String, _ job: () throws -> ModelJob) throws {
    try asking(name, job)
    _ = try job().settle(context())
  }

  private func asking(_ name: String, _ job: () throws -> ModelJob) throws {
    guard let models else { throw AufdbError(.internalDefect, "a run that asks models, and nobody who could") }
    try models.ask(name, job)
  }

  /// The encoder's definition; nil where the embeddings are there under the very name, or none is defined.
  private func encoder(at tip: Revision) throws -> EncoderDefinition? {
    guard let name = configuration.encoder else { return nil }
    let isStored = try store.read(at: tip) { connection, _ in
      try connection.first("SELECT 1 FROM embeddings WHERE encoder = ?1 LIMIT 1", .text(name)) { _ in true } != nil
    }
    if isStored, !name.contains("@") { return nil }
    let isDefined = try store.definitions(at: tip).contains {
      $0.kind == .encoder && [$0.name, $0.reference].contains(name)
    }
    // Of responses that are yet to be made there can be no embeddings under another name.
    guard isDefined || !configuration.models.isEmpty else { return nil }
    return try store.encoderDefinition(name, at: tip)
  }

  /// The prompts that the run will go through, in its order, and those that are held out.
  private func promptIDs(at tip: Revision) throws -> [String] {
    let ids = try store.read(at: tip) { connection, _ in
      try PromptWalk(configuration.condition, in: connection).remaining(in: connection)
    }
    let order = KeyedOrder(seed: UInt64(configuration.seed), purpose: RunPool.orderPurpose)
    let sorted = order.sorted(ids.map { Array($0.utf8) })
    let heldout = sorted.suffix(configuration.heldoutCount)
    let others = sorted.dropLast(heldout.count).prefix(configuration.promptLimit ?? .max)
    return (others + heldout).map { String(decoding: $0, as: UTF8.self) }
  }
}

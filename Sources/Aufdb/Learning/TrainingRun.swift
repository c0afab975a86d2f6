// One `train` at work: labels in, a reward head out.

import AufdbReward

/// One `train` at work.
final class TrainingRun {
  private let options: TrainOptions
  private let threadCount: Int
  private let connection: Connection
  private let old: StoredHead?
  private let encoder: String
  private let features: [InputFeature]
  private let reader: InputReader
  private let scaling: InputScaling
  private let labels: TrainingLabels?
  private(set) var report = TrainReport()

  init(_ options: TrainOptions, threadCount: Int, in change: Change) throws {
    self.options = options
    self.threadCount = threadCount
    connection = change.connection
    old = options.continues ? try StoredHead.named(options.head, in: connection) : nil
    if let old, old.kind != .ensemble {
      throw AufdbError(
        .refused, "the reward head '\(old.name)' is \(old.kind.rawValue), which can't be trained further",
        hint: "leave --continue out")
    }
    if let old, let encoder = options.encoder, encoder != old.encoder {
      throw AufdbError(
        .refused, "the reward head '\(old.name)' sees embeddings of '\(old.encoder)', not of '\(encoder)'",
        hint: "leave --encoder out, or train another head")
    }
    encoder = try connection.encoder(old?.encoder ?? options.encoder)
    features = old?.features ?? options.features
    reader = try InputReader(encoder: encoder, features: features, in: connection)
    scaling = try old?.scaling ?? reader.scaling(of: reader.promptIDs(), options.inputSize)
    let judge = try connection.labelJudge(options.judge)
    let wholePrompts = options.kind == .pointwisePrior
    labels = try judge.map { [reader, scaling] in
      try TrainingLabels(by: $0, reader, scaling, wholePrompts: wholePrompts, in: change.connection)
    }
    report.kind = options.kind
    report.judge = judge
    if let labels {
      if !options.allowsPartial { try labels.requireEmbeddings(of: encoder) }
      (report.labelCount, report.tieCount) = (labels.pairs.count, labels.tieCount)
      report.missingCount = labels.missingCount
      if labels.pairs.isEmpty, labels.tieCount > 0, options.kind != .pointwisePrior {
        throw AufdbError(
          .refused, "all \(Relation.labels.phrase(labels.tieCount)) by \(judge ?? "") are ties: nothing can be learned")
      }
    }
  }

  func train() throws -> StoredHead {
    let tensors: [HeadTensor]
    do {
      tensors = try options.kind == .ensemble ? trainEnsemble() : fitLinear()
    } catch let error as EmbeddingError {
      throw labels?.batch.naming(error) ?? AufdbError(.badData, "\(error)", hint: error.hint)
    } catch let error as LinearFitError {
      throw AufdbError(.refused, "the head can't be fitted: \(error)", hint: error.hint)
    }
    return StoredHead(
      name: options.head, kind: options.kind, encoder: encoder, features: features, details: details,
      scaling: scaling, tensors: tensors)
  }

  private func trainEnsemble() throws -> [HeadTensor] {
    var settings = options.learner
    let count = labels?.pairs.count ?? 0
    settings.stepCount = max(1, (count * options.epochCount + settings.batchSize - 1) / settings.batchSize)
    settings.repeats = true
    var learner =
      try old.map { LoopLearner(settings, seed: options.seed, try $0.training) }
      ?? LoopLearner(settings, inputCount: reader.inputCount, seed: options.seed)
    guard let labels else { return learner.training.tensors }
    for pair in labels.pairs {
      labels.batch.withInput(pair.chosen) { chosen in
        labels.batch.withInput(pair.rejected) { learner.remember(chosen: chosen, rejected: $0) }
      }
    }
    // The number of earlier steps keys the draws, so that training on goes over the labels in another order.
    _ = try learner.learn(
      iteration: learner.training.stepCount, doneCount: 1, promptCount: 1, threadCount: threadCount)
    try measure(learner.head, labels)
    return learner.training.tensors
  }

  private func fitLinear() throws -> [HeadTensor] {
    let prior = options.kind == .linear ? nil : try reader.prior(of: reader.promptIDs(), scaling)
    guard let labels else {
      return try Matrix<Float>(rowCount: 0, columnCount: reader.inputCount).withView {
        try fit($0, prior, pairs: [], weights: [], groupSizes: [], scores: []).tensors
      }
    }
    let scores = options.kind == .pointwisePrior ? try scaledScores(labels) : []
    let head = try labels.batch.withInputs { inputs in
      try fit(
        inputs, prior, pairs: labels.pairs, weights: PairWeights.byPrompt(labels.pairs, prompts: labels.groups),
        groupSizes: labels.batch.groupSizes, scores: scores)
    }
    try measure(head, labels)
    return head.tensors
  }

  private func fit(
    _ inputs: MatrixView<Float>, _ prior: FeaturePrior?, pairs: [PairIndex], weights: [Double], groupSizes: [Int],
    scores: [Double?]
  ) throws -> any RewardHead {
    let (ridge, beta) = (options.ridge, options.learner.beta)
    guard let prior else { return try LinearHead(inputs: inputs, pairs: pairs, ridge: ridge, beta: beta) }
    return options.kind == .pairwisePrior
      ? try PairwisePriorHead(
        prior: prior, inputs: inputs, pairs: pairs, pairWeights: weights, ridge: ridge, beta: beta)
      : try PointwisePriorHead(
        prior: prior, inputs: inputs, groupSizes: groupSizes, scores: scores, ridge: ridge, beta: beta)
  }

  /// The judge's scores from 0 to 1, one a row of the labels' inputs.
  private func scaledScores(_ labels: TrainingLabels) throws -> [Double?] {
    let range = options.scoreRange
    guard labels.scores.contains(where: { $0 != nil }) || labels.batch.rowCount == 0 else {
      throw AufdbError(
        .refused, "the labels by \(report.judge ?? "") have no scores, which a pointwise-prior head learns from",
        hint: "use --kind pairwise-prior")
    }
    return try labels.scores.map { score in
      guard let score else { return nil }
      guard range.contains(score) else {
        throw AufdbError(
          .refused, "a score of \(score) lies outside \(range.lowerBound) to \(range.upperBound)",
          hint: "say with --score-range LOW,HIGH which scores \(report.judge ?? "the judge") can give")
      }
      return (score - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
  }

  private func measure(_ head: some RewardHead, _ labels: TrainingLabels) throws {
    guard !labels.pairs.isEmpty else { return }
    var estimates = RewardEstimates()
    try labels.batch.withInputs { inputs in
      try head.estimate(inputs, groupSizes: labels.batch.groupSizes, threadCount: threadCount, into: &estimates)
    }
    let right = labels.pairs.count { estimates.rewards[$0.chosen] > estimates.rewards[$0.rejected] }
    report.accuracy = Double(right) / Double(labels.pairs.count)
  }

  private var details: [String: Operation.Value] {
    let learner = options.learner
    var details: [String: Operation.Value] = [
      "judge": report.judge.map { .text($0) } ?? .null, "labels": .integer(Int64(report.labelCount)),
      "beta": .real(learner.beta), "seed": .integer(Int64(options.seed)),
    ]
    switch options.kind {
    case .ensemble:
      details.merge([
        "heads": .integer(Int64(learner.headCount)), "hidden": .integer(Int64(learner.hiddenCount)),
        "layers": .integer(Int64(learner.layerCount)), "learning-rate": .real(learner.learningRate),
        "batch": .integer(Int64(learner.batchSize)), "epochs": .integer(Int64(options.epochCount)),
        "centre": .real(learner.centre),
        "regularisation": .real(learner.regularisation(doneCount: 1, promptCount: 1)),
        "continue": .flag(options.continues),
      ]) { $1 }
    case .pointwisePrior:
      details["ridge"] = .real(options.ridge)
      details["score-range"] = .list([.real(options.scoreRange.lowerBound), .real(options.scoreRange.upperBound)])
    case .linear, .pairwisePrior: details["ridge"] = .real(options.ridge)
    }
    return details
  }

  var note: CommitNote {
    let labels = report.labelCount == 0 ? "no labels" : Relation.labels.phrase(report.labelCount)
    let judge = report.judge.map { " by \($0)" } ?? ""
    var parameters = details
    parameters["head"] = .text(options.head)
    parameters["kind"] = .text(options.kind.rawValue)
    parameters["encoder"] = .text(encoder)
    parameters["features"] = .text(InputFeature.text(features))
    return CommitNote(
      message: "Train the \(options.kind.rawValue) head \(options.head) on \(labels)\(judge)",
      operation: Operation("train", parameters))
  }
}

// One policy's loop, replayed in memory with the judge's stored scores as the answers.
//
// The prompts come in an order drawn by the seed, in batches. The active learner, where the policy asks one, estimates
// a batch's responses; the method picks a pair of each prompt; the judge answers; and the learner trains. Seeds are
// shared: under one seed all policies see the same order of prompts and, where they have a learner, start it from the
// same weights.

import AufdbAcquisition
import AufdbReward

/// What a replay gives.
struct ReplayOutcome: Sendable {
  var labels = CollectedLabels()
  /// The learner at the end; nil where the policy has none.
  var learner: LoopLearner?
}

/// A policy's loop over the training prompts.
struct MethodReplay {
  let data: EvaluationData
  let options: EvaluateOptions
  let seed: UInt64

  /// Collects labels until every training prompt has been asked once; random pairs, where the curve of all labels is
  /// wanted, until there are so many labels, or no pairs any more.
  ///
  /// - Throws: `.refused` where the learner's training diverges; `.badData` for what a method refuses.
  func run(_ policy: ReplayPolicy, untilLabelCount: Int? = nil) throws -> ReplayOutcome {
    switch policy {
    case .method(let method):
      try untilLabelCount.map { try passes(of: method, labelCount: $0) } ?? loop(of: method, policy)
    case .allPairs(let count): ReplayOutcome(labels: try allPairs(responseCount: count))
    case .range: ReplayOutcome(labels: try range())
    }
  }

  /// The training prompts in the seed's order.
  private var order: [Int] {
    let order = KeyedOrder(seed: seed, purpose: "order of prompts")
    return data.split.training.map { (draw: order.draw(of: data.pool.prompts[$0].id), prompt: $0) }
      .sorted { ($0.draw, $0.prompt) < ($1.draw, $1.prompt) }.map(\.prompt)
  }

  private func loop(of method: any SelectionMethod, _ policy: ReplayPolicy) throws -> ReplayOutcome {
    let (order, batchSize) = (order, options.outerBatchSize)
    var outcome = ReplayOutcome()
    var learner =
      policy.usesLearner ? try LoopLearner(options.learner, inputCount: data.pool.dimension, seed: seed) : nil
    var picker = ReplayPicker(method, data, seed: seed)
    var estimates = RewardEstimates()
    for (iteration, start) in stride(from: 0, to: order.count, by: batchSize).enumerated() {
      let batch = order[start..<min(start + batchSize, order.count)]
      if let learner { try estimate(batch, by: learner, into: &estimates) }
      var firstEstimate = 0
      for prompt in batch {
        let annotation = try picker.annotation(
          of: prompt, learner == nil ? nil : estimates, firstEstimate: firstEstimate)
        firstEstimate += data.pool.prompts[prompt].rows.count
        guard let annotation else { continue }
        outcome.labels.append(annotation)
        for pair in annotation.pairs where !pair.isTie { remember(pair, by: &learner) }
      }
      _ = try learner?.learn(
        iteration: iteration + 1, doneCount: start + batch.count, promptCount: order.count, threadCount: 1)
    }
    outcome.learner = learner
    return outcome
  }

  private func estimate(
    _ batch: ArraySlice<Int>, by learner: LoopLearner, into estimates: inout RewardEstimates
  ) throws {
    let inputs = data.learnerInputs.rows(batch.flatMap { Array(data.pool.prompts[$0].rows) })
    let sizes = batch.map { data.pool.prompts[$0].rows.count }
    try inputs.withView { try learner.estimate($0, groupSizes: sizes, threadCount: 1, into: &estimates) }
  }

  private func remember(_ pair: JudgedPair, by learner: inout LoopLearner?) {
    let width = data.pool.dimension
    data.learnerInputs.withUnsafeElements { all in
      func row(_ number: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: all[number * width..<(number + 1) * width])
      }
      learner?.remember(chosen: row(pair.chosen), rejected: row(pair.rejected))
    }
  }

  /// Pass after pass over the prompts, each taking the next pair that the method picks of a prompt.
  private func passes(of method: any SelectionMethod, labelCount: Int) throws -> ReplayOutcome {
    var outcome = ReplayOutcome()
    let order = order
    let passCount = (labelCount + order.count - 1) / max(1, order.count)
    var picker = ReplayPicker(method, data, seed: seed)
    let annotations = try order.map { try picker.annotations(of: $0, count: passCount) }
    for pass in 0..<passCount {
      for ofPrompt in annotations where pass < ofPrompt.count {
        guard outcome.labels.labelCount < labelCount else { return outcome }
        outcome.labels.append(ofPrompt[pass])
      }
    }
    return outcome
  }

  /// Random responses of each prompt; all pairs among them.
  private func allPairs(responseCount: Int) throws -> CollectedLabels {
    var labels = CollectedLabels()
    let key = RandomKey(seed: seed, purpose: "judged responses")
    for prompt in order {
      let (id, rows) = (data.pool.prompts[prompt].id, data.pool.prompts[prompt].rows)
      var draws = id.withUnsafeBytes { key.prompt($0) }.draws(round: 0)
      var left = Array(rows)
      let judged = (0..<min(responseCount, left.count)).map { _ in left.remove(at: draws.below(left.count)) }
      let pairs = judged.indices.dropFirst().flatMap { later in
        (0..<later).map { JudgedPair(judged[$0], judged[later], scores: data.pool.scores) }
      }
      labels.append(Annotation(pairs: pairs, judged: judged))
    }
    return labels
  }

  /// Random pairs of the first prompts; then, of each prompt, the best response against the worst by the pointwise head
  /// on the PCA prior, fitted anew to all that is judged at every interval.
  private func range() throws -> CollectedLabels {
    var labels = CollectedLabels()
    let (order, interval) = (order, options.rangeInterval)
    var random = ReplayPicker(RandomMethod(), data, seed: seed)
    for start in stride(from: 0, to: order.count, by: interval) {
      let batch = order[start..<min(start + interval, order.count)]
      guard start > 0 else {
        for prompt in batch {
          if let annotation = try random.annotation(of: prompt, nil, firstEstimate: 0) { labels.append(annotation) }
        }
        continue
      }
      let head = try FinalModel.Fit(.pointwise, labels.annotations[...], data, ridge: options.ridge)
      for prompt in batch {
        let rows = Array(data.pool.prompts[prompt].rows)
        guard rows.count >= 2 else { continue }
        let rewards = head.rewards(ofRows: rows, data)
        let best = rewards.indices.reduce(0) { rewards[$1] > rewards[$0] ? $1 : $0 }
        let others = rewards.indices.filter { $0 != best }
        let worst = others.reduce(others[0]) { rewards[$1] < rewards[$0] ? $1 : $0 }
        let (first, second) = (rows[best], rows[worst])
        labels.append(
          Annotation(pairs: [JudgedPair(first, second, scores: data.pool.scores)], judged: [first, second]))
      }
    }
    return labels
  }
}

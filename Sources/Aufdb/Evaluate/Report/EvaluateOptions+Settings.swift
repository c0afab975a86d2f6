// The settings as a report states them: all of them, by the names that the command gives them.

extension EvaluateOptions {
  /// - Parameters:
  ///   - judge: whose scores they were in the end.
  ///   - encoder: whose embeddings.
  func settings(judge: String, encoder: String) -> [NamedValue] {
    func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
    var settings: [(String, String)] = [("methods", methods.joined(separator: ","))]
    settings += parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    settings += [("judge", judge), ("encoder", encoder)]
    switch test {
    case .holdout(let share): settings.append(("holdout", "\(share)"))
    case .condition(let condition): settings.append(("test-where", condition))
    }
    settings += [
      ("seeds", "\(seedCount)"), ("seed", "\(seed)"), ("budgets", list(budgets)), ("judge-costs", list(judgeCosts)),
      ("curve-labels", "\(curveLabelCount)"), ("outer-batch", "\(outerBatchSize)"), ("ridge", "\(ridge)"),
      ("gap-threshold", "\(gapThreshold)"), ("length-threshold", "\(lengthThreshold)"),
      ("bootstrap", "\(bootstrapCount)"), ("judged", "\(judgedPerPrompt)"), ("range-interval", "\(rangeInterval)"),
    ]
    settings += [
      ("heads", "\(learner.headCount)"), ("hidden", "\(learner.hiddenCount)"), ("layers", "\(learner.layerCount)"),
      ("head-beta", "\(learner.beta)"), ("input-mean-square", "\(learner.inputMeanSquare)"),
      ("steps", "\(learner.stepCount)"), ("batch", "\(learner.batchSize)"),
      ("learning-rate", "\(learner.learningRate)"),
      ("centre", "\(learner.centre)"), ("regularisation", "\(learner.regularisation)"),
      ("regularisation-decay", learner.regularisationDecay.rawValue),
      ("regularisation-base", "\(learner.regularisationBase)"),
      ("regularisation-scaler", "\(learner.regularisationScaler)"),
      ("replay", learner.replayCount.map { "\($0)" } ?? "all"), ("repeat", learner.repeats ? "yes" : "no"),
    ]
    return settings.map { NamedValue(name: $0.0, value: $0.1) }
  }
}

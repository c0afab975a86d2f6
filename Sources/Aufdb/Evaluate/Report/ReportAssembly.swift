// A report out of all replays' records.

import AufdbAcquisition

/// Turns records into a report.
struct ReportAssembly {
  private let evaluation: Evaluation
  private let subject: EvaluationReport.Subject
  private let records: [PolicyRecords]
  private let source: FigureSource
  private let curve: RandomCurve
  /// Figures' values: the many comparisons need the same ones again.
  private var cache: [Key: Sampled?] = [:]

  private struct Key: Hashable {
    let policy: Int
    let model: FinalModel?
    let measure: Measure
    let target: BudgetTarget
  }

  init(
    _ evaluation: Evaluation, _ subject: EvaluationReport.Subject, _ records: [PolicyRecords], curve: [ReplayRecord]
  ) {
    self.evaluation = evaluation
    self.subject = subject
    self.records = records
    let options = evaluation.options
    let bootstrap = Bootstrap(
      seedCount: options.seedCount, promptCount: subject.testPromptCount, replicateCount: options.bootstrapCount,
      seed: options.seed)
    source = FigureSource(evaluation.data.test, bootstrap: bootstrap)
    self.curve = RandomCurve(
      curve, labelCounts: RandomCurve.labelCounts(upTo: options.curveLabelCount, budgets: options.budgets), source)
  }

  mutating func report() -> EvaluationReport {
    let options = evaluation.options
    let targets = options.budgets.map { BudgetTarget.labels($0) } + options.judgeCosts.map { .cost($0) }
    var figures: [EvaluationFigure] = []
    var headlines: [Headline] = []
    for policy in records.indices {
      for (model, measure) in measured(policy) {
        for target in targets {
          if let figure = figure(policy, model, measure, target) { figures.append(figure) }
        }
        if let headline = headline(policy, model, measure) { headlines.append(headline) }
      }
    }
    return EvaluationReport(
      subject: subject, settings: options.settings(judge: subject.judge, encoder: subject.encoder),
      budgets: options.budgets, judgeCosts: options.judgeCosts, seedCount: options.seedCount,
      policies: records.map { Self.policy($0) }, models: evaluation.models, figures: figures, headlines: headlines,
      curve: curve.points, notes: ReportNotes.notes(of: evaluation, records, subject))
  }

  /// What is measured of a policy.
  private func measured(_ policy: Int) -> [(FinalModel?, Measure)] {
    let models = evaluation.models + (records[policy].isRandom ? [.component, .length] : [])
    let ofModels = models.flatMap { model in
      [Measure.accuracy, .matchedAccuracy, .bestScore].map { (FinalModel?.some(model), $0) }
    }
    return ofModels + [(nil, .gap), (nil, .chosenScore)]
  }

  private mutating func sampled(
    _ policy: Int, _ model: FinalModel?, _ measure: Measure, _ target: BudgetTarget
  ) -> Sampled? {
    let key = Key(policy: policy, model: model, measure: measure, target: target)
    if let known = cache[key] { return known }
    let sampled = source.sampled(records[policy].records, model, measure, target)
    cache[key] = .some(sampled)
    return sampled
  }

  private var random: Int { records.firstIndex { $0.isRandom } ?? 0 }

  private mutating func figure(
    _ policy: Int, _ model: FinalModel?, _ measure: Measure, _ target: BudgetTarget
  ) -> EvaluationFigure? {
    guard let value = sampled(policy, model, measure, target) else { return nil }
    let checkpoints = records[policy].records.compactMap { $0.checkpoints[target] }
    let count = Double(checkpoints.count)
    let labelCount = Double(checkpoints.reduce(0) { $0 + $1.labelCount }) / count
    let cost = Double(checkpoints.reduce(0) { $0 + $1.cost }) / count
    let isRandom = policy == random
    var (difference, differenceToPlain): (Comparison?, Comparison?)
    if !isRandom, let other = sampled(random, model, measure, target) {
      difference = value.difference(to: other)
    }
    if let model, !isRandom || model != .plain, let plain = sampled(random, .plain, measure, target) {
      // A baseline without labels is the same at all budgets, and still compares with what labels bring.
      differenceToPlain = model == .plain ? difference : value.difference(to: plain)
    }
    var factor: CostFactor?
    if model != nil {
      switch target {
      case .labels: factor = curve.factor(value, measure, cost: labelCount, costPerLabel: 1)
      // A random pair has two responses judged.
      case .cost: factor = curve.factor(value, measure, cost: cost, costPerLabel: 2)
      }
    }
    return EvaluationFigure(
      policy: records[policy].policy.name, model: model, measure: measure, target: target, labelCount: labelCount,
      cost: cost, isReached: checkpoints.allSatisfy(\.isReached), mean: value.mean, interval: value.interval,
      difference: difference, differenceToPlain: differenceToPlain, factor: factor)
  }

  /// The mean difference to random over all budgets of labels but the largest.
  private mutating func headline(_ policy: Int, _ model: FinalModel?, _ measure: Measure) -> Headline? {
    let budgets = evaluation.options.headlineBudgets
    guard policy != random, model.map({ !$0.isBaseline }) ?? true else { return nil }
    var differences: [Sampled] = []
    for budget in budgets {
      guard let value = sampled(policy, model, measure, .labels(budget)),
        let other = sampled(random, model, measure, .labels(budget))
      else { return nil }
      differences.append(value - other)
    }
    guard let mean = Sampled.mean(of: differences) else { return nil }
    return Headline(
      policy: records[policy].policy.name, model: model, measure: measure,
      difference: Comparison(paired: PairedDifference(mean.bySeed), interval: mean.interval))
  }

  private static func policy(_ records: PolicyRecords) -> PolicyReport {
    let count = Double(records.records.count)
    var parameters: [NamedValue] = []
    if case .method(let method) = records.policy {
      parameters = method.parameters.map { NamedValue(name: $0.name, value: $0.value.text) }
    }
    let calibrations = records.records.compactMap(\.calibration)
    let labelCount = Double(records.records.reduce(0) { $0 + $1.labelCount })
    let cost = Double(records.records.reduce(0) { $0 + $1.cost })
    return PolicyReport(
      name: records.policy.name, summary: records.policy.summary, parameters: parameters,
      isBaseline: records.isBaseline, labelCount: labelCount / count,
      tieCount: Double(records.records.reduce(0) { $0 + $1.tieCount }) / count,
      costPerLabel: labelCount > 0 ? cost / labelCount : 0,
      calibration: calibrations.isEmpty ? nil : CalibrationReport(meanOf: calibrations))
  }
}

extension PolicyRecords {
  var isRandom: Bool { policy.name == RandomMethod.name }
}

extension EvaluateOptions {
  /// The budgets that the headline is the mean over.
  var headlineBudgets: [Int] { budgets.count > 1 ? Array(budgets.dropLast()) : budgets }
}

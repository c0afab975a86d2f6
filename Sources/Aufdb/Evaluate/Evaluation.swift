// One evaluation at work: which replays there are, and how their records become a report.

import AufdbAcquisition
import AufdbReward

/// All replays of one evaluation.
struct Evaluation: Sendable {
  let data: EvaluationData
  let options: EvaluateOptions
  /// What is compared: `random` first, then the methods asked for, then the baselines that weren't.
  let policies: [(policy: ReplayPolicy, isBaseline: Bool)]
  /// The final models that are fitted to what every policy collects.
  let models: [FinalModel]

  init(data: EvaluationData, options: EvaluateOptions, methods: [any SelectionMethod]) {
    self.data = data
    self.options = options
    let asked = methods.map { (policy: ReplayPolicy.method($0), isBaseline: false) }
    func isAsked(_ name: String) -> Bool { methods.contains { $0.name == name } }
    var policies: [(policy: ReplayPolicy, isBaseline: Bool)] = []
    if !isAsked(RandomMethod.name) { policies.append((.method(RandomMethod()), true)) }
    policies += asked
    if !isAsked(FarMethod.name) { policies.append((.method(FarMethod()), true)) }
    policies.append((.allPairs(responseCount: options.judgedPerPrompt), true))
    if data.hasUnitScores { policies.append((.range, true)) }
    self.policies = policies
    models = data.hasUnitScores ? [.plain, .pairwise, .pointwise] : [.plain, .pairwise]
  }

  private enum Job {
    case policy(Int, seed: Int)
    /// Random pairs to thousands of labels.
    case curve(seed: Int)
  }

  /// Replays everything, and reports.
  func run(
    _ subject: EvaluationReport.Subject, progress: ((_ done: Int, _ total: Int) -> Void)?
  ) throws -> EvaluationReport {
    let seeds = 0..<options.seedCount
    let jobs =
      policies.indices.flatMap { policy in seeds.map { Job.policy(policy, seed: $0) } } + seeds.map { .curve(seed: $0) }
    let records = try ReplayJobs.run(
      jobs.count, threadCount: options.threadCount, progress: progress.map { call in { call($0, jobs.count) } }
    ) { job in
      switch jobs[job] {
      case .policy(let policy, let seed): try record(of: policies[policy].policy, seed: seed)
      case .curve(let seed): try curveRecord(seed: seed)
      }
    }
    for (index, policy) in policies.enumerated() where records[index * seeds.count].labelCount == 0 {
      throw AufdbError(
        .refused, "the method \(policy.policy.name) picks no pair of any prompt that is left to select from",
        hint: "look at its parameters: `aufdb methods \(policy.policy.name)` explains them")
    }
    let byPolicy = policies.indices.map { policy in
      PolicyRecords(
        policy: policies[policy].policy, isBaseline: policies[policy].isBaseline,
        records: Array(records[policy * seeds.count..<(policy + 1) * seeds.count]))
    }
    var assembly = ReportAssembly(
      self, subject, byPolicy, curve: Array(records[(policies.count * seeds.count)...]))
    return assembly.report()
  }

  private var curveCounts: [Int] {
    RandomCurve.labelCounts(upTo: options.curveLabelCount, budgets: options.budgets)
  }

  private func replay(seed: Int) -> MethodReplay {
    MethodReplay(data: data, options: options, seed: options.seed + UInt64(seed))
  }

  private func record(of policy: ReplayPolicy, seed: Int) throws -> ReplayRecord {
    let outcome: ReplayOutcome
    do {
      outcome = try replay(seed: seed).run(policy)
    } catch var error as AufdbError {
      error.message = "\(policy.name), seed \(options.seed + UInt64(seed)): \(error.message)"
      throw error
    }
    var targets = options.judgeCosts.map { BudgetTarget.cost($0) }
    if case .allPairs = policy {
      // A label is no unit of effort there: six of them cost four judged responses.
    } else {
      targets += options.budgets.map { .labels($0) }
    }
    let isRandom = policy.name == RandomMethod.name
    var record = try ReplayRecord(
      outcome.labels, at: targets, models: isRandom ? models + [.component, .length] : models, data,
      ridge: options.ridge)
    record.calibration = try outcome.learner.map { try Calibration(of: $0, data) }
    return record
  }

  private func curveRecord(seed: Int) throws -> ReplayRecord {
    let outcome = try replay(seed: seed).run(.method(RandomMethod()), untilLabelCount: options.curveLabelCount)
    return try ReplayRecord(
      outcome.labels, at: curveCounts.map { .labels($0) }, models: [.plain], data, ridge: options.ridge)
  }
}

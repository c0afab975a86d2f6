// `aufdb run`: ActiveUltraFeedback's loop over stored data, one commit an iteration.
//
//   1  take the next prompts, in the seeded order       RunPool
//   2  estimate their responses: a snapshot             LoopLearner, InputBatch
//   3  pick a pair of each                              RunCandidates, the method
//   4  let the judge label the pairs                    Judge; a model is asked outside of the transaction: RunModels
//   5  train on all labels so far                       LoopLearner
//   6  commit: the snapshot, its estimates, the selections, the labels, a row of progress; and now and then the head
//
// Before the first iteration, if labels are to be held out, one commit labels a random pair of each prompt set aside:
// iteration 0.
//
// RESUMING. Everything that an iteration does follows from the configuration, the stored data and the labels so far.
// So a run that was killed anywhere needs nothing but its last commit: the learner is made anew from the last head that
// was stored, or from the seed, and trained again on the labels that came after it, iteration by iteration
// (LoopRun+Resuming). It then has the very bits that it had. That it has is checked: each iteration's loss is stored.
// What a judge answered in an iteration that wasn't finished isn't lost, either: answers that came before a judge failed
// are committed on their own, and found again when the same pairs are picked again.

import AufdbAcquisition
import AufdbReward

/// One run at work. Each call of `advance` makes one commit.
final class LoopRun {
  let configuration: RunConfiguration
  let threadCount: Int
  let judge: Judge
  let method: any SelectionMethod
  let encoder: String
  let pool: RunPool
  let space: FeatureSpace?
  let scaling: InputScaling
  var learner: LoopLearner
  var heldout: HeldoutLabels?
  /// The prompts that are still to be done.
  var pending: ArraySlice<[UInt8]>
  /// The last iteration that was made; nil before any, 0 after the held-out labels.
  var iteration: Int?
  /// The iteration after which the head was stored last.
  var storedIteration: Int?
  var report: RunReport
  /// The iteration whose pairs a model was asked about.
  var askedIteration: Int?
  /// The best accuracy so far, and the iteration that had it.
  var best: (accuracy: Double, iteration: Int)?

  var name: String { configuration.runName }

  /// Gets a run ready, or one that was begun before ready to go on.
  ///
  /// - Throws: `.usage` for what doesn't go together; `.refused` where data is missing, or a run of this name was begun
  ///   with other settings or other data.
  init(_ configuration: RunConfiguration, judge: Judge, threadCount: Int, in change: Change) throws {
    self.configuration = configuration
    self.judge = judge
    self.threadCount = threadCount
    let connection = change.connection
    method = try configuration.selectionMethod
    encoder = try connection.encoder(configuration.encoder)
    let reader = try InputReader(encoder: encoder, features: configuration.features, in: connection)
    pool = try RunPool(configuration, encoder: encoder, in: connection)
    var sources = CandidateSources(columns: .features)
    sources.encoder = encoder
    space =
      method.needs.contains(.features)
      ? try FeatureSpace(
        for: method, encoder: encoder, sources, SelectOptions(method: method.name), prefix: "", in: connection) : nil
    pending = pool.promptIDs[...]
    report = RunReport()
    report.run = configuration.runName
    report.tooFewCount = pool.tooFewCount
    report.missingCount = pool.missingCount
    let rows = try RunProgressRow.all(of: configuration.runName, in: connection)
    let stored = try Self.ownHead(of: configuration.runName, in: connection)
    let seed = UInt64(configuration.seed)
    if let stored, !rows.isEmpty {
      scaling = stored.scaling
      learner = LoopLearner(configuration.learner, seed: seed, try stored.training)
    } else {
      scaling = try reader.scaling(of: pool.promptIDs, .meanSquare(configuration.learner.inputMeanSquare))
      learner = try LoopLearner(configuration.learner, inputCount: reader.inputCount, seed: seed)
    }
    // What the judge or the method can't work with shows here, and not after the first estimates.
    _ = try RunCandidates(for: method, judge: judge, encoder: encoder, space: space, in: connection)
    try resume(rows, checkpoint: stored?.detail("iteration", in: connection) ?? 0, reader, in: connection)
  }

  /// The share of the run that is done.
  var fraction: Double {
    let prompts = Double(report.promptCount) / Double(max(1, promptTotal))
    return min(1, max(prompts, configuration.budget.map { Double(report.labelCount) / Double($0) } ?? 0))
  }

  /// How many prompts it will have gone through, if nothing else ends it.
  var promptTotal: Int { min(pool.promptIDs.count, configuration.promptLimit ?? .max) }

  /// Why there is nothing left to do; nil where there is.
  var end: RunEnd? {
    if iteration == nil, configuration.heldoutCount > 0 { return nil }
    if let budget = configuration.budget, report.labelCount >= budget { return .budget }
    if report.promptCount >= promptTotal || pending.isEmpty { return .prompts }
    if let patience = configuration.patience, let best, let iteration, iteration - best.iteration >= patience {
      return .patience(patience)
    }
    return nil
  }

  /// How many prompts the next iteration takes.
  var nextCount: Int {
    var count = min(configuration.outerBatch, pending.count, promptTotal - report.promptCount)
    if let budget = configuration.budget { count = min(count, budget - report.labelCount) }
    return max(0, count)
  }
}

extension RunConfiguration {
  /// Who labels.
  var openedJudge: Judge {
    get throws(AufdbError) {
      try Judge(
        judge ?? "",
        JudgeOptions(
          seed: UInt64(seed), name: judgeName, timeoutSeconds: judgeTimeoutSeconds, restartLimit: judgeRestartCount))
    }
  }

  /// How pairs are picked.
  var selectionMethod: any SelectionMethod {
    get throws(AufdbError) {
      let method: any SelectionMethod
      do throws(MethodError) {
        method = try SelectionMethods.make(
          self.method, parameters: methodParameters, available: [.rewards, .lower, .upper, .heads])
      } catch {
        throw AufdbError(.usage, "\(error)", hint: error.hint)
      }
      guard !(method is DOptMethod) else {
        throw AufdbError(
          .usage, "dopt learns from its own picks, which a run can't go on with",
          hint: "`aufdb select --method dopt` uses it outside a run")
      }
      return method
    }
  }
}

// What to compare, on which data, and every number of the protocol.

import AufdbAcquisition

/// The options of an evaluation; the defaults are the protocol that README's "Comparing methods" describes.
public struct EvaluateOptions: Sendable {
  /// Names of selection methods; each is compared with `random`, which always takes part.
  public var methods: [String] = defaultMethods
  /// The methods' own parameters as text, given to each method that has them.
  public var parameters: [String: String] = [:]
  /// Whose scores; nil: the only judge's.
  public var judge: String?
  /// Whose embeddings; nil: the only encoder's.
  public var encoder: String?
  public var revision = Revision.head

  /// Which prompts are kept for testing.
  public enum Test: Sendable, Equatable {
    /// A share of them, chosen by the seed and their ids.
    case holdout(Double)
    /// Those of which a condition is true, in SQL on the columns of prompts.
    case condition(String)
  }

  public var test = Test.holdout(0.3)
  /// How many times each method is replayed: seeds `seed`, `seed` + 1 ...
  public var seedCount = 20
  /// The first seed; it also decides on the prompts held out and on resampling.
  public var seed: UInt64 = 0

  /// Numbers of labels at which methods are compared, ascending. The headline is the mean over all but the last.
  public var budgets = [50, 100, 200, 500]
  /// Numbers of judged responses at which they are compared, ascending.
  public var judgeCosts = [100, 200, 400, 1000]
  /// Random pairs are replayed to so many labels, several pairs a prompt, to find how many of them equal a method.
  public var curveLabelCount = 4000

  /// Prompts between two trainings of the active learner.
  public var outerBatchSize = 16
  /// The active learner, which picks; never the model that is measured.
  public var learner = LearnerSettings()
  /// Final models minimise the sum of softplus + ridge / 2 |w|^2.
  public var ridge = 3.0
  /// Test pairs have scores at least this far apart.
  public var gapThreshold = 0.1
  /// Pairs whose logarithms of length differ by less than this are matched by length.
  public var lengthThreshold = 0.15
  /// Resamples for intervals.
  public var bootstrapCount = 2000

  /// How many responses of a prompt the baseline `random, all pairs` has judged.
  public var judgedPerPrompt = 4
  /// The baseline `range`: random pairs before its first model, and prompts between two of its models.
  public var rangeInterval = 10

  /// How many replays run at a time; the report doesn't depend on it.
  public var threadCount = 1

  public init() {}

  public static let defaultMethods = [
    "random", "greedy", "length", "ultrafeedback", "maxmin", "dts", "drts", "deltaucb", "infomax", "maxminlcb",
  ]
}

extension EvaluateOptions {
  /// - Throws: `.usage` for the first number out of range.
  func validate() throws(AufdbError) {
    func check(_ isRight: Bool, _ message: String, hint: String? = nil) throws(AufdbError) {
      if !isRight { throw AufdbError(.usage, message, hint: hint) }
    }
    if case .holdout(let share) = test {
      try check(share > 0 && share < 1, "--holdout takes a share between 0 and 1, not \(share)", hint: "such as 0.3")
    }
    try check((1...10_000).contains(seedCount), "--seeds takes 1 to 10000, not \(seedCount)")
    let lastSeed = seed.addingReportingOverflow(UInt64(seedCount))
    try check(!lastSeed.overflow && lastSeed.partialValue <= UInt64(Int64.max), "a seed is at most \(Int64.max)")
    for (option, numbers) in [("--budgets", budgets), ("--judge-costs", judgeCosts)] {
      let isAscending = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
      try check(
        !numbers.isEmpty && numbers.allSatisfy { $0 > 0 } && isAscending,
        "\(option) takes numbers above 0 in ascending order", hint: "such as 50,100,200")
    }
    try check((1...100_000).contains(curveLabelCount), "--curve-labels takes 1 to 100000, not \(curveLabelCount)")
    try check(outerBatchSize > 0, "--outer-batch takes 1 or more prompts, not \(outerBatchSize)")
    try check(ridge > 0 && ridge.isFinite, "--ridge takes a finite number above 0, not \(ridge)")
    try check(gapThreshold >= 0 && gapThreshold.isFinite, "--gap-threshold takes a number of at least 0")
    try check(lengthThreshold > 0, "--length-threshold takes a number above 0")
    try check((100...100_000).contains(bootstrapCount), "--bootstrap takes 100 to 100000 resamples")
    try check((3...100).contains(judgedPerPrompt), "--judged takes 3 to 100 responses")
    try check(rangeInterval > 0, "--range-interval takes 1 or more prompts")
    try check(threadCount > 0, "--threads takes 1 or more")
    try check(!methods.isEmpty, "no method to evaluate")
    let twice = methods.first { name in methods.count { $0 == name } > 1 }
    try check(twice == nil, "the method '\(twice ?? "")' is named twice")
    try learner.validate()
  }

  /// The methods, made with those of the parameters that they have.
  ///
  /// - Throws: `.usage` for an unknown method, a refused value, or a parameter that none of the methods has.
  func makeMethods() throws(AufdbError) -> [any SelectionMethod] {
    let available: CandidateColumns = [.estimates, .scores, .textLengths, .models, .heads, .features]
    var used: Set<String> = []
    var made: [any SelectionMethod] = []
    for name in methods {
      let known = SelectionMethods.all.first { $0.name == name }?.parameterDefinitions.map(\.name) ?? []
      var texts = parameters.filter { known.contains($0.key) }
      used.formUnion(texts.keys)
      // What the UltraFeedback data set did: a judge rates all four.
      if name == UltraFeedbackMethod.name, texts["by"] == nil { texts["by"] = RankingSource.scores.rawValue }
      do throws(MethodError) {
        made.append(try SelectionMethods.make(name, parameters: texts, available: available))
      } catch {
        throw AufdbError(.usage, "\(error)", hint: error.hint)
      }
    }
    if let unused = parameters.keys.filter({ !used.contains($0) }).min() {
      throw AufdbError(
        .usage, "--\(unused) means nothing to any of the methods \(methods.joined(separator: ", "))",
        hint: "leave it out")
    }
    return made
  }
}

extension LearnerSettings {
  /// - Throws: `.usage` for the first setting out of range.
  fileprivate func validate() throws(AufdbError) {
    for (option, value, allowed) in [
      ("heads", headCount, Self.headCounts), ("hidden", hiddenCount, Self.hiddenCounts),
      ("layers", layerCount, Self.layerCounts), ("batch", batchSize, Self.batchSizes),
      ("steps", stepCount, Self.stepCounts), ("replay", replayCount ?? 1, Self.replayCounts),
    ] {
      guard allowed.contains(value) else {
        let range =
          allowed.upperBound == .max
          ? "\(allowed.lowerBound) or more" : "\(allowed.lowerBound) to \(allowed.upperBound)"
        throw AufdbError(.usage, "--\(option) takes \(range), not \(value)")
      }
    }
    for (option, value, mayBeZero) in [
      ("head-beta", beta, false), ("input-mean-square", inputMeanSquare, false), ("learning-rate", learningRate, false),
      ("centre", centre, true), ("regularisation", regularisation, true),
      ("regularisation-base", regularisationBase, false), ("regularisation-scaler", regularisationScaler, true),
    ] {
      guard value.isFinite, value > 0 || (mayBeZero && value == 0) else {
        throw AufdbError(
          .usage, "--\(option) takes a finite number \(mayBeZero ? "of at least 0" : "above 0"), not \(value)")
      }
    }
  }
}

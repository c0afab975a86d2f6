// Counts selections by method. Pure: SelectionScan.swift reads what is counted here.
//
// Names are bytes while they are keys: a Swift dictionary takes two spellings of "é" for one, and a store doesn't.

/// What is known of one selection.
struct KnownSelection {
  /// The same number for all selections of a prompt, which come one after the other.
  var promptNumber: Int
  var method: [UInt8]
  var firstModel: [UInt8]
  var secondModel: [UInt8]
  /// Whether it names a snapshot or a judge, and an estimate or a score isn't there.
  var isMissing = false
  /// What the method saw of the first and the second response.
  var estimates: (first: Estimate, second: Estimate)?
  var scores: (first: Double, second: Double)?
  /// The labels of its pair, one a judge.
  var labels: [Label] = []

  struct Estimate {
    var reward: Double
    /// Half the distance of its bounds.
    var uncertainty: Double
  }

  struct Label {
    var judge: [UInt8]
    var isTie: Bool
    var isFirstChosen: Bool
    /// The scores of the chosen and the rejected response, where the label has both.
    var scores: (chosen: Double, rejected: Double)?
  }
}

/// Selections, counted by method.
struct SelectionTally {
  private var methods: [[UInt8]: MethodTally] = [:]

  mutating func add(_ selection: KnownSelection) { methods[selection.method, default: MethodTally()].add(selection) }

  func stats(branch: String?) -> [SelectionStats] {
    methods.inOrder.map { $1.stats(branch: branch, method: String(decoding: $0, as: UTF8.self)) }
  }
}

private struct MethodTally {
  private var counts = SelectionStats(method: "")
  private var lastPrompt: Int?
  private var gap = CompensatedMean()
  private var uncertaintyFirst = CompensatedMean()
  private var uncertaintySecond = CompensatedMean()
  private var scoreGap = CompensatedMean()
  private var judges: [[UInt8]: JudgeTally] = [:]
  private var models: [[UInt8]: ModelTally] = [:]

  mutating func add(_ selection: KnownSelection) {
    counts.selectionCount += 1
    if lastPrompt != selection.promptNumber {
      counts.promptCount += 1
      lastPrompt = selection.promptNumber
    }
    if selection.isMissing { counts.missingCount += 1 }
    if let (first, second) = selection.estimates {
      gap.add(first.reward - second.reward)
      uncertaintyFirst.add(first.uncertainty)
      uncertaintySecond.add(second.uncertainty)
    }
    if let (first, second) = selection.scores { scoreGap.add(first - second) }
    models[selection.firstModel, default: ModelTally()].firstCount += 1
    models[selection.secondModel, default: ModelTally()].secondCount += 1
    for label in selection.labels { add(label, of: selection) }
  }

  private mutating func add(_ label: KnownSelection.Label, of selection: KnownSelection) {
    judges[label.judge, default: JudgeTally()].add(label, estimates: selection.estimates)
    guard !label.isTie else { return }
    let (first, second) = (selection.firstModel, selection.secondModel)
    let (chosen, rejected) = label.isFirstChosen ? (first, second) : (second, first)
    models[chosen, default: ModelTally()].judged[label.judge, default: .init()].chosenCount += 1
    models[rejected, default: ModelTally()].judged[label.judge, default: .init()].rejectedCount += 1
  }

  func stats(branch: String?, method: String) -> SelectionStats {
    var stats = counts
    stats.branch = branch
    stats.method = method
    stats.meanGap = gap.value
    stats.meanUncertaintyFirst = uncertaintyFirst.value
    stats.meanUncertaintySecond = uncertaintySecond.value
    stats.meanScoreGap = scoreGap.value
    let judges = judges.inOrder
    stats.judges = judges.map { $1.stats(judge: String(decoding: $0, as: UTF8.self)) }
    let models = models.sorted { one, other in
      let (a, b) = (one.value, other.value)
      if a.firstCount != b.firstCount { return a.firstCount > b.firstCount }
      if a.secondCount != b.secondCount { return a.secondCount > b.secondCount }
      return one.key.lexicographicallyPrecedes(other.key)
    }
    stats.models = models.map { name, tally in
      SelectionStats.Model(
        model: String(decoding: name, as: UTF8.self), firstCount: tally.firstCount, secondCount: tally.secondCount,
        judged: judges.map { tally.judged[$0.key] ?? .init() })
    }
    return stats
  }
}

private struct JudgeTally {
  private var counts = SelectionStats.Judge(judge: "")
  private var uncertaintyChosen = CompensatedMean()
  private var uncertaintyRejected = CompensatedMean()
  private var labelGap = CompensatedMean()

  mutating func add(
    _ label: KnownSelection.Label, estimates: (first: KnownSelection.Estimate, second: KnownSelection.Estimate)?
  ) {
    counts.labelledCount += 1
    guard !label.isTie else {
      counts.tieCount += 1
      return
    }
    if label.isFirstChosen { counts.agreedCount += 1 }
    if let (chosen, rejected) = label.scores { labelGap.add(chosen - rejected) }
    guard let (first, second) = estimates else { return }
    uncertaintyChosen.add(label.isFirstChosen ? first.uncertainty : second.uncertainty)
    uncertaintyRejected.add(label.isFirstChosen ? second.uncertainty : first.uncertainty)
  }

  func stats(judge: String) -> SelectionStats.Judge {
    var stats = counts
    stats.judge = judge
    stats.meanUncertaintyChosen = uncertaintyChosen.value
    stats.meanUncertaintyRejected = uncertaintyRejected.value
    stats.meanLabelGap = labelGap.value
    return stats
  }
}

private struct ModelTally {
  var firstCount = 0
  var secondCount = 0
  var judged: [[UInt8]: SelectionStats.Judged] = [:]
}

extension Dictionary where Key == [UInt8] {
  /// Its pairs in the order of the keys' bytes.
  fileprivate var inOrder: [(key: Key, value: Value)] { sorted { $0.key.lexicographicallyPrecedes($1.key) } }
}

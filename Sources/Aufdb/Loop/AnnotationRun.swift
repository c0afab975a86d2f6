// One `annotate` at work: pending selections in, batch by batch, the judge's verdicts on them, labels out.

/// One `annotate` on one change.
final class AnnotationRun {
  /// How many pairs a judge is handed at once: enough for a program that works on several at a time, and few enough
  /// that their names weigh nothing.
  private static let batchSize = 256

  private let judge: Judge
  private let pairJudge: any PairJudge
  /// The judge, where it reads a file of answers. It is asked about pairs, too, that are labelled already: what it says of
  /// them may be something else.
  private let answers: FileJudge?
  private let change: Change
  private let labels: LabelStep
  private var report = AnnotateReport()

  init(_ judge: Judge, in change: Change) throws {
    self.judge = judge
    self.change = change
    guard try change.connection.first("SELECT 1 FROM selections LIMIT 1", read: { _ in true }) != nil else {
      throw AufdbError(
        .refused, "there are no selections to annotate on '\(change.branch)'",
        hint: "`aufdb select STORE --method M` makes some")
    }
    pairJudge = try judge.open(in: change.connection)
    answers = (pairJudge as? FileJudge).flatMap { $0.hasAnswers ? $0 : nil }
    labels = try LabelStep(judge, in: change)
  }

  func run() throws -> (CommitNote, AnnotateReport) {
    let selections = try change.connection.statement(
      """
      SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, batch FROM selections
      ORDER BY id
      """)
    var batch = AnnotationBatch()
    while try selections.step() {
      let pair = PendingPair(
        promptID: selections.string(0), first: ResponseKey(model: selections.string(1), sample: selections.integer(2)),
        second: ResponseKey(model: selections.string(3), sample: selections.integer(4)))
      guard try answers != nil || !labels.isLabelled(pair) else {
        report.alreadyLabelledCount += 1
        continue
      }
      batch.append(pair, method: selections.string(5), batch: selections.integer(6))
      if batch.pairs.count == Self.batchSize {
        try label(batch)
        batch.removeAll()
      }
    }
    try label(batch)
    if let failure = report.failure {
      guard report.labelCount > 0 else { throw failure }
    } else {
      try pairJudge.finish(&report)
    }
    return (note, report)
  }

  private func label(_ batch: AnnotationBatch) throws {
    guard !batch.pairs.isEmpty else { return }
    let verdicts = try verdicts(on: batch.pairs)
    try labels.insertRatings(behind: pairJudge)
    for (index, verdict) in verdicts.enumerated() {
      let (pair, copyCount) = (batch.pairs[index], batch.copyCounts[index])
      guard let verdict else {
        try countUnanswered(pair, 1 + copyCount)
        continue
      }
      report.alreadyLabelledCount += copyCount
      guard try labels.insert(verdict, on: pair, method: batch.methods[index], batch: batch.batches[index]) else {
        report.alreadyLabelledCount += 1
        continue
      }
      report.labelCount += 1
      if verdict.choice == .tie { report.tieCount += 1 }
    }
  }

  private func countUnanswered(_ pair: PendingPair, _ selectionCount: Int) throws {
    if let answers {
      // What was said before stands, though the file says nothing of it now.
      guard try !labels.isLabelled(pair) else {
        report.alreadyLabelledCount += selectionCount
        return
      }
      if try !answers.holds(pair) { report.absentCount += selectionCount }
    }
    report.withoutVerdictCount += selectionCount
  }

  /// The verdicts on a batch; none, once the judge has failed.
  private func verdicts(on pairs: [PendingPair]) throws -> [Verdict?] {
    guard report.failure == nil else { return Array(repeating: nil, count: pairs.count) }
    do {
      return try pairJudge.verdicts(on: pairs)
    } catch let failure as JudgeFailure {
      report.failure = failure.cause
      return failure.verdicts
    }
  }

  private var note: CommitNote {
    var parameters = judge.recorded
    var message = "Annotate \(report.labelCount) pairs by \(judge.name)"
    if report.tieCount > 0 { message += ", \(report.tieCount) of them ties" }
    if let failure = report.failure {
      parameters["failure"] = .text(failure.message)
      parameters["without_verdict"] = .integer(Int64(report.withoutVerdictCount))
      message += "; it failed with \(report.withoutVerdictCount) left"
    }
    return CommitNote(message: message, operation: Operation("annotate", parameters))
  }
}

/// Some selections whose pairs a judge is asked about at once, each pair once.
private struct AnnotationBatch {
  private(set) var pairs: [PendingPair] = []
  /// The selection that asked for each pair first.
  private(set) var methods: [String] = []
  private(set) var batches: [Int64] = []
  /// How many further selections are of the same pair.
  private(set) var copyCounts: [Int] = []
  private var placesOfPrompt: [String: [Int]] = [:]

  mutating func append(_ pair: PendingPair, method: String, batch: Int64) {
    if let copied = placesOfPrompt[pair.promptID]?.first(where: { pairs[$0].isSamePair(as: pair) }) {
      copyCounts[copied] += 1
      return
    }
    placesOfPrompt[pair.promptID, default: []].append(pairs.count)
    pairs.append(pair)
    methods.append(method)
    batches.append(batch)
    copyCounts.append(0)
  }

  mutating func removeAll() {
    pairs.removeAll(keepingCapacity: true)
    methods.removeAll(keepingCapacity: true)
    batches.removeAll(keepingCapacity: true)
    copyCounts.removeAll(keepingCapacity: true)
    placesOfPrompt.removeAll(keepingCapacity: true)
  }
}

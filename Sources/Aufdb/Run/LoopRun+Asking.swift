// How a run asks its judge.

extension LoopRun {
  /// Has the judge label pairs; those that it has labelled before it isn't asked about again.
  ///
  /// - Parameters:
  ///   - method: of the selections that the labels are for.
  ///   - batch: of these.
  ///   - number: of the iteration.
  /// - Returns: `.made` where the iteration can go on; otherwise what was kept of it, as a commit of its own.
  func ask(
    _ pairs: [PendingPair], method: String, batch: Int, _ number: Int, in change: Change
  ) throws -> (note: CommitNote, outcome: RunOutcome) {
    let labels = try LabelStep(judge, in: change)
    let unlabelled = try pairs.filter { try !labels.isLabelled($0) }
    guard !unlabelled.isEmpty else { return (CommitNote.none, .made) }
    if case .model(let definition) = judge, askedIteration != number {
      askedIteration = number
      return (CommitNote.none, .asking(definition, unlabelled))
    }
    let judge = judge.asked(in: number)
    let opened = try judge.open(in: change.connection)
    var failure: AufdbError?
    var verdicts: [Verdict?]
    do {
      verdicts = try opened.verdicts(on: unlabelled)
      var annotation = AnnotateReport()
      try opened.finish(&annotation)
    } catch let judgeFailure as JudgeFailure {
      verdicts = judgeFailure.verdicts
      failure = judgeFailure.cause
    }
    if case .file(let file) = judge {
      let waitingCount = verdicts.count { $0 == nil }
      if waitingCount > 0 { return (CommitNote.none, .waiting(file: file.path, pairCount: waitingCount)) }
    }
    try labels.insertRatings(behind: opened)
    var count = 0
    for (pair, verdict) in zip(unlabelled, verdicts) {
      guard let verdict else { continue }
      if try labels.insert(verdict, on: pair, method: method, batch: Int64(batch)) { count += 1 }
    }
    guard let failure else { return (CommitNote.none, .made) }
    guard count > 0 else { throw failure }
    let note = CommitNote(
      message: "Keep \(Relation.labels.phrase(count)) of \(name)'s iteration \(number), in which \(judge.name) failed",
      operation: Operation(
        "run", ["run": .text(name), "iteration": .integer(Int64(number)), "failure": .text(failure.message)]))
    return (note, .failed(failure))
  }
}

extension CommitNote {
  /// Of no commit.
  static let none = CommitNote(message: "", operation: Operation("run"))
}

extension Judge {
  /// The judge as an iteration asks it: a file of pairs is a file for each iteration, "pairs.jsonl" the one
  /// "pairs-0003.jsonl" in the third.
  func asked(in iteration: Int) -> Judge {
    guard case .file(var file) = self else { return self }
    file.path = NumberedFile.path(file.path, iteration)
    return .file(file)
  }
}

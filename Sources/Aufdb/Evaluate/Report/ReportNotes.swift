// What a reader must know to read the figures rightly: sentences that depend on the data and the options.

enum ReportNotes {
  static func notes(
    of evaluation: Evaluation, _ records: [PolicyRecords], _ subject: EvaluationReport.Subject
  ) -> [String] {
    let options = evaluation.options
    var notes = omissions(subject.omissions)
    notes += reached(records, options)
    notes.append(
      "A label costs two judged responses; of a method that ranks by scores, all the responses that it looks at. "
        + "Ties cost a label and teach nothing; they count in (c) and (d).")
    notes.append(
      "(a) is largely a measure of length where the judge likes long answers: compare it with length alone, and with "
        + "the length-matched (a').")
    if !evaluation.data.hasUnitScores {
      notes.append(
        "Some scores lie outside of 0 to 1, so that the pointwise head and the baseline range, which need such scores, "
          + "are left out.")
    }
    if subject.matchedPairCount == 0 { notes.append("No test pair is matched by length, so that (a') is left out.") }
    if options.seedCount == 1 { notes.append("One seed says nothing of chance: there are no errors and no t.") }
    if options.seedCount > 1, options.seedCount < 20 {
      notes.append("\(options.seedCount) seeds are few: with eight, chance has passed for an effect before. Take 20.")
    }
    notes.append(
      "t compares seed by seed and takes the test prompts as given; the intervals draw seeds and test prompts again "
        + "(\(options.bootstrapCount) resamples, 95 %), of (c) and (d) the seeds.")
    return notes
  }

  private static func omissions(_ omissions: PoolOmissions) -> [String] {
    var notes: [String] = []
    func add(_ count: Int, _ what: String, _ more: String) {
      if count > 0 { notes.append("\(count) \(count == 1 ? "prompt was" : "prompts were") left out: \(what)\(more).") }
    }
    let examples = omissions.examples.isEmpty ? "" : ", such as \(omissions.examples.joined(separator: ", "))"
    add(omissions.unscoredPromptCount, "some response of theirs has no score of the judge", examples)
    add(omissions.unembeddedPromptCount, "some response of theirs has no embedding of the encoder", examples)
    add(omissions.tooFewPromptCount, "they have fewer than two responses", examples)
    if omissions.emptyResponseCount > 0 {
      notes.append("Empty responses were passed over: \(omissions.emptyResponseCount).")
    }
    return notes
  }

  /// Which budgets couldn't be spent.
  private static func reached(_ records: [PolicyRecords], _ options: EvaluateOptions) -> [String] {
    var notes: [String] = []
    for (targets, unit) in [
      (options.budgets.map { BudgetTarget.labels($0) }, "labels"),
      (options.judgeCosts.map { .cost($0) }, "judged responses"),
    ] {
      for target in targets {
        let short = records.filter { policy in
          policy.records.contains { $0.checkpoints[target].map { !$0.isReached } ?? false }
        }
        guard !short.isEmpty else { continue }
        let number =
          switch target {
          case .labels(let count), .cost(let count): count
          }
        let spent = short.map { policy in
          policy.records.compactMap { $0.checkpoints[target] }
            .map { unit == "labels" ? $0.labelCount : $0.cost }.max() ?? 0
        }
        let text =
          Set(spent).count == 1
          ? "\(spent[0])" : zip(short, spent).map { "\($0.policy.name) \($1)" }.joined(separator: ", ")
        notes.append(
          "The budget of \(number) \(unit) is more than every training prompt once: what is shown there is of as many "
            + "as there were (\(text)).")
      }
    }
    return notes
  }
}

// `aufdb select -`: the same methods as a filter from standard input to standard output, without a store.

import Aufdb
import AufdbAcquisition

extension SelectCommand {
  /// Whether there is no store, and prompts come from standard input.
  var isFilter: Bool { store.path == "-" }

  func runFilter(in surroundings: Surroundings) throws {
    try refuseStoreOptions()
    let filter = try SelectionFilter(
      FilterOptions(
        method: method, parameters: methodOptions.texts, seed: seed, judgedCount: choice.judged, explains: explain,
        skipsBad: skipBad))
    // On a terminal the pairs themselves show how far it is.
    let bar = surroundings.terminalColumns == nil ? ProgressBar(in: surroundings) : nil
    defer { bar?.finish() }
    let report = try filter.run { bytes in
      try surroundings.output.write(bytes)
    } progress: { progress in
      bar?.update(
        progress.sizeBytes.map { Double(progress.readBytes) / Double(max(1, $0)) }, "\(progress.promptCount) prompts")
    }
    bar?.finish()
    // Before the notes, so that none of them speaks of a run whose pairs can't be written.
    try surroundings.output.flush()
    Self.notes(report).forEach(surroundings.writeError)
  }

  /// What was passed over, and what is odd, a line each.
  private static func notes(_ report: FilterReport) -> [String] {
    let skipped = SkipReason.allCases.map { ("prompts with \($0.rawValue)", report.skipped[$0] ?? 0) }
    let counts = skipped + [("responses with a reward outside their own bounds", report.rewardsOutsideBoundsCount)]
    var notes = counts.filter { $0.1 > 0 }.map { "\($0.0): \($0.1)\n" }
    if let first = report.firstBadLine {
      notes.append("bad lines passed over: \(report.badLineCount); the first: \(VisibleText.of("\(first)"))\n")
    }
    return notes
  }

  /// Refuses what only makes sense with a store.
  private func refuseStoreOptions() throws(AufdbError) {
    let storeOptions = [
      ("--snapshot", data.snapshot != nil), ("--judge", data.judge != nil), ("--encoder", data.encoder != nil),
      ("--allow-partial", data.allowPartial), ("--all", choice.all), ("--again", choice.again),
      ("--labels-by", choice.labelsBy != nil), ("--where", choice.where != nil), ("--limit", choice.limit != nil),
      ("--budget", choice.budget != nil), ("--judge-budget", choice.judgeBudget != nil),
      ("--order", choice.order != .random), ("--max-per-prompt", choice.maxPerPrompt != nil),
      ("--at", revision.at != nil), ("--branch", options.branch != nil), ("--message", options.author.message != nil),
      ("--author", options.author.author != nil), ("--format", format.format != .table),
      ("--wait", options.waiting.seconds != WaitOption.defaultSeconds),
    ]
    guard let name = storeOptions.first(where: \.1)?.0 else { return }
    throw AufdbError(
      .usage, "\(name) means nothing without a store", hint: "leave it out, or name a store instead of -")
  }
}

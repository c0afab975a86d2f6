// What `select` tells about prompts that it passed over, and about its reasons.

import Aufdb
import AufdbAcquisition

enum SelectionNotes {
  /// Why nothing was selected.
  static func nothing(_ report: SelectReport, _ method: String) -> String {
    if report.labelledCount + report.alreadySelectedCount > 0 {
      return "every prompt is labelled, or \(method) has picked from it (--all picks other pairs, --again the same)"
    }
    if report.skipped[.lacksModel] != nil { return "no prompt has responses of both models" }
    if report.exhaustedCount > 0 { return "every pair that could be picked is labelled or picked already" }
    return "no prompt has two candidates"
  }

  /// One line for each thing to note.
  static func lines(_ report: SelectReport, isNothing: Bool) -> [String] {
    let passedOver = [
      CommitLine.note(report.labelledCount, "prompts are labelled"),
      CommitLine.note(report.alreadySelectedCount, "prompts were selected from before"),
      CommitLine.note(report.exhaustedCount, "prompts have no other pair to pick"),
    ]
    let skipped = SkipReason.allCases.map { CommitLine.note(report.skipped[$0] ?? 0, "prompts have \($0.rawValue)") }
    let judged = report.judgedCount.map { CommitLine.note($0, "responses to judge that no label speaks of") } ?? ""
    return (isNothing ? [] : [judged] + passedOver) + skipped + [
      CommitLine.note(report.withoutCandidatesCount, "prompts have no candidate at all"),
      CommitLine.note(report.uncoveredCount, "responses lack what the method needs, and were left out"),
      CommitLine.note(report.rewardsOutsideBoundsCount, "estimates have a reward outside their own bounds"),
    ]
  }

  /// Writes a row for each selection of a batch: the pair, the method's value of it, the runner-up, and what was known.
  static func writeReasons(
    of report: SelectReport, at commit: Commit, of store: Store, _ format: OutputFormat, in surroundings: Surroundings
  ) throws {
    func field(_ path: String, _ name: String) -> String { "json_extract(explanation, '$.\(path)') AS \(name)" }
    func runnerUp(_ which: String) -> String {
      let path = "$.runner_up.\(which)"
      return """
        json_extract(explanation, '\(path).model') || iif(json_extract(explanation, '\(path).sample') = 0, '',
          ' #' || json_extract(explanation, '\(path).sample')) AS runner_up_\(which)
        """
    }
    var known: [String] = []
    if report.snapshot != nil { known += ["reward", "lower", "upper"] }
    if report.judge != nil { known.append("score") }
    if known.isEmpty { known.append("length") }
    let numbers = ["first", "second"].flatMap { which in known.map { field("\(which).\($0)", "\(which)_\($0)") } }
    try store.query(
      """
      SELECT prompt_id, first_model || iif(first_sample = 0, '', ' #' || first_sample) AS first,
        second_model || iif(second_sample = 0, '', ' #' || second_sample) AS second,
        \(field("criterion", "criterion")), \(field("value", "value")),
        \(runnerUp("first")), \(runnerUp("second")), \(field("runner_up.value", "runner_up_value")),
        \(numbers.joined(separator: ", "))
      FROM selections WHERE batch = :batch
      """, at: Revision("\(commit.id)"), parameters: ["batch": .integer(Int64(report.batch))]
    ) { try format.write($0, in: surroundings) }
  }
}

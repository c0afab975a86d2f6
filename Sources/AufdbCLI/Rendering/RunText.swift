// What `aufdb run` says at its end.

import Aufdb

enum RunText {
  /// One line for the last commit, and one for each thing to note.
  ///
  /// - Parameter last: the last commit that was made now; nil where none was.
  static func lines(_ report: RunReport, _ last: Commit?, branch: String) -> [String] {
    var lines = [CommitLine.text(last, branch: branch, nothing: "the run \(report.run) has come to its end before")]
    if case .waiting(let file, let pairCount) = report.end {
      if last == nil { lines = [] }
      lines.append(
        "\(pairCount) pairs wait for answers in \(VisibleText.of(file))\n"
          + "hint: fill in \"choice\" and give the same command again\n")
      return lines
    }
    if let resumedAt = report.resumedAt, last != nil { lines.append("  gone on with at iteration \(resumedAt)\n") }
    let accuracy = report.heldoutAccuracy.map { ", held-out accuracy \(Percent.text($0))" } ?? ""
    lines.append(
      "  \(report.iterationCount) \(report.iterationCount == 1 ? "iteration" : "iterations"), \(report.promptCount) prompts, \(report.labelCount) labels"
        + "\(report.tieCount == 0 ? "" : ", \(report.tieCount) of them ties")\(accuracy); ended by \(report.end.words)\n"
    )
    lines.append(CommitLine.note(report.skippedCount, "prompts gave the method nothing to pick"))
    lines.append(CommitLine.note(report.withoutVerdictCount, "pairs got no verdict"))
    lines.append(CommitLine.note(report.tooFewCount, "prompts have a single embedded response"))
    lines.append(CommitLine.note(report.missingCount, "responses lack an embedding"))
    return lines
  }
}

extension RunEnd {
  fileprivate var words: String {
    switch self {
    case .prompts: "the last prompt"
    case .budget: "its budget"
    case .patience(let count): "\(count) iterations without a better accuracy"
    case .waiting: "waiting for answers"
    }
  }
}

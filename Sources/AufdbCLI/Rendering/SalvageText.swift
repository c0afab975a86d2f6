// What `aufdb salvage` says of what it did, in words.

import Aufdb

enum SalvageText {
  /// The most lines that name single commits.
  private static let commitLimit = 20

  /// A line on each thing that is worth one.
  static func of(_ report: SalvageReport, _ new: String) -> String {
    var lines = [
      "\(VisibleText.of(new)): \(count(report.exactCount, "commit")) with \(report.exactCount == 1 ? "its id" : "their ids")"
    ]
    if report.answerCount > 0 { lines[0] += ", \(count(report.answerCount, "kept answer"))" }
    if report.isWhole {
      lines.append("nothing was lost")
      return lines.joined(separator: "\n") + "\n"
    }
    if !report.rebuilt.isEmpty {
      lines.append("\(count(report.rebuilt.count, "commit")) made anew of what is left:")
      for commit in report.rebuilt.prefix(commitLimit) { lines.append("  " + line(commit)) }
      if report.rebuilt.count > commitLimit { lines.append("  and \(report.rebuilt.count - commitLimit) more") }
    }
    for commit in report.added { lines.append("on \(VisibleText.of(commit.branch)): \(commit.message)") }
    for loss in report.losses { lines.append("lost: \(VisibleText.of(loss))") }
    if report.badAnswerCount > 0 {
      lines.append("\(count(report.badAnswerCount, "kept answer")) damaged, and left out")
    }
    if report.badPageCount + report.badRowCount > 0 {
      lines.append("\(count(report.badPageCount, "page")) and \(count(report.badRowCount, "row")) can't be read")
    }
    for problem in report.problems { lines.append("the new store isn't sound: \(VisibleText.of(problem))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ commit: SalvageReport.Rebuilt) -> String {
    let subject = commit.message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let lost = commit.lost.values.reduce(0, +)
    let what = commit.isProven ? "all rows" : lost == 0 ? "unproven" : "\(count(lost, "row")) lost, unproven"
    return "\(commit.old.short) -> \(commit.new.short)  \(VisibleText.of(subject)) (\(what))"
  }

  private static func count(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}

// What `annotate` tells about selections that were not labelled.

import Aufdb

enum AnnotateNotes {
  /// Why nothing was labelled.
  static func nothing(_ report: AnnotateReport, _ judge: Judge) -> String {
    if case .file(let file) = judge, report.writtenCount > 0 {
      let count = report.writtenCount
      return "\(count) \(count == 1 ? "pair is" : "pairs are") written to \(VisibleText.of(file.path)): set \"choice\" "
        + "to first, second or tie, and run this again"
    }
    guard report.withoutVerdictCount > 0 else {
      return "\(VisibleText.of(judge.name)) has labelled every selection before"
    }
    switch judge {
    case .scores: return "\(judge.name) has no scores of the selected responses"
    case .file(let file): return "\(VisibleText.of(file.path)) has no new answer"
    case .command, .random, .model: return "\(VisibleText.of(judge.name)) gave no choice"
    }
  }

  /// One line for each thing to note.
  static func lines(_ report: AnnotateReport, _ judge: Judge, isNothing: Bool) -> [String] {
    var lines: [String] = []
    switch judge {
    case .scores: lines.append(CommitLine.note(report.withoutVerdictCount, "selections lack a score"))
    case .file where report.writtenCount > 0: break
    case .file:
      lines.append(CommitLine.note(report.withoutVerdictCount - report.absentCount, "selections are not answered yet"))
      lines.append(
        CommitLine.note(report.absentCount, "selections are not in the file; another path gets them written"))
    case .command, .random, .model:
      lines.append(CommitLine.note(report.withoutVerdictCount, "selections are left without a label"))
    }
    if case .model = judge {
      lines.append(CommitLine.note(report.failedCount, "answers can't be used; --retry-failed asks again"))
      lines.append(CommitLine.note(report.disagreementCount, "pairs are ties because the two orders disagree"))
      if let bias = report.placeBias {
        lines.append("  being shown first adds \(bias.rounded(digits: 3)) to a response's probability\n")
      }
    }
    if !isNothing { lines.append(CommitLine.note(report.alreadyLabelledCount, "selections were labelled before")) }
    return lines
  }
}

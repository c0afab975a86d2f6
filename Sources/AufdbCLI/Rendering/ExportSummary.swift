// What `export` tells of what it made, and of what it left out.

import Aufdb

enum ExportSummary {
  static func lines(_ report: ExportReport, _ options: ExportOptions) -> [String] {
    let judges = report.judges.count == 1 ? VisibleText.of(report.judges[0]) : "\(report.judges.count) judges"
    let rows = report.rowCount == report.pairCount ? "" : " in \(report.rowCount) rows"
    var lines = [
      "\(VisibleText.of(options.directory)): \(report.pairCount) \(report.pairCount == 1 ? "pair" : "pairs")\(rows) of \(judges) at \(report.commit.short)"
    ]
    if report.splits.count > 1 {
      lines.append("  splits: " + report.splits.map { "\($0.name) \($0.rowCount)" }.joined(separator: ", "))
      for split in report.splits where split.rowCount == 0 {
        lines.append("  no row fell to \(split.name), so it has no file")
      }
    }
    if let omissions = report.omissions { lines.append("  left out: \(omissions)") }
    if let agreement = report.agreement { lines.append("  " + line(agreement)) }
    let lengths = report.statistics.lengths
    if lengths.isBiased, let share = lengths.longerShare {
      lines.append(
        "  the longer response is the chosen one in \(Percent.text(share)) of pairs: see README.md in the folder")
    }
    return lines
  }

  private static func line(_ agreement: AgreementReport) -> String {
    guard agreement.pairCount > 0 else { return "agreement: no pair has labels of two judges" }
    let alpha = agreement.alpha.map { number($0) } ?? "undefined"
    let all = "agreement: Krippendorff's alpha \(alpha) over \(agreement.pairCount) pairs"
    guard agreement.judges.count <= 3 else { return "\(all); README.md in the folder has each two judges" }
    let judges = agreement.judges.map { judges in
      let kappa = judges.kappa.map { number($0) } ?? "undefined"
      return
        "\(VisibleText.of(judges.first)) and \(VisibleText.of(judges.second)) \(Percent.text(judges.raw)) (kappa \(kappa))"
    }
    return "\(all); " + judges.joined(separator: ", ")
  }

  /// With three digits after the point.
  private static func number(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(abs(thousandths) % 1000)
    return
      "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}

// A report for a terminal: one block a measure, then what is had at equal judge cost, calibration, findings and notes.

import Aufdb

enum EvaluationText {
  /// The report in lines of at most some 110 columns, apart from sentences.
  static func text(of report: EvaluationReport) -> String {
    var lines = heading(report)
    for measure in Measure.allCases {
      lines += block(measure, measure.isOfModel ? .plain : nil, report)
    }
    lines += costBlock(report) + calibrationBlock(report)
    lines += ["", "Found"] + report.findings.map { "- " + $0 }
    lines += ["", "Notes"] + report.notes.map { "- " + $0 }
    return lines.map { VisibleText.of($0) + "\n" }.joined()
  }

  private static func heading(_ report: EvaluationReport) -> [String] {
    let subject = report.subject
    return [
      "Commit \(subject.commit.prefix(12)), judge \(subject.judge), encoder \(subject.encoder) (\(subject.dimension) wide)",
      "\(subject.trainingPromptCount) prompts to select from, \(subject.testPromptCount) for testing: "
        + "\(subject.testPairCount) test pairs, \(subject.matchedPairCount) length-matched; \(report.seedCount) seeds",
    ]
  }

  /// A measure over budgets of labels, and the headline.
  private static func block(_ measure: Measure, _ model: FinalModel?, _ report: EvaluationReport) -> [String] {
    let rows = report.policies.compactMap { policy -> [String]? in
      let figures = report.budgets.map { report.figure(policy.name, model, measure, .labels($0)) }
      guard figures.contains(where: { $0 != nil }) else { return nil }
      let headline = report.headline(policy.name, model, measure)?.difference
      let middle = report.budgets[min(1, report.budgets.count - 1)]
      return [policy.name] + figures.map { $0?.mean.fixed(3) ?? "-" }
        + [
          headline?.paired.mean.fixed(4, isSigned: true) ?? "", headline?.paired.standardError?.fixed(4) ?? "",
          headline?.paired.t?.fixed(1) ?? "", headline?.interval?.fixed(3, isSigned: true) ?? "",
          report.figure(policy.name, model, measure, .labels(middle))?.factor?.text ?? "",
        ]
    }
    guard !rows.isEmpty else { return [] }
    let budgets = report.budgets.map { budget in
      report.figures.first { $0.target == .labels(budget) && $0.policy == "random" }?.labelCount.fixed(0) ?? "\(budget)"
    }
    let smaller = budgets.dropLast(budgets.count > 1 ? 1 : 0).joined(separator: ",")
    let middle = budgets[min(1, budgets.count - 1)]
    let header = ["labels"] + budgets + ["to random", "se", "t", "95 %"] + [measure.isOfModel ? "factor" : ""]
    let title = measure.title + (model.map { ", \($0.title)" } ?? "")
    let explanation =
      "  (to random: mean over \(smaller)\(measure.isOfModel ? "; factor: random labels for the same, at \(middle)" : ""))"
    return ["", title + explanation] + aligned([header] + rows)
  }

  /// Policies and final models at equal judge cost.
  private static func costBlock(_ report: EvaluationReport) -> [String] {
    var rows: [[String]] = []
    for policy in report.policies {
      for model in report.models + [.component, .length] {
        let cells = report.judgeCosts.map { cost -> String in
          guard let accuracy = report.figure(policy.name, model, .accuracy, .cost(cost)),
            let best = report.figure(policy.name, model, .bestScore, .cost(cost))
          else { return "" }
          let factors = [accuracy, best].map { $0.factor?.text ?? "-" }.joined(separator: " / ")
          return "\(accuracy.mean.fixed(3)) / \(best.mean.fixed(3)) (\(factors))"
        }
        if cells.contains(where: { !$0.isEmpty }) { rows.append([policy.name, model.rawValue] + cells) }
      }
    }
    let title =
      "(a) / (b) at equal numbers of judged responses (factors: what random pairs, plain linear, cost for the same)"
    return ["", title] + aligned([["", "model"] + report.judgeCosts.map { "\($0)" }] + rows)
  }

  private static func calibrationBlock(_ report: EvaluationReport) -> [String] {
    let rows = report.policies.compactMap { policy in
      policy.calibration.map { calibration in
        [
          policy.name, calibration.accuracy.fixed(3), calibration.expectedError.fixed(3),
          calibration.maximumError.fixed(3), calibration.brierScore.fixed(3), calibration.expectedBoundError.fixed(3),
          calibration.certainShare.fixed(3),
          calibration.certainAccuracy?.fixed(3) ?? "-",
        ]
      }
    }
    guard !rows.isEmpty else { return [] }
    return ["", "The active learner's calibration on test pairs, at the end"]
      + aligned([["", "accuracy", "ECE", "MCE", "Brier", "ECE of bounds", "certain", "right of these"]] + rows)
  }

  /// Columns of one width, the first to the left and the others to the right; no blanks at the ends of lines.
  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - DisplayWidth.of(cell))
        line += column == 0 ? cell + padding : "  " + padding + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

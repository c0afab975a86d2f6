// A report's figures as flat rows, for programs that read tables.

import Aufdb

enum EvaluationRows {
  static let columns = [
    "policy", "model", "measure", "budget_kind", "budget", "labels", "judge_cost", "reached", "mean", "low", "high",
    "difference", "standard_error", "t", "p", "difference_low", "difference_high", "difference_to_random_plain",
    "factor", "factor_bound", "factor_low", "factor_high",
  ]

  static func rows(of report: EvaluationReport) -> [[SQLValue]] { report.figures.map(row) }

  private static func row(_ figure: EvaluationFigure) -> [SQLValue] {
    let (kind, budget) =
      switch figure.target {
      case .labels(let budget): ("labels", budget)
      case .cost(let budget): ("judge_cost", budget)
      }
    let difference = figure.difference
    let columns: [SQLValue] = [
      .text(figure.policy), figure.model.map { .text($0.rawValue) } ?? .null, .text(figure.measure.rawValue),
      .text(kind), .integer(Int64(budget)), .real(figure.labelCount), .real(figure.cost),
      .integer(figure.isReached ? 1 : 0), .real(figure.mean),
    ]
    let comparisons: [Double?] = [
      figure.interval?.low, figure.interval?.high, difference?.paired.mean, difference?.paired.standardError,
      difference?.paired.t, difference?.paired.p, difference?.interval?.low, difference?.interval?.high,
      figure.differenceToPlain?.paired.mean, figure.factor?.value,
    ]
    let factor: [SQLValue] = [
      figure.factor.map { .text($0.bound.rawValue) } ?? .null, real(figure.factor?.interval?.low),
      real(figure.factor?.interval?.high),
    ]
    return columns + comparisons.map(real) + factor
  }

  private static func real(_ value: Double?) -> SQLValue { value.map { .real($0) } ?? .null }
}

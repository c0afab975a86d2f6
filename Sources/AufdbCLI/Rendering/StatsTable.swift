// The statistics of selections as rows: one for each branch, method and judge, or for each of these and each model.
//
// A method whose pairs nobody labelled has one row, in which the judge is NULL.

import Aufdb

/// Statistics as rows of values.
struct StatsTable {
  let columns: [String]
  private let rows: [[SQLValue]]

  /// A row for each branch, method and judge.
  init(selections stats: [SelectionStats]) {
    columns = [
      "branch", "method", "selections", "prompts", "missing", "mean_gap", "mean_uncertainty_first",
      "mean_uncertainty_second", "mean_score_gap", "judge", "labelled", "ties", "agreed", "agreement",
      "mean_uncertainty_chosen", "mean_uncertainty_rejected", "mean_label_gap",
    ]
    rows = stats.flatMap { stats in
      Self.judges(of: stats).map { judge in
        [
          .optional(stats.branch), .text(stats.method), .count(stats.selectionCount), .count(stats.promptCount),
          .count(stats.missingCount), .optional(stats.meanGap), .optional(stats.meanUncertaintyFirst),
          .optional(stats.meanUncertaintySecond), .optional(stats.meanScoreGap), .optional(judge?.judge),
          .count(judge?.labelledCount ?? 0), .count(judge?.tieCount ?? 0), .count(judge?.agreedCount ?? 0),
          .optional(judge?.agreement), .optional(judge?.meanUncertaintyChosen),
          .optional(judge?.meanUncertaintyRejected), .optional(judge?.meanLabelGap),
        ]
      }
    }
  }

  /// A row for each branch, method, judge and model.
  init(models stats: [SelectionStats]) {
    columns = [
      "branch", "method", "model", "first", "second", "first_share", "second_share", "judge", "chosen", "rejected",
    ]
    rows = stats.flatMap { stats in
      Self.judges(of: stats).enumerated().flatMap { place, judge in
        stats.models.map { model in
          let judged = judge.map { _ in model.judged[place] }
          return [
            .optional(stats.branch), .text(stats.method), .text(model.model), .count(model.firstCount),
            .count(model.secondCount), .real(stats.share(model.firstCount)), .real(stats.share(model.secondCount)),
            .optional(judge?.judge), .count(judged?.chosenCount ?? 0), .count(judged?.rejectedCount ?? 0),
          ]
        }
      }
    }
  }

  /// The judges of a method, or one nil where there are none.
  private static func judges(of stats: SelectionStats) -> [SelectionStats.Judge?] {
    stats.judges.isEmpty ? [nil] : stats.judges
  }

  /// The rows; with numbers that people can read where a format is for people.
  func rows(for format: OutputFormat) -> [[SQLValue]] {
    format.isForPeople ? rows.map { $0.map(\.rounded) } : rows
  }
}

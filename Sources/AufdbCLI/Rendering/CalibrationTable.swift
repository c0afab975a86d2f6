// Calibration as rows: one for each snapshot and judge, or for each of these and each bin of probabilities.
//
// A table for people has a bar for each bin: as long as the observed share, with a mark where the predicted one is. A
// calibrated snapshot's bars end at their marks.

import Aufdb

/// Calibration as rows of values.
struct CalibrationTable {
  private let names: [String]
  private let rows: [[SQLValue]]
  // One a row.
  private let bars: [String]?

  private static let barWidth = 20

  /// A row for each snapshot and judge.
  init(_ stats: [CalibrationStats]) {
    names = [
      "snapshot", "judge", "labels", "ties", "missing", "accuracy", "ece", "mce", "brier", "bound_ece", "bound_mce",
      "certain", "certain_right", "certain_wrong",
    ]
    rows = stats.map { stats in
      let calibration = stats.calibration
      return [
        .text(stats.snapshot), .text(stats.judge), .count(stats.labelCount), .count(stats.tieCount),
        .count(stats.missingCount), .optional(calibration.accuracy), .optional(calibration.expectedError),
        .optional(calibration.maximumError), .optional(calibration.brierScore),
        .optional(calibration.expectedBoundError), .optional(calibration.maximumBoundError),
        .count(calibration.certainCount), .count(calibration.certainRightCount),
        .count(calibration.certainWrongCount),
      ]
    }
    bars = nil
  }

  /// A row for each snapshot, judge and bin.
  init(reliability stats: [CalibrationStats]) {
    names = ["snapshot", "judge", "from", "to", "count", "predicted", "observed"]
    let bins = stats.map(\.calibration.bins)
    rows = zip(stats, bins).flatMap { stats, bins in
      bins.map { bin in
        [
          .text(stats.snapshot), .text(stats.judge), .real(bin.start), .real(bin.end), .count(bin.count),
          .optional(bin.predicted), .optional(bin.observed),
        ]
      }
    }
    bars = bins.flatMap { bins in
      bins.map { bin in bin.predicted.flatMap { predicted in bin.observed.map { Self.bar(predicted, $0) } } ?? "" }
    }
  }

  func columns(for format: OutputFormat) -> [String] {
    format == .table && bars != nil ? names + ["observed = , predicted |"] : names
  }

  /// The rows; with numbers that people can read, and bars, where a format is for people.
  func rows(for format: OutputFormat) -> [[SQLValue]] {
    guard format.isForPeople else { return rows }
    let rounded = rows.map { $0.map(\.rounded) }
    guard format == .table, let bars else { return rounded }
    return zip(rounded, bars).map { $0 + [.text($1)] }
  }

  private static func bar(_ predicted: Double, _ observed: Double) -> String {
    var cells = (0...barWidth).map { Double($0) < (observed * Double(barWidth)).rounded() ? "=" : " " }
    cells[Int((predicted * Double(barWidth)).rounded())] = "|"
    while cells.last == " " { cells.removeLast() }
    return cells.joined()
  }
}

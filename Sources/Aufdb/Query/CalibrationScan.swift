// Reads the labels of a revision, each with what snapshots say of its two responses.
//
// Labels come prompt by prompt, which is the order of the keys' indexes; within a prompt by their keys, so that sums
// don't depend on the order in which rows came into the store.

import AufdbReward

/// Goes through the labels at the revision that the connection shows.
struct CalibrationScan {
  static let labelsSQL = """
    SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie FROM labels
    ORDER BY prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge
    """
  static let estimatesSQL = """
    SELECT snapshot, reward, lower, upper FROM estimates WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3
    """

  private let labels: SQLStatement
  private let estimates: SQLStatement
  private let snapshots: [String: Int]
  private let judges: [String: Int]
  // The judges of a snapshot stand beside each other.
  private var found: [CalibrationStats]

  init(_ connection: Connection, snapshots: [String], judges: [String], binCount: Int) throws {
    func numbers(_ names: [String]) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    }
    (self.snapshots, self.judges) = (numbers(snapshots), numbers(judges))
    found = snapshots.flatMap { snapshot in
      judges.map { CalibrationStats(snapshot: snapshot, judge: $0, calibration: Calibration(binCount: binCount)) }
    }
    labels = try connection.statement(Self.labelsSQL)
    // With one snapshot there is one estimate to find, among those of hundreds perhaps.
    let only = snapshots.count == 1 ? snapshots[0] : nil
    estimates = try connection.statement(Self.estimatesSQL + (only == nil ? "" : " AND snapshot = ?4"))
    if let only { estimates.bind(4, .text(only)) }
  }

  /// Counts them all.
  mutating func stats() throws -> [CalibrationStats] {
    defer { labels.reset() }
    while try labels.step() {
      guard let judge = judges[labels.string(5)] else { continue }
      let isTie = labels.integer(6) != 0
      let places = (0..<snapshots.count).map { $0 * judges.count + judge }
      for place in places {
        found[place].labelCount += 1
        found[place].tieCount += isTie ? 1 : 0
      }
      guard !isTie, !places.isEmpty else { continue }
      let rejected = try estimates(model: 3)
      for (snapshot, chosen) in try estimates(model: 1) {
        guard let rejected = rejected[snapshot] else { continue }
        found[places[snapshot]].calibration.add(chosen: chosen, rejected: rejected)
      }
    }
    return found
  }

  /// What the snapshots believe of the label's response whose model stands in a column, and whose sample in the next.
  private func estimates(model: Int32) throws -> [Int: Calibration.Estimate] {
    estimates.bind(1, unownedText: labels.text(0))
    estimates.bind(2, unownedText: labels.text(model))
    estimates.bind(3, labels.integer(model + 1))
    defer { estimates.reset() }
    var found: [Int: Calibration.Estimate] = [:]
    while try estimates.step() {
      guard let snapshot = snapshots[estimates.string(0)] else { continue }
      let numbers = (estimates.real(1), estimates.real(2), estimates.real(3))
      // Others than aufdb may have written infinities, of which there is no difference.
      guard numbers.0.isFinite, numbers.1.isFinite, numbers.2.isFinite else { continue }
      found[snapshot] = Calibration.Estimate(reward: numbers.0, lower: numbers.1, upper: numbers.2)
    }
    return found
  }
}

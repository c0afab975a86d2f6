// Calibration of snapshots: the preferences that their estimates predict, against the labels of judges.
//
// Every label at the revision counts, whichever selection asked for it, and whenever: also those that the reward model
// was trained on before the snapshot was made. A tie says nothing about a probability: it is counted, and left out. So
// is a label of which the snapshot has no estimate of one response or of either. What the figures mean stands at
// `Calibration`.

import AufdbAcquisition
import AufdbReward

/// How well one snapshot predicts what one judge prefers, as one revision sees both.
public struct CalibrationStats: Sendable, Equatable {
  public var snapshot: String
  public var judge: String
  /// The judge's labels, ties included.
  public var labelCount = 0
  public var tieCount = 0
  /// Labels without a tie of which the snapshot has both estimates.
  public var calibration: Calibration

  /// Labels without a tie of which the snapshot lacks an estimate.
  public var missingCount: Int { labelCount - tieCount - calibration.pairCount }
}

extension Store {
  /// Compares snapshots with labels, as `revision` sees them.
  ///
  /// - Parameters:
  ///   - snapshot: the only one to look at; every one if nil.
  ///   - judge: whose labels to look at; each judge's if nil.
  ///   - binCount: in how many parts of the same width probabilities are put; at least 1.
  /// - Returns: a value for each snapshot and judge, also where they have no label in common; by the
  ///   snapshot's name, then by the judge's. Nothing where there are no snapshots or no labels.
  /// - Throws: `.refused` for an unknown or pruned revision, snapshot or judge.
  /// - Complexity: two steps through an index for each label, and one for each estimate of a labelled response.
  public func calibration(
    of snapshot: String? = nil, judge: String? = nil, binCount: Int = 10, at revision: Revision = .head
  ) throws -> [CalibrationStats] {
    try read(at: revision) { connection, _ in
      let snapshots = try Self.names(
        snapshot, among: connection.all("SELECT snapshot FROM snapshots ORDER BY snapshot") { $0.string(0) },
        unknown: { "there is no snapshot '\($0)'" }, plural: "snapshots")
      let judges = try Self.names(
        judge, among: connection.all("SELECT DISTINCT judge FROM labels ORDER BY judge") { $0.string(0) },
        unknown: { "there are no labels of a judge '\($0)'" }, plural: "judges")
      var scan = try CalibrationScan(connection, snapshots: snapshots, judges: judges, binCount: binCount)
      return try scan.stats()
    }
  }

  /// The name that was asked for, or all there are.
  private static func names(
    _ wanted: String?, among names: [String], unknown: (String) -> String, plural: String
  ) throws(AufdbError) -> [String] {
    guard let wanted else { return names }
    guard names.contains(wanted) else {
      let known = names.nearestFirst(to: wanted).prefix(20).joined(separator: ", ")
      throw AufdbError(
        .refused, unknown(wanted), hint: known.isEmpty ? "there are no \(plural) here" : "\(plural) here: \(known)")
    }
    return [wanted]
  }
}

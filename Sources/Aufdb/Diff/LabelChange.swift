// What became of a label: for preferences, that the other response is chosen now is news, and a score is a detail.

/// How a label differs between two revisions.
public enum LabelChange: String, Sendable, CaseIterable {
  case added
  /// It is gone.
  case retracted
  /// The other response is chosen now.
  case flipped
  /// The same response is chosen, or one of the two versions is a tie, which chooses none.
  case modified
}

extension RowChange {
  /// What became of the label that this row is; nil for rows of other relations.
  public var labelChange: LabelChange? {
    guard relation == .labels else { return nil }
    guard let old else { return .added }
    guard let new else { return .retracted }
    let columns = relation.columns
    func differs(in column: String) -> Bool { columns.firstIndex(of: column).map { old[$0] != new[$0] } ?? false }
    func isTie(_ row: [SQLValue]) -> Bool { columns.firstIndex(of: "tie").map { row[$0] != .integer(0) } ?? false }
    guard !isTie(old), !isTie(new), differs(in: "chosen_model") || differs(in: "chosen_sample") else {
      return .modified
    }
    return .flipped
  }
}

// Which labels count: what can be said of a label by itself, before any text is read.

struct LabelFilter {
  /// A label's judge is known by its number there.
  let judges: ByteNames
  /// nil: any method, or none.
  let methods: ByteNames?
  let condition: LabelCondition?

  /// Why a label doesn't count; nil where it does.
  ///
  /// - Parameters:
  ///   - row: has the columns of `LabelColumn`.
  ///   - position: the label's number in the order of birth.
  func omission(of row: SQLStatement, at position: Int) -> OmissionReason? {
    guard judges.number(of: row.bytes(LabelColumn.judge)) != nil else { return .otherJudge }
    if let methods {
      guard !row.isNull(LabelColumn.method), methods.number(of: row.bytes(LabelColumn.method)) != nil else {
        return .otherMethod
      }
    }
    if let condition, !condition.contains(position) { return .condition }
    return nil
  }
}

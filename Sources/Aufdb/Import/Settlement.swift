// What becomes of a row that comes in: decided here, for every kind of file.
//
//   under its natural key stands   the row that comes in
//   nothing                        is new
//   an equal row                   is passed over, and counted
//   another row of the store       is refused; or, where the import replaces, the old version is retired and it is new
//   another row of this import     is refused: a file can't mean both
//
// What stands there is what the branch's tip sees together with what this import added. An importer that knows that
// nothing can stand there needn't look, nor ask.

/// What stands under the natural key of a row that comes in.
enum Found: Equatable {
  case nothing
  case same
  case other(id: Int64)
}

/// Settles the rows of one importer.
struct Settlement {
  let change: Change
  let replaces: Bool
  /// What else than --replace helps against a conflict; nil where nothing does.
  var alternative: String?

  /// Counts a row that is there as it is, and retires one that is to be replaced.
  ///
  /// The statement that found it must have been reset.
  ///
  /// - Parameter conflict: says what stands there, for an error.
  /// - Returns: whether the row that comes in is to be inserted.
  /// - Throws: `.badData` without a place, where another row stands there and may not be replaced.
  func isToBeInserted(
    _ relation: Relation, _ found: Found, _ report: inout ImportReport, conflict: () -> String
  ) throws -> Bool {
    switch found {
    case .nothing: return true
    case .same:
      report.unchangedCount += 1
      return false
    case .other(let id):
      guard !change.isNew(relation, id) else {
        throw AufdbError(.badData, conflict(), hint: "it stands twice in this import, and the two differ")
      }
      guard replaces else {
        let others = alternative.map { "\($0), or " } ?? ""
        throw AufdbError(.badData, conflict(), hint: "\(others)add --replace to make this its new version")
      }
      try change.retire(relation, id)
      return true
    }
  }
}

// What becomes of a row that comes in: decided here, for every kind of file.
//
//   under its natural key stands   the row that comes in
//   nothing                        is new
//   an equal row                   is passed over, and counted
//   another row of the store       is refused; or, where the import replaces, the old version is retired and it is new
//   another row of this import     is refused: a file can't mean both
//
// What stands there is what the branch's tip sees together with what this import added. An importer that knows that
// nothing can stand there needn't look, nor ask. A row about a prompt that was folded into another (PromptFolding.swift)
// is never refused: where another row stands, that one stays, and the one that comes in is left out, and counted.
//
// A record is one row or several, and enters as a whole or not at all: first everything is decided, which may throw and
// changes nothing, and then all is carried out.

/// What stands under the natural key of a row that comes in.
enum Found: Equatable {
  case nothing
  case same
  case other(id: Int64)
}

/// What was decided about a row.
enum Outcome: Equatable {
  case isNew
  case isThere
  case replaces(id: Int64)
  /// Another row stays in its place.
  case isLeftOut
}

/// Settles the rows of one importer.
struct Settlement {
  let change: Change
  let replaces: Bool
  /// What else than --replace helps against a conflict; nil where nothing does.
  var alternative: String?

  /// Decides about a row; changes nothing.
  ///
  /// - Parameters:
  ///   - isFolded: whether the row is about a prompt that was folded into another.
  ///   - conflict: says what stands there, for an error.
  /// - Throws: `.badData` without a place, where another row stands there and may not be replaced.
  func decide(
    _ relation: Relation, _ found: Found, isFolded: Bool = false, conflict: () -> String
  ) throws(AufdbError) -> Outcome {
    switch found {
    case .nothing: return .isNew
    case .same: return .isThere
    case .other(let id):
      if isFolded { return .isLeftOut }
      guard !change.isNew(relation, id) else { throw Self.twice(conflict()) }
      guard replaces else {
        let others = alternative.map { "\($0), or " } ?? ""
        throw AufdbError(.badData, conflict(), hint: "\(others)add --replace to make this its new version")
      }
      return .replaces(id: id)
    }
  }

  /// The error for a row that another one of this import, or of this very record, contradicts.
  static func twice(_ conflict: String) -> AufdbError {
    AufdbError(.badData, conflict, hint: "it stands twice in this import, and the two differ")
  }

  /// Counts a row that isn't needed, and retires one that is to be replaced.
  ///
  /// The statement that found it must have been reset.
  ///
  /// - Returns: whether the row that comes in is to be inserted.
  func begin(_ relation: Relation, _ outcome: Outcome, _ report: inout ImportReport) throws -> Bool {
    switch outcome {
    case .isNew: return true
    case .isThere:
      report.unchangedCount += 1
      return false
    case .isLeftOut:
      report.leftOutCount += 1
      return false
    case .replaces(let id):
      try change.retire(relation, id)
      return true
    }
  }

  /// Decides about the only row of a record, and begins to carry it out.
  ///
  /// - Returns: whether the row that comes in is to be inserted.
  func isToBeInserted(
    _ relation: Relation, _ found: Found, isFolded: Bool = false, _ report: inout ImportReport,
    conflict: () -> String
  ) throws -> Bool {
    try begin(relation, decide(relation, found, isFolded: isFolded, conflict: conflict), &report)
  }
}

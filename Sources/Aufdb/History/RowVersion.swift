// What the history of rows is told in: versions, and what commits did to them.

/// One version of a row.
public struct RowVersion: Sendable, Equatable {
  public var relation: Relation
  /// In order of `relation.columns`.
  public var values: [SQLValue]
  /// The commit that bore it.
  public var born: Commit
  /// The commit that retired it, of several the first to come to this store; nil while the revision sees it.
  public var retired: Commit?
}

/// What one commit did to one row.
public struct RowEvent: Sendable, Equatable {
  public var commit: Commit
  /// The row as the commit found it and as it left it.
  ///
  /// A merge that keeps one of two versions gives the other one as `old`. They may be equal, where both sides had made
  /// the same of the row.
  public var change: RowChange
}

/// Whose doings count in a history.
public enum HistoryScope: Sendable, Equatable {
  /// Those of a revision and its ancestors.
  case revision(Revision)
  /// Those of every commit in the store.
  case everywhere
}

// Differences between two revisions, lent row by row.

/// Which two commits are compared, as people write it.
public struct DiffRange: Sendable, Equatable {
  public var from: Revision
  /// nil: the head of the current branch.
  public var to: Revision?
  /// Whether `to` is compared with the merge base of the two (`A...B`): what B did since it left A.
  public var isFromMergeBase: Bool

  public init(from: Revision, to: Revision? = nil, isFromMergeBase: Bool = false) {
    self.from = from
    self.to = to
    self.isFromMergeBase = isFromMergeBase
  }
}

extension Store {
  /// Lends every row that differs between two revisions to `body`: relation by relation, in order of the natural key.
  ///
  /// Memory doesn't grow with the number of rows, nor time with what is stored: both depend on what changed.
  ///
  /// - Parameter relations: those to compare; all by default.
  /// - Returns: the two commits that were named.
  /// - Throws: `.refused` for an unknown revision, or a merge base that doesn't exist; whatever `body` throws.
  @discardableResult
  public func diff(
    _ range: DiffRange, relations: Set<Relation> = Set(Relation.allCases), _ body: (RowChange) throws -> Void
  ) throws -> (from: Commit, to: Commit) {
    try lending(to: body) { body in
      try read { connection in
        let difference = try Difference(range, in: connection)
        for relation in try difference.relations() where relations.contains(relation) {
          try difference.forEach(relation, body)
        }
        return try (connection.commit(difference.first), connection.commit(difference.second))
      }
    }
  }
}

extension Difference {
  /// - Throws: `.refused` for an unknown revision, or a merge base that doesn't exist.
  init(_ range: DiffRange, in connection: Connection) throws {
    let (from, to) = try (connection.resolve(range.from), connection.resolve(range.to ?? .head))
    if range.isFromMergeBase { try connection.requireCommonHistory(from, to, range.from, range.to ?? .head) }
    try self.init(from, to, fromCommon: range.isFromMergeBase, in: connection)
  }

  /// Lends the rows of one relation that differ, in order of the natural key.
  func forEach(_ relation: Relation, _ body: (RowChange) throws -> Void) throws {
    let places = try connection.statement(placesSQL(relation))
    let (old, new) = try (RowReader(relation, in: connection), RowReader(relation, in: connection))
    while try places.step() {
      try old.read(places.isNull(0) ? nil : places.integer(0))
      try new.read(places.isNull(1) ? nil : places.integer(1))
      // A row that was given up and came back as it was is no difference.
      guard !old.isEqual(to: new) else { continue }
      try body(RowChange(relation, old: old.values, new: new.values))
    }
  }
}

extension Connection {
  /// - Throws: `.refused` where two commits have no ancestor in common.
  func requireCommonHistory(_ first: Int64, _ second: Int64, _ one: Revision, _ other: Revision) throws {
    guard try Divergence(first, second, in: self).bases.isEmpty else { return }
    throw AufdbError(
      .refused, "'\(one)' and '\(other)' have no history in common", hint: "they began as different stores")
  }
}

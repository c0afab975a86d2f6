// Whether a merge or a revert would leave rows that refer to nothing.

extension Change {
  /// Finds the rows that refer to something that the change leaves without a row.
  ///
  /// - Returns: how many there are.
  /// - Complexity: a scan of everything, and so asked only where prompts, responses or snapshots are taken away; of
  ///   definitions, which name nothing but each other, where definitions are.
  func reportDangling(_ onConflict: (MergeConflict) throws -> Void) throws -> Int {
    let (scansData, scansDefinitions) = try (
      takesAway(anyOf: [.prompts, .responses, .snapshots]), takesAway(anyOf: [.definitions])
    )
    var count = 0
    for relation in Relation.allCases where !relation.missingReferences.isEmpty {
      guard relation == .definitions ? scansDefinitions : scansData else { continue }
      let condition = relation.missingReferences.map { "(\($0))" }.joined(separator: " OR ")
      let rows = try connection.statement("SELECT \(relation.columnList) FROM \(relation.name) WHERE \(condition)")
      while try rows.step() {
        let row = relation.columns.indices.map { rows.value(Int32($0)) }
        var conflict = MergeConflict(relation, base: nil, ours: row, theirs: nil)
        conflict.isDangling = true
        count += 1
        try onConflict(conflict)
      }
    }
    return count
  }

  /// Whether a row of some relations that one of the parents sees, or the change itself retired, is gone.
  private func takesAway(anyOf named: [Relation]) throws -> Bool {
    if named.contains(where: { retiredCount($0) > 0 }) { return true }
    guard let merged else { return false }
    let parts = try [
      Difference(base.sequence, merged.sequence, fromCommon: true, in: connection),
      Difference(merged.sequence, base.sequence, fromCommon: true, in: connection),
    ]
    return try parts.contains { part in
      try part.relations().contains { relation in
        try named.contains(relation)
          && connection.first(
            "SELECT 1 FROM (\(part.placesSQL(relation))) WHERE new_place IS NULL LIMIT 1", read: { _ in true }) != nil
      }
    }
  }
}

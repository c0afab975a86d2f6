// Differences between two revisions, counted.

extension Store {
  /// Counts the rows that differ between two revisions.
  ///
  /// Where rows were only added, as an import does, that is what the commits recorded, and no row is read but labels for
  /// their judges.
  ///
  /// - Parameter relations: those to compare; all by default.
  /// - Throws: `.refused` for an unknown revision, or a merge base that doesn't exist.
  public func diffStat(
    _ range: DiffRange, relations: Set<Relation> = Set(Relation.allCases)
  ) throws -> DiffStat {
    try read { connection in
      let difference = try Difference(range, in: connection)
      var stat = DiffStat()
      for relation in try difference.relations() where relations.contains(relation) {
        guard let count = try difference.addedCount(relation) else {
          try difference.forEach(relation) { stat.count($0) }
          continue
        }
        guard count > 0 else { continue }
        stat.countAdded(relation, count)
        guard relation == .labels else { continue }
        let judges = try difference.addedSQL(relation, "t.judge")
        for (judge, count) in try connection.all(
          "SELECT judge, count(*) FROM (\(judges)) GROUP BY judge", read: { ($0.string(0), Int($0.integer(1))) })
        {
          stat.countAdded(labelsOf: judge, count)
        }
      }
      return stat
    }
  }
}

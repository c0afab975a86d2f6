// Where each relation's row ids go on: the table `relation`, which never lets an id be used twice.

extension Connection {
  /// The next free row id of every relation.
  func nextIDs() throws -> [(Relation, Int64)] {
    let found = Dictionary(
      try all("SELECT code, next_id FROM relation") { (Int($0.integer(0)), $0.integer(1)) },
      uniquingKeysWith: { first, _ in first })
    return try Relation.allCases.map { relation in
      guard let next = found[relation.rawValue], Relation.idRange.contains(next) else {
        throw AufdbError(.badData, "the store is damaged: the next row id of \(relation.name) is missing or impossible")
      }
      return (relation, next)
    }
  }
}

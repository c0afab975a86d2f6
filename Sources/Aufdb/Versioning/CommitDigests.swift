// Computes anew, from the rows in the store, what a commit digested when it was made.

/// What is found of one commit's change of one relation.
struct FoundChange {
  /// As far as the rows tell; retired(R) and its count are those that were recorded, where pruning recorded them.
  var digest: RelationDigest
  /// How many of the rows that it retired are still there.
  var retiredCount: Int
}

/// Reads the rows of one commit after the other. Its statements are prepared once for all of them.
final class CommitDigests {
  private let connection: Connection
  private var bornStatements: [Relation: SQLStatement] = [:]
  private var retiredStatements: [Relation: SQLStatement] = [:]
  private var hasher = CanonicalHasher()

  init(_ connection: Connection) { self.connection = connection }

  /// Reads what a commit did to one relation.
  ///
  /// - Complexity: linear in the rows that it bore and retired.
  func find(_ rows: CommitRows) throws -> FoundChange {
    let (bornCount, born) = try born(rows)
    let (retiredCount, retired) = try retired(rows)
    // Once some of the rows that it retired were pruned, only their digest tells what they were.
    let digest = RelationDigest(
      relation: rows.relation, bornCount: bornCount, born: born,
      retiredCount: rows.retiredDigest == nil ? retiredCount : rows.retiredCount,
      retired: rows.retiredDigest ?? retired)
    return FoundChange(digest: digest, retiredCount: retiredCount)
  }

  private func born(_ rows: CommitRows) throws -> (Int, [UInt8]) {
    guard rows.born != nil else { return (0, hasher.finish()) }
    let statement = try statement(rows.relation, in: &bornStatements, CommitRows.bornSQL)
    rows.bind(born: statement)
    defer { statement.reset() }
    var count = 0
    while try statement.step() {
      hasher.row(rows.relation, statement, from: 1)
      count += 1
    }
    return (count, hasher.finish())
  }

  private func retired(_ rows: CommitRows) throws -> (Int, [UInt8]) {
    let statement = try statement(rows.relation, in: &retiredStatements, CommitRows.retiredSQL)
    rows.bind(retired: statement)
    defer { statement.reset() }
    var digests: [[UInt8]] = []
    var count = 0
    while try statement.step() {
      count += 1
      guard rows.retiredDigest == nil else { continue }
      hasher.row(rows.relation, statement, from: 1)
      digests.append(hasher.finish())
    }
    return (count, RelationDigest.retired(digests))
  }

  private func statement(
    _ relation: Relation, in statements: inout [Relation: SQLStatement], _ sql: (Relation) -> String
  ) throws -> SQLStatement {
    if let statement = statements[relation] { return statement }
    let statement = try connection.statement(sql(relation))
    statements[relation] = statement
    return statement
  }
}

// What one commit does to one relation, as it is written: rows are born into a lane of ids, and retired to the past or,
// while another branch keeps them, apart. schema.sql says what may stand where.

/// The rows of one relation that a commit bears and retires, inside one write transaction.
final class RelationChange {
  let relation: Relation
  private let connection: Connection
  private let commit: Int64
  private let lane: Lane
  private let firstID: Int64
  private var rows: RowWriter?
  private var past: PastPlaces?
  private var retiredDigests: [[UInt8]] = []
  private var hasher = CanonicalHasher()
  private var statements: [String: SQLStatement] = [:]

  /// - Parameters:
  ///   - commit: the commit's number.
  ///   - lane: where its new rows get their ids from.
  init(_ relation: Relation, by commit: Int64, in lane: Lane, of connection: Connection) throws {
    self.relation = relation
    self.connection = connection
    self.commit = commit
    self.lane = lane
    firstID = try connection.nextID(relation, in: lane)
  }

  /// The writer of its new rows.
  func writer() throws -> RowWriter {
    if let rows { return rows }
    let writer = try RowWriter(relation, nextID: firstID, in: connection)
    rows = writer
    return writer
  }

  /// How many rows were added.
  var addedCount: Int { rows?.count ?? 0 }
  var retiredCount: Int { retiredDigests.count }

  /// Whether a row was added by this change itself.
  func isNew(_ id: Int64) -> Bool { id >= firstID && id <= lane.ids.upperBound }

  /// Retires the row version `id`.
  ///
  /// - Parameters:
  ///   - seesPast: whether it may be past already, retired by another branch.
  ///   - isKept: whether the tip of a branch that doesn't descend from the commit goes on seeing it; asked of a live row.
  /// - Returns: false where there is no such row, and nothing was done.
  func retire(_ id: Int64, seesPast: Bool, isKept: () throws -> Bool) throws -> Bool {
    let isLive = try digestRow("place", id)
    guard try isLive || (seesPast && digestRow("past_id", id)) else { return false }
    let isKept = try isLive && isKept()
    if isLive, !isKept {
      try pastPlaces().take(id, retiredBy: commit)
      return true
    }
    try statement("INSERT INTO retirement (commit_seq, relation, row_id, in_live) VALUES (?1, ?2, ?3, ?4)")
      .run(.integer(commit), .integer(Int64(relation.rawValue)), .integer(id), .integer(isKept ? 1 : 0))
    try statement("UPDATE relation SET retired_apart = 1 WHERE code = ?1").run(.integer(Int64(relation.rawValue)))
    return true
  }

  /// Notes in the history what was done.
  ///
  /// - Parameter recorded: what is known of a change some of whose rows were pruned.
  /// - Returns: its digest, as far as the rows tell.
  func finish(recorded: CommitRows? = nil) throws -> RelationDigest {
    let born = rows.flatMap { $0.count > 0 ? $0.firstID...$0.nextID - 1 : nil }
    try connection.insertCommitChange(
      CommitRows(
        relation: relation, commit: commit, born: born, past: past?.taken, addedCount: addedCount,
        retiredCount: recorded?.retiredCount ?? retiredCount, keptDigest: recorded?.keptDigest,
        retiredDigest: recorded?.retiredDigest))
    if let born {
      guard born.upperBound < lane.ids.upperBound else {
        throw AufdbError(.refused, "a branch has used up its 2^40 row versions of \(relation.name)")
      }
      try connection.execute(
        "INSERT OR REPLACE INTO lane VALUES (?1, ?2, ?3)", .integer(Int64(relation.rawValue)), .integer(lane.number),
        .integer(born.upperBound + 1))
    }
    try past?.finish()
    return RelationDigest(
      relation: relation, bornCount: addedCount, born: rows?.finish() ?? hasher.finish(), retiredCount: retiredCount,
      retired: RelationDigest.retired(retiredDigests))
  }

  private func digestRow(_ column: String, _ id: Int64) throws -> Bool {
    let row = try statement("SELECT \(relation.columnList) FROM main.\(relation.table) WHERE \(column) = ?1")
    row.bind(1, id)
    defer { row.reset() }
    guard try row.step() else { return false }
    hasher.row(relation, row, from: 0)
    retiredDigests.append(hasher.finish())
    return true
  }

  private func pastPlaces() throws -> PastPlaces {
    if let past { return past }
    let places = try PastPlaces(relation, in: connection)
    past = places
    return places
  }

  private func statement(_ sql: String) throws -> SQLStatement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.statement(sql)
    statements[sql] = statement
    return statement
  }
}

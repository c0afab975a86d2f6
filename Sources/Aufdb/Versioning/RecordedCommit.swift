// Reading commits one after the other, as verifying does: through statements that are prepared once.

/// A commit without what it did.
struct RecordedCommit {
  let sequence: Int64
  /// As it is recorded, which need not be what the content gives.
  let id: CommitID
  let parents: [Int64]
  let content: CommitContent
  let isPruned: Bool

  /// What to select of commit_log.
  static let columns = "seq, id, author, time, message, operation, change_digest, pruned"

  /// From a row of these columns.
  init(_ row: SQLStatement, parents: [(sequence: Int64, id: CommitID)]) {
    sequence = row.integer(0)
    id = CommitID(row.bytes(1))
    self.parents = parents.map(\.sequence)
    content = CommitContent(
      parents: parents.map(\.id), author: row.string(2), milliseconds: row.integer(3), message: row.string(4),
      operation: row.string(5), changeDigest: Array(row.bytes(6)))
    isPruned = row.integer(7) != 0
  }
}

/// Reads commits by their numbers.
struct RecordedCommitReader {
  private let log: SQLStatement
  private let parents: SQLStatement

  init(_ connection: Connection) throws {
    log = try connection.statement("SELECT \(RecordedCommit.columns) FROM commit_log WHERE seq = ?1")
    parents = try connection.statement(
      """
      SELECT p.seq, p.id FROM commit_parent AS e JOIN commit_log AS p ON p.seq = e.parent_seq
      WHERE e.commit_seq = ?1 ORDER BY e.position
      """)
  }

  /// - Throws: `.badData` where there is no such commit.
  func read(_ sequence: Int64) throws -> RecordedCommit {
    log.bind(1, sequence)
    defer { log.reset() }
    guard try log.step() else { throw Connection.missing(sequence) }
    var found: [(sequence: Int64, id: CommitID)] = []
    try parents.forEach(.integer(sequence)) { found.append(($0.integer(0), CommitID($0.bytes(1)))) }
    return RecordedCommit(log, parents: found)
  }
}

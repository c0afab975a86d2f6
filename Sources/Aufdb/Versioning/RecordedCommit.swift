// Reading commits one after the other, as verifying does: through statements that are prepared once.

/// A commit without what it did.
struct RecordedCommit {
  let sequence: Int64
  /// As it is recorded, which need not be what the content gives.
  let id: CommitID
  let parents: [Int64]
  let content: CommitContent
  let isPruned: Bool
}

/// Reads commits by their numbers.
struct RecordedCommitReader {
  private let log: SQLStatement
  private let parents: SQLStatement

  init(_ connection: Connection) throws {
    log = try connection.statement(
      "SELECT id, author, time, message, operation, change_digest, pruned FROM commit_log WHERE seq = ?1")
    parents = try connection.statement(
      """
      SELECT p.seq, p.id FROM commit_parent AS e JOIN commit_log AS p ON p.seq = e.parent_seq
      WHERE e.commit_seq = ?1 ORDER BY e.position
      """)
  }

  /// - Throws: `.badData` where there is no such commit.
  func read(_ sequence: Int64) throws -> RecordedCommit {
    log.bind(1, sequence)
    parents.bind(1, sequence)
    defer {
      log.reset()
      parents.reset()
    }
    guard try log.step() else {
      throw AufdbError(.badData, "the store is damaged: commit number \(sequence) is missing")
    }
    var (sequences, ids): ([Int64], [CommitID]) = ([], [])
    while try parents.step() {
      sequences.append(parents.integer(0))
      ids.append(CommitID(parents.bytes(1)))
    }
    let content = CommitContent(
      parents: ids, author: log.string(1), milliseconds: log.integer(2), message: log.string(3),
      operation: log.string(4), changeDigest: Array(log.bytes(5)))
    return RecordedCommit(
      sequence: sequence, id: CommitID(log.bytes(0)), parents: sequences, content: content,
      isPruned: log.integer(6) != 0)
  }
}

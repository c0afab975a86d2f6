// A commit as people and scripts see it, and reading commits from the store.

/// One step of a store's history.
public struct Commit: Sendable, Equatable {
  /// How many row versions a commit bore and retired in one relation.
  public struct Change: Sendable, Equatable {
    public var relation: Relation
    public var added: Int
    public var retired: Int
  }

  public var id: CommitID
  /// The parents' ids: none for the first commit, two for a merge.
  public var parents: [CommitID]
  public var author: String
  /// Milliseconds since 1970-01-01 UTC.
  public var milliseconds: Int64
  public var message: String
  /// JSON: {"verb":...,"parameters":{...}}.
  public var operation: String
  public var changes: [Change]
  /// Whether rows that it saw were pruned, so that nobody can read it any more.
  public var isPruned: Bool

  /// Its number in this store.
  var sequence: Int64
  var changeDigest: [UInt8]
}

extension Commit {
  /// The first line of the message.
  public var subject: String {
    String(message.split(maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: \.isNewline).first ?? "")
  }
}

/// Reads commits, one after the other, with statements that are prepared once.
struct CommitReader {
  private let recorded: RecordedCommitReader
  private let changes: SQLStatement

  init(_ connection: Connection) throws {
    recorded = try RecordedCommitReader(connection)
    changes = try connection.statement(
      "SELECT relation, added, retired FROM commit_change WHERE commit_seq = ?1 ORDER BY relation")
  }

  /// Reads the commit of that number.
  func commit(_ sequence: Int64) throws -> Commit {
    let recorded = try recorded.read(sequence)
    let content = recorded.content
    var commit = Commit(
      id: recorded.id, parents: content.parents, author: content.author, milliseconds: content.milliseconds,
      message: content.message, operation: content.operation, changes: [], isPruned: recorded.isPruned,
      sequence: sequence, changeDigest: content.changeDigest)
    try changes.forEach(.integer(sequence)) { row in
      guard let relation = Relation(rawValue: Int(row.integer(0))) else { return }
      commit.changes.append(
        Commit.Change(relation: relation, added: Int(row.integer(1)), retired: Int(row.integer(2))))
    }
    return commit
  }
}

extension Connection {
  /// Reads one commit.
  func commit(_ sequence: Int64) throws -> Commit { try CommitReader(self).commit(sequence) }

  /// What to say where a commit's row isn't there, or its parents can't be.
  static func missing(_ commit: Int64) -> AufdbError {
    AufdbError(.badData, "the store is damaged: commit number \(commit) is missing or has impossible parents")
  }
}

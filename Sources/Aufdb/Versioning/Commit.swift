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

  /// Its number in this store.
  var sequence: Int64
  var changeDigest: [UInt8]
}

extension Connection {
  /// Reads one commit.
  func commit(_ sequence: Int64) throws -> Commit {
    let found = try first(
      "SELECT id, author, time, message, operation, change_digest FROM commit_log WHERE seq = ?1", .integer(sequence)
    ) { row in
      Commit(
        id: CommitID(row.bytes(0)), parents: [], author: row.string(1), milliseconds: row.integer(2),
        message: row.string(3), operation: row.string(4), changes: [], sequence: sequence,
        changeDigest: Array(row.bytes(5)))
    }
    guard var commit = found else {
      throw AufdbError(.badData, "the store is damaged: commit number \(sequence) is missing")
    }
    commit.parents = try all(
      """
      SELECT p.id FROM commit_parent AS e JOIN commit_log AS p ON p.seq = e.parent_seq
      WHERE e.commit_seq = ?1 ORDER BY e.position
      """, .integer(sequence)
    ) { CommitID($0.bytes(0)) }
    commit.changes = try all(
      "SELECT relation, added, retired FROM commit_change WHERE commit_seq = ?1 ORDER BY relation", .integer(sequence)
    ) { row in
      Relation(rawValue: Int(row.integer(0))).map {
        Commit.Change(relation: $0, added: Int(row.integer(1)), retired: Int(row.integer(2)))
      }
    }.compactMap(\.self)
    return commit
  }
}

extension Store {
  /// The commits that `revision` descends from, itself first, then the newest first.
  ///
  /// - Parameters:
  ///   - revision: nil for the head of the current branch.
  ///   - limit: at most so many; nil for all.
  /// - Complexity: linear in the number of ancestors.
  public func log(_ revision: Revision? = nil, limit: Int? = nil) throws -> [Commit] {
    try read { connection in
      let tip = try connection.resolve(revision ?? .head)
      let sequences = try connection.ancestors(of: tip).reversed()
      return try sequences.prefix(max(0, limit ?? .max)).map { try connection.commit($0) }
    }
  }

  /// The commit that a revision names.
  public func commit(_ revision: Revision) throws -> Commit {
    try read { try $0.commit($0.resolve(revision)) }
  }
}

// Writing commits one after the other: through statements that are prepared once.

/// Writes what commits say, and what they descend from.
struct CommitWriter {
  private let log: SQLStatement
  private let edges: SQLStatement

  init(_ connection: Connection) throws {
    log = try connection.statement("INSERT INTO commit_log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)")
    edges = try connection.statement("INSERT INTO commit_parent VALUES (?1, ?2, ?3)")
  }

  /// - Parameters:
  ///   - id: the content's, as the caller knows or promises.
  ///   - parents: the parents' numbers, in the content's order.
  func write(_ content: CommitContent, id: CommitID, sequence: Int64, parents: [Int64]) throws {
    try log.run(
      .integer(sequence), .blob(id.bytes), .text(content.author), .integer(content.milliseconds),
      .text(content.message), .text(content.operation), .blob(content.changeDigest))
    for (position, parent) in parents.enumerated() {
      try edges.run(.integer(sequence), .integer(Int64(position)), .integer(parent))
    }
  }
}

// A change in the making: the rows that the next commit bears and retires, inside one write transaction.

/// Who commits, where and when.
public struct CommitContext: Sendable {
  /// The branch to commit to; nil for the current one.
  public var branch: String?
  public var author: String
  /// Milliseconds since 1970-01-01 UTC.
  public var milliseconds: Int64
  /// Replaces the message that the verb would write.
  public var message: String?

  public init(branch: String? = nil, author: String, milliseconds: Int64, message: String? = nil) {
    self.branch = branch
    self.author = author
    self.milliseconds = milliseconds
    self.message = message
  }
}

/// What is being changed. The relations' names show the branch's tip together with the rows added so far.
final class Change {
  let connection: Connection
  /// The commit that it goes on top of.
  let base: Commit
  /// The other parent, for a merge: the relations' names show what both see together.
  let merged: Commit?
  let branch: String
  let sequence: Int64

  /// Whether rows that it may retire can be past.
  private let seesPast: Bool
  /// By relation.code less 1.
  private let relations: [RelationChange]
  private var otherTips: TipReach?
  private var statements: [String: SQLStatement] = [:]

  /// - Parameters:
  ///   - branch: the branch to commit to; nil for the current one.
  ///   - second: a commit to merge into it.
  init(branch: String?, merging second: Int64? = nil, in connection: Connection) throws {
    self.connection = connection
    let name = try branch ?? connection.currentBranch()
    let tip = try connection.first(
      "SELECT commit_seq, sees_past, lane FROM ref WHERE name = ?1 AND kind = 'branch'", .text(name)
    ) { ($0.integer(0), $0.integer(1), $0.integer(2)) }
    guard let (tip, seesPast, lane) = tip else { throw try connection.unknown(.branch, name) }
    self.branch = name
    base = try connection.commit(tip)
    merged = try second.map { try connection.commit($0) }
    let visibility = try Self.visibility(of: tip, seesPast: seesPast != 0, merging: second, in: connection)
    self.seesPast = visibility.seesPast
    let sequence = try connection.integer("SELECT ifnull(max(seq), 0) + 1 FROM commit_log")
    self.sequence = sequence
    let ids = try Lane(lane)
    relations = try Relation.allCases.map { try RelationChange($0, by: sequence, in: ids, of: connection) }
    try visibility.install(in: connection, pending: (sequence, ids), showsIDs: true)
  }

  private static func visibility(
    of tip: Int64, seesPast: Bool, merging second: Int64?, in connection: Connection
  ) throws -> Visibility {
    guard let second else { return try Visibility(tip, isTip: !seesPast, in: connection) }
    let commits = try Set(connection.ancestors(of: tip)).union(connection.ancestors(of: second)).sorted()
    return try Visibility(commits: commits, seesPast: seesPast || !connection.isLiveTip(second), in: connection)
  }

  /// The writer of a relation's new rows.
  func writer(_ relation: Relation) throws -> RowWriter { try self[relation].writer() }

  private subscript(relation: Relation) -> RelationChange { relations[relation.rawValue - 1] }

  /// A statement that is prepared once for the whole change. Whoever steps it resets it.
  func statement(_ sql: String) throws -> SQLStatement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.statement(sql)
    statements[sql] = statement
    return statement
  }

  /// Whether a row was added by this change itself.
  func isNew(_ relation: Relation, _ id: Int64) -> Bool { self[relation].isNew(id) }

  /// Retires the row version `id`, which the branch's tip sees.
  func retire(_ relation: Relation, _ id: Int64) throws {
    guard !isNew(relation, id) else {
      throw AufdbError(.internalDefect, "a row was to be added and retired in one commit")
    }
    guard try self[relation].retire(id, seesPast: seesPast, isKept: { try othersSee(relation, id) }) else {
      throw AufdbError(.badData, "the store is damaged: \(relation.name) row \(id) is missing")
    }
  }

  private func othersSee(_ relation: Relation, _ id: Int64) throws -> Bool {
    let tips = try otherTips ?? TipReach(except: branch, in: connection)
    otherTips = tips
    return try tips.seesLive(relation, id)
  }

  /// Whether anything was added or retired.
  var isEmpty: Bool { relations.allSatisfy { $0.addedCount + $0.retiredCount == 0 } }

  /// How many rows were added to a relation.
  func addedCount(_ relation: Relation) -> Int { self[relation].addedCount }
  func retiredCount(_ relation: Relation) -> Int { self[relation].retiredCount }

  /// Writes the commit and moves the branch to it.
  func finish(message: String, operation: String, author: String, milliseconds: Int64) throws -> Commit {
    let digests = try relations.filter { $0.addedCount + $0.retiredCount > 0 }.map { try $0.finish() }
    if merged != nil, seesPast {
      try connection.execute("UPDATE ref SET sees_past = 1 WHERE name = ?1", .text(branch))
    }
    return try connection.insertCommit(
      sequence, parents: [base] + (merged.map { [$0] } ?? []), branch: branch, author: author,
      milliseconds: milliseconds, message: message,
      operation: operation, changeDigest: RelationDigest.changeDigest(digests))
  }
}

extension Connection {
  /// Stores what a commit did to one relation.
  func insertCommitChange(_ rows: CommitRows) throws {
    func value(_ number: Int64?) -> SQLValue { number.map { .integer($0) } ?? .null }
    try execute(
      "INSERT INTO commit_change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", .integer(rows.commit),
      .integer(Int64(rows.relation.rawValue)), value(rows.born?.lowerBound), value(rows.born?.upperBound),
      .integer(Int64(rows.addedCount)), value(rows.past?.lowerBound), value(rows.past?.upperBound),
      .integer(Int64(rows.retiredCount)), rows.keptDigest.map { .blob($0) } ?? .null,
      rows.retiredDigest.map { .blob($0) } ?? .null)
  }

  /// Stores a commit, whose rows are in place, and moves `branch` from its first parent to it.
  func insertCommit(
    _ sequence: Int64, parents: [Commit], branch: String, author: String, milliseconds: Int64, message: String,
    operation: String, changeDigest: [UInt8]
  ) throws -> Commit {
    var content = CommitContent(
      parents: parents.map(\.id), author: author, milliseconds: milliseconds, message: message, operation: operation,
      changeDigest: changeDigest)
    var id: CommitID
    // Two commits of one content made in one millisecond would be the same commit; a store holds each id once.
    repeat {
      id = content.id
      if try integer("SELECT count(*) FROM commit_log WHERE id = ?1", .blob(id.bytes)) == 0 { break }
      content.milliseconds += 1
    } while true
    try CommitWriter(self).write(content, id: id, sequence: sequence, parents: parents.map(\.sequence))
    if let base = parents.first {
      try execute(
        "UPDATE ref SET commit_seq = ?2 WHERE name = ?1 AND kind = 'branch' AND commit_seq = ?3", .text(branch),
        .integer(sequence), .integer(base.sequence))
    } else {
      try execute(
        "INSERT INTO ref (name, kind, commit_seq, lane) VALUES (?1, 'branch', ?2, ?3)", .text(branch),
        .integer(sequence), .integer(takeLane().number))
    }
    guard try integer("SELECT changes()") == 1 else {
      throw AufdbError(.busy, "the branch '\(branch)' has moved meanwhile", hint: "run it again")
    }
    if parents.count > 1 {
      // What the other side retired, this branch kept until now.
      try sweepPast(retiredBy: Divergence(parents[0].sequence, parents[1].sequence, in: self).onlySecond)
    }
    try refreshHeadViews()
    return try commit(sequence)
  }
}

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
  let branch: String
  let sequence: Int64

  private let isBaseInPast: Bool
  private var writers: [Relation: RowWriter] = [:]
  private var retiredDigests: [Relation: [[UInt8]]] = [:]
  private var nextIDs: [Relation: Int64] = [:]
  private var otherTips: [Visibility]?
  private var hasher = CanonicalHasher()
  private var statements: [String: SQLStatement] = [:]

  init(branch: String?, in connection: Connection) throws {
    self.connection = connection
    let name = try branch ?? connection.currentBranch()
    let tip = try connection.first(
      "SELECT commit_seq, sees_past FROM ref WHERE name = ?1 AND kind = 'branch'", .text(name)
    ) { ($0.integer(0), $0.integer(1)) }
    guard let (tip, seesPast) = tip else { throw AufdbError(.refused, "there is no branch '\(name)'") }
    self.branch = name
    isBaseInPast = seesPast != 0
    base = try connection.commit(tip)
    sequence = try connection.integer("SELECT ifnull(max(seq), 0) + 1 FROM commit_log")
    for (relation, next) in try connection.nextIDs() { nextIDs[relation] = next }
    try connection.visibility(of: tip).install(in: connection, pending: sequence, showsIDs: true)
  }

  /// The writer of a relation's new rows.
  func writer(_ relation: Relation) throws -> RowWriter {
    if let writer = writers[relation] { return writer }
    guard let next = nextIDs[relation] else {
      throw AufdbError(.badData, "the store is damaged: the relation \(relation.name) is missing")
    }
    let writer = try RowWriter(relation, nextID: next, in: connection)
    writers[relation] = writer
    return writer
  }

  /// A statement that is prepared once for the whole change. Whoever steps it resets it.
  func statement(_ sql: String) throws -> SQLStatement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.statement(sql)
    statements[sql] = statement
    return statement
  }

  /// Whether a row was added by this change itself.
  func isNew(_ relation: Relation, _ id: Int64) -> Bool { id >= nextIDs[relation] ?? .max }

  /// Retires the row version `id`, which the branch's tip sees.
  func retire(_ relation: Relation, _ id: Int64) throws {
    guard !isNew(relation, id) else {
      throw AufdbError(.internalDefect, "a row was to be added and retired in one commit")
    }
    let inLive = try digestRow(relation, id, table: relation.liveTable)
    guard try inLive || (isBaseInPast && digestRow(relation, id, table: relation.pastTable)) else {
      throw AufdbError(.badData, "the store is damaged: \(relation.name) row \(id) is missing")
    }
    let isKept = try inLive && othersSee(relation, id)
    try statement("INSERT INTO retirement (commit_seq, relation, row_id, in_live) VALUES (?1, ?2, ?3, ?4)")
      .run(
        .integer(sequence), .integer(Int64(relation.rawValue)), .integer(id), .integer(isKept ? 1 : 0))
    if isKept || !inLive {
      try statement("UPDATE relation SET retired_apart = 1 WHERE code = ?1").run(.integer(Int64(relation.rawValue)))
    } else {
      try moveToPast(relation, id)
    }
  }

  private func digestRow(_ relation: Relation, _ id: Int64, table: String) throws -> Bool {
    let row = try statement("SELECT \(relation.columnList) FROM main.\(table) WHERE id = ?1")
    row.bind(1, id)
    defer { row.reset() }
    guard try row.step() else { return false }
    hasher.row(row, from: 0, count: relation.columns.count)
    retiredDigests[relation, default: []].append(hasher.finish())
    return true
  }

  private func othersSee(_ relation: Relation, _ id: Int64) throws -> Bool {
    if otherTips == nil {
      otherTips = try connection.all(
        "SELECT DISTINCT commit_seq FROM ref WHERE kind = 'branch' AND name <> ?1", .text(branch)
      ) { $0.integer(0) }.map { try connection.visibility(of: $0) }
    }
    return try otherTips?.contains { try $0.containsLive(relation, id, in: connection) } ?? false
  }

  private func moveToPast(_ relation: Relation, _ id: Int64) throws {
    let columns = "id, \(relation.columnList)"
    let (live, past) = ("main.\(relation.liveTable)", "main.\(relation.pastTable)")
    try statement(
      "INSERT INTO \(past) (\(columns), retired_by) SELECT \(columns), ?2 FROM \(live) WHERE id = ?1"
    ).run(.integer(id), .integer(sequence))
    try statement("DELETE FROM \(live) WHERE id = ?1").run(.integer(id))
    try statement("UPDATE retirement SET in_live = 0 WHERE relation = ?1 AND row_id = ?2 AND in_live = 1")
      .run(.integer(Int64(relation.rawValue)), .integer(id))
  }

  /// Whether anything was added or retired.
  var isEmpty: Bool { retiredDigests.isEmpty && writers.values.allSatisfy { $0.count == 0 } }

  /// How many rows were added to a relation.
  func addedCount(_ relation: Relation) -> Int { writers[relation]?.count ?? 0 }
  func retiredCount(_ relation: Relation) -> Int { retiredDigests[relation]?.count ?? 0 }

  /// Writes the commit and moves the branch to it.
  func finish(message: String, operation: String, author: String, milliseconds: Int64) throws -> Commit {
    var digests: [RelationDigest] = []
    for relation in Relation.allCases {
      let (added, retired) = (addedCount(relation), retiredCount(relation))
      guard added + retired > 0 else { continue }
      digests.append(
        RelationDigest(
          relation: relation, bornCount: added, born: writers[relation]?.finish() ?? hasher.finish(),
          retiredCount: retired, retired: RelationDigest.retired(retiredDigests[relation] ?? [])))
      let writer = added > 0 ? writers[relation] : nil
      try connection.execute(
        "INSERT INTO commit_change VALUES (?1, ?2, ?3, ?4, ?5, ?6)", .integer(sequence),
        .integer(Int64(relation.rawValue)), writer.map { .integer($0.firstID) } ?? .null,
        writer.map { .integer($0.nextID - 1) } ?? .null, .integer(Int64(added)), .integer(Int64(retired)))
      if let writer {
        try connection.execute(
          "UPDATE relation SET next_id = ?2 WHERE code = ?1", .integer(Int64(relation.rawValue)),
          .integer(writer.nextID))
      }
    }
    return try connection.insertCommit(
      sequence, parents: [base], branch: branch, author: author, milliseconds: milliseconds, message: message,
      operation: operation, changeDigest: RelationDigest.changeDigest(digests))
  }
}

extension Connection {
  /// Stores a commit, whose rows are in place, and moves `branch` from its first parent to it.
  func insertCommit(
    _ sequence: Int64, parents: [Commit], branch: String, author: String, milliseconds: Int64, message: String,
    operation: String, changeDigest: [UInt8]
  ) throws -> Commit {
    var milliseconds = milliseconds
    var id: CommitID
    // Two commits of one content made in one millisecond would be the same commit; a store holds each id once.
    repeat {
      id = CommitID(
        parents: parents.map(\.id), author: author, milliseconds: milliseconds, message: message, operation: operation,
        changeDigest: changeDigest)
      if try integer("SELECT count(*) FROM commit_log WHERE id = ?1", .blob(id.bytes)) == 0 { break }
      milliseconds += 1
    } while true
    try execute(
      "INSERT INTO commit_log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", .integer(sequence), .blob(id.bytes), .text(author),
      .integer(milliseconds), .text(message), .text(operation), .blob(changeDigest))
    for (position, parent) in parents.enumerated() {
      try execute(
        "INSERT INTO commit_parent VALUES (?1, ?2, ?3)", .integer(sequence), .integer(Int64(position)),
        .integer(parent.sequence))
    }
    if let base = parents.first {
      try execute(
        "UPDATE ref SET commit_seq = ?2 WHERE name = ?1 AND kind = 'branch' AND commit_seq = ?3", .text(branch),
        .integer(sequence), .integer(base.sequence))
    } else {
      try execute(
        "INSERT INTO ref (name, kind, commit_seq) VALUES (?1, 'branch', ?2)", .text(branch), .integer(sequence))
    }
    guard try integer("SELECT changes()") == 1 else {
      throw AufdbError(.busy, "the branch '\(branch)' has moved meanwhile", hint: "run it again")
    }
    try refreshHeadViews()
    return try commit(sequence)
  }
}

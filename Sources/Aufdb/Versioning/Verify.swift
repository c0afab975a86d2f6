// Verify: is the store what its history says? Everything is computed anew from the rows.
//
// Checked: SQLite's own integrity; the schema; every commit's change digest and id; that every row version belongs to
// exactly one commit and every retirement to a row; that natural keys stand once at each branch's tip; that what a
// tip's rows refer to is there.

/// What a verification found.
public struct VerifyReport: Sendable, Equatable {
  public var commitCount = 0
  public var rowCount = 0
  /// What is wrong, one line each; empty for a sound store. At most 100.
  public var problems: [String] = []

  public var isSound: Bool { problems.isEmpty }
}

extension Store {
  /// Recomputes the store's history from its rows and checks its invariants.
  ///
  /// - Returns: what is wrong, if anything; a damaged store is a finding here, not an error.
  /// - Complexity: reads everything once, and sorts the natural keys.
  public func verify(progress: ((_ commits: Int, _ of: Int) -> Void)? = nil) throws -> VerifyReport {
    try read { connection in
      var verification = Verification(connection: connection)
      do {
        try verification.run(progress: progress)
      } catch let error as AufdbError where error.kind == .badData {
        verification.report.problems.append(error.description)
      }
      verification.report.problems = Array(verification.report.problems.prefix(100))
      return verification.report
    }
  }
}

private struct Verification {
  let connection: Connection
  var report = VerifyReport()

  mutating func run(progress: ((Int, Int) -> Void)?) throws {
    try checkIntegrity()
    try checkSchema()
    try checkCommits(progress: progress)
    try checkRows()
    let tips = try connection.all("SELECT name, commit_seq FROM ref WHERE kind = 'branch' ORDER BY name") {
      ($0.string(0), $0.integer(1))
    }
    for (branch, sequence) in tips {
      try connection.visibility(of: sequence).install(in: connection)
      try checkKeys(branch)
      try checkReferences(branch)
    }
  }

  private mutating func problem(_ text: String) { report.problems.append(text) }

  /// Adds a problem with the number of rows that a query counts, if there are any.
  private mutating func refuteAll(_ sql: String, _ text: (Int64) -> String) throws {
    let count = try connection.integer(sql)
    if count > 0 { problem(text(count)) }
  }

  private mutating func checkIntegrity() throws {
    let lines = try connection.all("PRAGMA integrity_check(20)") { $0.string(0) }
    for line in lines where line != "ok" { problem("SQLite: \(line)") }
  }

  private mutating func checkSchema() throws {
    let known = try Schema.objects()
    let found = Dictionary(
      uniqueKeysWithValues: try connection.all("SELECT name, ifnull(sql, '') FROM main.sqlite_schema") {
        ($0.string(0), $0.string(1))
      })
    for (name, sql) in known.sorted(by: { $0.key < $1.key }) where found[name] != sql {
      problem("the schema's '\(name)' is \(found[name] == nil ? "missing" : "changed")")
    }
    for name in found.keys.sorted() where known[name] == nil && !name.hasPrefix("sqlite_") {
      problem("the schema has '\(name)', which is none of aufdb's")
    }
  }

  private mutating func checkCommits(progress: ((Int, Int) -> Void)?) throws {
    let sequences = try connection.all("SELECT seq FROM commit_log ORDER BY seq") { $0.integer(0) }
    for (index, sequence) in sequences.enumerated() {
      let commit = try connection.commit(sequence)
      let digests = try CommitDigests(connection: connection, sequence: sequence).digests()
      report.rowCount += digests.reduce(0) { $0 + $1.bornCount }
      let recorded = commit.changes.map { "\($0.relation.name) +\($0.added) -\($0.retired)" }
      let counted = digests.map { "\($0.relation.name) +\($0.bornCount) -\($0.retiredCount)" }
      if recorded != counted {
        problem("commit \(commit.id.short): it recorded \(recorded), and there are \(counted)")
      } else if RelationDigest.changeDigest(digests) != commit.changeDigest {
        problem("commit \(commit.id.short): its rows are not those that it recorded")
      }
      let id = CommitID(
        parents: commit.parents, author: commit.author, milliseconds: commit.milliseconds, message: commit.message,
        operation: commit.operation, changeDigest: commit.changeDigest)
      if id != commit.id { problem("commit \(commit.id.short): its content gives the id \(id.short)") }
      report.commitCount += 1
      progress?(index + 1, sequences.count)
    }
    try refuteAll("SELECT count(*) FROM commit_parent WHERE parent_seq >= commit_seq") {
      "\($0) commits come before a parent of theirs"
    }
    try refuteAll(
      """
      SELECT count(*) FROM commit_parent AS e WHERE NOT EXISTS (SELECT 1 FROM commit_log WHERE seq = e.commit_seq)
        OR NOT EXISTS (SELECT 1 FROM commit_log WHERE seq = e.parent_seq)
      """
    ) { "\($0) parents of commits are missing" }
    try refuteAll("SELECT count(*) FROM ref WHERE commit_seq NOT IN (SELECT seq FROM commit_log)") {
      "\($0) branches or tags name no commit"
    }
    let branch = try connection.currentBranch()
    if try connection.integer("SELECT count(*) FROM ref WHERE kind = 'branch' AND name = ?1", .text(branch)) == 0 {
      problem("the current branch '\(branch)' is missing")
    }
  }

  private mutating func checkRows() throws {
    for relation in Relation.allCases {
      let (live, past, code) = ("main.\(relation.liveTable)", "main.\(relation.pastTable)", relation.rawValue)
      let stored = try connection.integer("SELECT (SELECT count(*) FROM \(live)) + (SELECT count(*) FROM \(past))")
      let recorded = try connection.integer("SELECT ifnull(sum(added), 0) FROM commit_change WHERE relation = \(code)")
      if stored != recorded { problem("\(relation.name): \(stored) row versions, but commits bore \(recorded)") }
      try refuteAll("SELECT count(*) FROM \(live) AS l JOIN \(past) AS p ON p.id = l.id") {
        "\(relation.name): \($0) row versions stand in both tables"
      }
      try refuteAll(
        """
        SELECT count(*) FROM (SELECT last_id, lead(first_id) OVER (ORDER BY first_id) AS next FROM commit_change
          WHERE relation = \(code) AND first_id IS NOT NULL) WHERE next <= last_id
        """
      ) { "\(relation.name): \($0) runs of row ids overlap" }
      try refuteAll(
        "SELECT count(*) FROM \(past) AS p WHERE NOT EXISTS "
          + "(SELECT 1 FROM retirement WHERE relation = \(code) AND row_id = p.id)"
      ) { "\(relation.name): \($0) past row versions were never retired" }
      try refuteAll(
        """
        SELECT count(*) FROM retirement AS r WHERE relation = \(code)
          AND NOT EXISTS (SELECT 1 FROM \(live) WHERE id = r.row_id AND r.in_live = 1)
          AND NOT EXISTS (SELECT 1 FROM \(past) WHERE id = r.row_id AND r.in_live = 0)
        """
      ) { "\(relation.name): \($0) retired row versions are not where they should be" }
      try refuteAll(
        """
        SELECT count(*) FROM relation WHERE code = \(code) AND next_id <= (SELECT max(
          ifnull((SELECT max(id) FROM \(live)), 0), ifnull((SELECT max(id) FROM \(past)), 0)))
        """
      ) { _ in "\(relation.name): the next row id is one that is used" }
    }
  }

  private mutating func checkKeys(_ branch: String) throws {
    for relation in Relation.allCases {
      let key = relation.keyExpressions.joined(separator: ", ")
      try refuteAll("SELECT count(*) FROM (SELECT 1 FROM \(relation.name) GROUP BY \(key) HAVING count(*) > 1)") {
        "branch \(branch): \($0) keys of \(relation.name) stand more than once"
      }
    }
  }

  private mutating func checkReferences(_ branch: String) throws {
    func isMissing(_ columns: String, from parent: String, _ parentColumns: String) -> String {
      "(\(columns)) NOT IN (SELECT \(parentColumns) FROM \(parent))"
    }
    let response = "prompt_id, model, sample"
    let checks: [(Relation, String)] = [
      (.responses, isMissing("prompt_id", from: "prompts", "prompt_id")),
      (.scores, isMissing(response, from: "responses", response)),
      (.estimates, isMissing(response, from: "responses", response)),
      (.estimates, isMissing("snapshot", from: "snapshots", "snapshot")),
      (.embeddings, "model IS NOT NULL AND " + isMissing(response, from: "responses", response)),
      (.embeddings, "model IS NULL AND " + isMissing("prompt_id", from: "prompts", "prompt_id")),
      (.selections, isMissing("prompt_id, first_model, first_sample", from: "responses", response)),
      (.selections, isMissing("prompt_id, second_model, second_sample", from: "responses", response)),
      (.labels, isMissing("prompt_id, chosen_model, chosen_sample", from: "responses", response)),
      (.labels, isMissing("prompt_id, rejected_model, rejected_sample", from: "responses", response)),
    ]
    for (relation, condition) in checks {
      try refuteAll("SELECT count(*) FROM \(relation.name) WHERE \(condition)") {
        "branch \(branch): \($0) \(relation.name) refer to what isn't there"
      }
    }
  }
}

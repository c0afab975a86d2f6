// What a revision sees: which row versions of each relation, as id runs less retirements (schema.sql says why).
// VisibilityViews.swift puts it to use.

/// The set of row versions that one commit sees.
struct Visibility {
  /// The commit's number and its ancestors', ascending.
  let commits: [Int64]
  /// For each relation, disjoint runs of ids in ascending order, as long as they can be.
  let runs: [Relation: [ClosedRange<Int64>]]
  /// Whether some of its rows may be past.
  let seesPast: Bool
  /// For each relation, a place below which no past row is seen.
  let pastStart: [Relation: Int64]
  /// Relations of which it hides rows that are live still, because it retired what another branch keeps.
  let hidesLive: Set<Relation>
  /// Relations of which a row version may have been retired more than once, on different branches.
  let retiredApart: Set<Relation>

  /// Whether the commits are all from the first to the last: then whatever became past after the last is seen if it
  /// was born.
  var isLinear: Bool { commits.first == 1 && commits.last == Int64(commits.count) }

  /// - Parameter isTip: whether the commit is the tip of a branch all of whose rows are live.
  init(_ commit: Int64, isTip: Bool, in connection: Connection) throws {
    try self.init(commits: connection.ancestors(of: commit), seesPast: !isTip, in: connection)
  }

  /// What all of some commits see together: with each commit its ancestors are among them, and they are ascending.
  init(commits: [Int64], seesPast: Bool, in connection: Connection) throws {
    self.commits = commits
    self.seesPast = seesPast
    let ancestors = Set(commits)
    // How many commits, from the first on, are all seen: what they retired isn't.
    var linearEnd = commits.count
    while linearEnd > 0, commits[linearEnd - 1] != Int64(linearEnd) { linearEnd -= 1 }

    var runs: [Relation: [ClosedRange<Int64>]] = [:]
    var pastStart: [Relation: Int64] = [:]
    let statement = try connection.statement(
      "SELECT relation, first_id, last_id, commit_seq, last_past FROM commit_change ORDER BY relation, first_id")
    while try statement.step() {
      let commit = statement.integer(3)
      guard ancestors.contains(commit), let relation = Relation(rawValue: Int(statement.integer(0))) else { continue }
      if commit <= linearEnd, !statement.isNull(4) {
        guard (Relation.firstPast..<0).contains(statement.integer(4)) else {
          throw AufdbError(.badData, "the store is damaged: a commit has an impossible run of past places")
        }
        pastStart[relation] = max(statement.integer(4) + 1, pastStart[relation] ?? Relation.firstPast)
      }
      guard !statement.isNull(1) else { continue }
      let (first, last) = (statement.integer(1), statement.integer(2))
      guard Relation.idRange.contains(first), Relation.idRange.contains(last), first <= last else {
        throw AufdbError(.badData, "the store is damaged: a commit has an impossible run of row ids")
      }
      runs[relation, default: []].appendRun(first...last)
    }
    self.runs = runs
    self.pastStart = pastStart
    retiredApart = try connection.relationsRetiredApart()
    hidesLive = Set(
      try connection.all("SELECT DISTINCT relation, commit_seq FROM retirement WHERE in_live = 1") {
        (Relation(rawValue: Int($0.integer(0))), $0.integer(1))
      }.compactMap { ancestors.contains($1) ? $0 : nil })
  }
}

extension Connection {
  /// The relations of which a branch retired a row that another one kept, so that `retirement` may know more than the
  /// rows themselves.
  func relationsRetiredApart() throws -> Set<Relation> {
    let codes = try all("SELECT code FROM relation WHERE retired_apart <> 0") { Int($0.integer(0)) }
    return Set(codes.compactMap(Relation.init))
  }

  /// What the commit `sequence` sees.
  ///
  /// - Throws: `.refused` for a pruned commit.
  func visibility(of sequence: Int64) throws -> Visibility {
    try requireWhole(sequence)
    return try Visibility(sequence, isTip: isLiveTip(sequence), in: self)
  }

  /// Whether a commit is the tip of a branch all of whose rows are live.
  func isLiveTip(_ sequence: Int64) throws -> Bool {
    try integer(
      "SELECT count(*) FROM ref WHERE kind = 'branch' AND commit_seq = ?1 AND sees_past = 0", .integer(sequence)) > 0
  }
}

extension Store {
  /// Lends a connection whose relations are what `revision` sees.
  ///
  /// - Parameters:
  ///   - relations: those that are read; of others, it isn't said what they are.
  ///   - showsIDs: whether every relation has the row's `id` as its first column.
  func read<T>(
    at revision: Revision, only relations: Set<Relation> = Set(Relation.allCases), showsIDs: Bool = false,
    _ body: (Connection, Commit) throws -> T
  ) throws -> T {
    try read { connection in
      let sequence = try connection.resolve(revision)
      try connection.visibility(of: sequence).install(relations, in: connection, showsIDs: showsIDs)
      return try body(connection, connection.commit(sequence))
    }
  }
}

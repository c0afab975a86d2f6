// Writes a salvaged history into a new store, inside the transaction that makes it.
//
// First come all commits' places in history, then branches and tags: so it is known which branch sees what when the rows
// come. Then each commit is written as if it were made here, as a bundle's are (BundleReceiver.swift). An exact commit
// keeps its id. Any other is made anew of what is left, on top of what became of its parents, with its author, time and
// message; its message and operation say which commit it was and what is lost, and its id is that of its new content.

/// Writes one new store.
final class SalvageWriter {
  private let plan: SalvagePlan
  private let scratch: Connection
  private let connection: Connection
  private let options: SalvageOptions
  private(set) var maps: [Relation: RowMap] = [:]
  private var ids: [CommitID] = []
  private var statements: [String: SQLStatement] = [:]
  private var counts: [Relation: SalvageReport.Rows] = [:]
  private(set) var report = SalvageReport()
  /// How many rows of the damaged store are here.
  var copiedCount: Int { counts.values.reduce(0) { $0 + $1.proven + $1.unproven } }

  init(_ plan: SalvagePlan, from scratch: Connection, to connection: Connection, _ options: SalvageOptions) {
    (self.plan, self.scratch, self.connection, self.options) = (plan, scratch, connection, options)
  }

  /// Writes all commits, branches and tags.
  func write(progress: ((_ commits: Int, _ of: Int) -> Void)?) throws {
    try insertHistory()
    try insertRefs()
    if plan.commits.isEmpty { try insertRoot() }
    let reach = try TipReach(in: connection)
    for index in plan.commits.indices {
      try write(index, reach)
      progress?(index + 1, plan.commits.count)
    }
    report.rows = Relation.allCases.compactMap { counts[$0] }
    report.losses = plan.refs.losses
  }

  /// The number of a commit in the new store.
  private func number(_ index: Int) -> Int64 { Int64(index + 1) }

  private func insertHistory() throws {
    // Its content comes later, when it is known; until then each has an id that is none.
    let zeros = Array(repeating: UInt8(0), count: 32)
    let nothing = CommitContent(
      parents: [], author: "", milliseconds: 0, message: "", operation: "", changeDigest: zeros)
    let writer = try CommitWriter(connection)
    for (index, commit) in plan.commits.enumerated() {
      let placeholder = zeros[..<24] + withUnsafeBytes(of: number(index).bigEndian, Array.init)
      try writer.write(
        nothing, id: CommitID(Array(placeholder)), sequence: number(index), parents: commit.parents.map(number))
    }
  }

  /// A store in which no commit can be found begins anew.
  private func insertRoot() throws {
    let context = options.context
    _ = try connection.insertCommit(
      1, parents: [], branch: plan.refs.currentBranch, author: context.author, milliseconds: context.milliseconds,
      message: "Create the store", operation: Operation("init").json, changeDigest: RelationDigest.changeDigest([]))
  }

  private func insertRefs() throws {
    let insert = try connection.statement("INSERT INTO ref (name, kind, commit_seq, lane) VALUES (?1, ?2, ?3, ?4)")
    for branch in plan.refs.branches {
      try insert.run(
        .text(branch.name), .text(Ref.Kind.branch.rawValue), .integer(number(branch.commit)),
        .integer(branch.lane.number))
    }
    for tag in plan.refs.tags {
      try insert.run(.text(tag.name), .text(Ref.Kind.tag.rawValue), .integer(number(tag.commit)), .null)
    }
    let set = try connection.statement("UPDATE setting SET value = ?2 WHERE name = ?1")
    try set.run(.text("current_branch"), .text(plan.refs.currentBranch))
    try set.run(.text("next_lane"), .integer(plan.refs.nextLane))
  }

  private func write(_ index: Int, _ reach: TipReach) throws {
    let commit = plan.commits[index]
    var digests: [RelationDigest] = []
    var lost: [Relation: Int] = [:]
    let isCopied = commit.isProven || commit.isExact || !options.onlyProven
    for rows in commit.rows {
      let change = try RelationChange(
        rows.relation, by: number(index), in: Lane(laneNumber(rows, commit)), of: connection)
      let copied = isCopied ? try copyRows(rows, of: commit, to: change) : 0
      if isCopied { try retire(rows, change, reach) }
      let missing = rows.addedCount - copied
      var count = counts[rows.relation] ?? SalvageReport.Rows(relation: rows.relation)
      if commit.isProven || commit.isExact { count.proven += copied } else { count.unproven += copied }
      if missing > 0, !(commit.isExact && commit.isPruned) {
        count.lost += missing
        lost[rows.relation] = missing
      }
      counts[rows.relation] = count
      guard change.addedCount + change.retiredCount > 0 || (commit.isExact && rows.retiredCount > 0) else { continue }
      digests.append(try change.finish(recorded: commit.isExact && rows.isPartOfPruning ? rows : nil))
    }
    try finish(index, RelationDigest.changeDigest(digests), lost)
  }

  /// Copies the rows that a commit bore, in their order.
  ///
  /// - Returns: how many there are.
  private func copyRows(_ rows: CommitRows, of commit: SalvagedCommit, to change: RelationChange) throws -> Int {
    guard let run = rows.born else { return 0 }
    let born = try statement(CommitRows.bornSQL(rows.relation))
    defer { born.reset() }
    rows.bind(born: born)
    let columns = 1..<Int32(rows.relation.columns.count + 1)
    let keepsGaps = commit.isExact && commit.isPruned
    var count = 0
    var writer: RowWriter?
    while try born.step() {
      let id = born.integer(0)
      guard maps[rows.relation]?.find(id) == nil else { continue }
      let to = try writer ?? change.writer()
      writer = to
      if keepsGaps { to.skip(to: to.firstID + id - run.lowerBound) }
      for column in columns { to.value(born, column) }
      maps[rows.relation, default: RowMap()].add(id, try to.insert(), bornBy: Int64(ids.count + 1))
      count += 1
    }
    if keepsGaps {
      let to = try writer ?? change.writer()
      to.skip(to: to.firstID + Int64(run.count))
    }
    return count
  }

  /// Retires what a commit retired and what is there.
  private func retire(_ rows: CommitRows, _ change: RelationChange, _ reach: TipReach) throws {
    guard rows.past != nil else { return }
    let retired = try statement(
      """
      SELECT past_id, place FROM main.\(rows.relation.table) WHERE retired_by = ?1 AND place < 0
      UNION ALL SELECT row_id, 0 FROM main.retirement WHERE commit_seq = ?1 AND relation = \(rows.relation.rawValue)
      ORDER BY 2, 1
      """)
    defer { retired.reset() }
    retired.bind(1, rows.commit)
    let commit = Int64(ids.count + 1)
    var met: Set<Int64> = []
    while try retired.step() {
      let old = retired.integer(0)
      guard met.insert(old).inserted, let row = maps[rows.relation]?.find(old), row.commit < commit else { continue }
      _ = try change.retire(row.id, seesPast: true) {
        try reach.seesLive(rows.relation, row.id, bornBy: row.commit, retiredBy: commit)
      }
    }
  }

  private func laneNumber(_ rows: CommitRows, _ commit: SalvagedCommit) -> Int64 {
    rows.born.map { ($0.lowerBound - 1) >> 40 } ?? commit.laneNumber ?? 0
  }

  /// Gives a commit its content, and the id that follows.
  private func finish(_ index: Int, _ changeDigest: [UInt8], _ lost: [Relation: Int]) throws {
    let commit = plan.commits[index]
    var content = CommitContent(commit, parents: commit.parents.map { ids[$0] })
    if commit.isExact {
      guard changeDigest == content.changeDigest || commit.isPruned || commit.rows.contains(where: \.isPartOfPruning)
      else {
        throw AufdbError(.internalDefect, "commit \(commit.id.short) was not copied as it is")
      }
      report.exactCount += 1
    } else {
      content.changeDigest = changeDigest
      content.note(commit, lost: lost)
    }
    let id = commit.isExact ? commit.id : content.id
    ids.append(id)
    try connection.execute(
      """
      UPDATE commit_log SET id = ?2, author = ?3, time = ?4, message = ?5, operation = ?6, change_digest = ?7, pruned = ?8
      WHERE seq = ?1
      """, .integer(number(index)), .blob(id.bytes), .text(content.author), .integer(content.milliseconds),
      .text(content.message), .text(content.operation), .blob(content.changeDigest),
      .integer(commit.isExact && commit.isPruned ? 1 : 0))
    guard !commit.isExact else { return }
    report.rebuilt.append(
      SalvageReport.Rebuilt(
        old: commit.id, new: id, message: commit.recorded?.content.message ?? "", isProven: commit.isProven, lost: lost)
    )
  }

  private func statement(_ sql: String) throws -> SQLStatement {
    if let found = statements[sql] { return found }
    let made = try scratch.statement(sql)
    statements[sql] = made
    return made
  }
}

extension CommitRows {
  /// Whether only digests are left of something that it bore or retired.
  fileprivate var isPartOfPruning: Bool { keptDigest != nil || retiredDigest != nil }
}

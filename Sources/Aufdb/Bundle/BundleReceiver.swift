// Taking a bundle into a store, inside one write transaction: whatever is wrong with it, the caller rolls back, and
// nothing was ever there.
//
// First comes the whole history: commits that the store has are passed over, the others enter the log, and branches and
// tags move. So it is known what each branch will descend from when the rows come. Then every commit is written as if it
// were made here: its rows get ids from its branch's lane, a row that it retires becomes past unless the tip of another
// branch goes on seeing it, and its digest must be the one that its id was computed from. At last, what already lay here
// and is out of every branch's sight now becomes past as well.

/// Receives one bundle.
final class BundleReceiver {
  private struct Entry {
    /// The commit's number here.
    let number: Int64
    /// Whether it came with this bundle.
    let isNew: Bool
    let changeDigest: [UInt8]
  }

  private let reader: BundleReader
  private let connection: Connection
  /// In the order of the bundle.
  private var entries: [Entry] = []
  /// The parents of each new commit.
  private var parents: [Int64: [Int64]] = [:]
  private var lanes: [Int64: Lane] = [:]
  private var shapes: [Relation: [ColumnShape]] = [:]
  /// The tips that saw no past rows before anything came.
  private var liveTips: [Int64] = []
  private(set) var branches: [ArrivingBranch] = []
  private(set) var report = TransferReport()
  /// Called with the bytes of the bundle that were read, and all of them, if that is known.
  private let progress: ((Int, Int?) -> Void)?
  private var rowCount = 0

  init(_ reader: BundleReader, in connection: Connection, progress: ((Int, Int?) -> Void)? = nil) {
    self.reader = reader
    self.connection = connection
    self.progress = progress
  }

  /// Takes it all in.
  ///
  /// - Parameter listsCommits: whether the report lists them.
  /// - Throws: `.refused` where the store can't have it; `.badData` for a bundle that is damaged.
  @discardableResult
  func receive(_ rules: ArrivalRules, listsCommits: Bool = false) throws -> TransferReport {
    try checkPrerequisites()
    liveTips = try connection.all("SELECT commit_seq FROM ref WHERE kind = 'branch' AND sees_past = 0") {
      $0.integer(0)
    }
    try receiveHistory()
    (branches, report.refs) = try connection.moveRefs(reader.header, rules)
    lanes = try connection.lanes(of: parents, on: branches)
    let reach = try TipReach(in: connection)
    for entry in entries {
      try receiveChange(entry, reach)
      tell()
    }
    try reader.finish()
    for branch in branches where !branch.isDiverged && branch.old != branch.tip { try settle(branch) }
    let new = entries.filter(\.isNew).map(\.number)
    report.commitCount = new.count
    if listsCommits { report.commits = try new.reversed().map { try connection.commit($0) } }
    if report.changesStore { try connection.refreshHeadViews() }
    return report
  }

  private func tell() { progress?(reader.source.consumedBytes, reader.source.sizeBytes) }

  private func checkPrerequisites() throws {
    let missing = try reader.header.prerequisites.filter {
      try connection.integer("SELECT count(*) FROM commit_log WHERE id = ?1", .blob($0.bytes)) == 0
    }
    guard missing.isEmpty else {
      let names = missing.prefix(5).map(\.short).joined(separator: ", ") + (missing.count > 5 ? ", ..." : "")
      throw AufdbError(
        .refused,
        "the bundle goes on from \(missing.count == 1 ? "a commit" : "commits") that the store doesn't have: \(names)",
        hint: "it comes from another store's history, or a bundle that goes before it is missing")
    }
  }

  private func receiveHistory() throws {
    let known = try connection.statement("SELECT seq FROM commit_log WHERE id = ?1")
    func number(_ id: CommitID) throws -> Int64? {
      known.bind(1, .blob(id.bytes))
      defer { known.reset() }
      return try known.step() ? known.integer(0) : nil
    }
    let writer = try CommitWriter(connection)
    var next = try connection.integer("SELECT ifnull(max(seq), 0) + 1 FROM commit_log")
    try reader.readHistory { id, content in
      if let number = try number(id) {
        entries.append(Entry(number: number, isNew: false, changeDigest: []))
        return
      }
      parents[next] = try content.parents.map {
        guard let parent = try number($0) else { throw reader.source.damaged("a parent is missing") }
        return parent
      }
      try writer.write(content, id: id, sequence: next, parents: parents[next, default: []])
      entries.append(Entry(number: next, isNew: true, changeDigest: content.changeDigest))
      next += 1
    }
  }

  private func receiveChange(_ entry: Entry, _ reach: TipReach) throws {
    guard entry.isNew, let lane = lanes[entry.number] else {
      return try reader.readChange(born: { _, _ in }, retired: { _, _, _ in }, end: { _ in })
    }
    var change: RelationChange?
    var digests: [RelationDigest] = []
    var bearer: (id: CommitID, commit: Int64, ids: ClosedRange<Int64>?)?
    func current(_ relation: Relation) throws -> RelationChange {
      if let change { return change }
      let made = try RelationChange(relation, by: entry.number, in: lane, of: connection)
      change = made
      return made
    }
    try reader.readChange(
      born: { relation, row in
        guard try row.suits(shapes(relation)) else { throw reader.source.damaged("a row of \(relation.name) is none") }
        try row.insert(with: current(relation).writer())
        rowCount += 1
        if rowCount % 1024 == 0 { tell() }
      },
      retired: { relation, id, place in
        if bearer?.id != id { bearer = try findBearer(id, relation) }
        guard let bearer, let ids = bearer.ids, place < ids.count else {
          throw reader.source.damaged("it retires rows of \(relation.name) that commit \(id.short) didn't bear")
        }
        let row = ids.lowerBound + place
        let isThere = try current(relation).retire(row, seesPast: true) {
          try reach.seesLive(relation, row, bornBy: bearer.commit, retiredBy: entry.number)
        }
        guard isThere else { throw prunedRefusal(id) }
      },
      end: { relation in
        let digest = try current(relation).finish()
        report.added[relation, default: 0] += digest.bornCount
        digests.append(digest)
        (change, bearer) = (nil, nil)
      })
    guard RelationDigest.changeDigest(digests) == entry.changeDigest else {
      throw reader.source.damaged("the rows of commit \(try connection.commit(entry.number).id.short) are not its own")
    }
  }

  private func shapes(_ relation: Relation) throws -> [ColumnShape] {
    if let found = shapes[relation] { return found }
    let found = try connection.columnShapes(relation)
    shapes[relation] = found
    return found
  }

  /// The ids of the rows that a commit bore here; no ids for none, and nil for a commit that isn't here.
  private func findBearer(
    _ id: CommitID, _ relation: Relation
  ) throws -> (id: CommitID, commit: Int64, ids: ClosedRange<Int64>?)? {
    let found = try connection.first(
      """
      SELECT l.seq, c.first_id, c.last_id FROM commit_log AS l
      JOIN commit_change AS c ON c.commit_seq = l.seq AND c.relation = ?2 WHERE l.id = ?1 AND c.first_id <= c.last_id
      """, .blob(id.bytes), .integer(Int64(relation.rawValue))
    ) { ($0.integer(0), $0.integer(1)...$0.integer(2)) }
    return found.map { (id, $0, $1) }
  }

  private func prunedRefusal(_ id: CommitID) -> AufdbError {
    AufdbError(
      .refused, "the bundle retires rows of commit \(id.short) that were pruned here",
      hint: "apply it to a store that has all of its history")
  }

  /// Puts in order what a branch that has moved to `branch.tip` sees of the rows that were here before.
  private func settle(_ branch: ArrivingBranch) throws {
    let isNew = Set(entries.filter(\.isNew).map(\.number))
    let ancestors = try connection.ancestors(of: branch.tip)
    if let old = branch.old {
      let before = try Set(connection.ancestors(of: old))
      // What another branch retired, this one kept until now.
      try connection.sweepPast(retiredBy: ancestors.filter { !before.contains($0) && !isNew.contains($0) })
    }
    var isLive = isNew
    for tip in liveTips where ancestors.contains(tip) { isLive.formUnion(try connection.ancestors(of: tip)) }
    let seesPast = try connection.seesPastRows(branch.tip, bornBy: ancestors.filter { !isLive.contains($0) })
    try connection.execute(
      "UPDATE ref SET sees_past = ?2 WHERE name = ?1", .text(branch.name), .integer(seesPast ? 1 : 0))
  }

  /// Puts in order what a branch sees that had gone another way, once it was merged with what arrived.
  func settle(merged branch: ArrivingBranch) throws {
    var branch = branch
    branch.tip = try connection.branchTip(branch.name)
    try settle(branch)
    try connection.refreshHeadViews()
  }
}

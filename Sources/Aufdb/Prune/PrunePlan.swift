// What pruning drops: decided from the commit that bore each row version and the commits that retired it.
//
// Live rows needn't be read: without retirements of their own, all of one birth are kept or dropped together. Past rows
// are read one after the other, without their texts. What is to go stands in TEMP tables as ranges of places.

/// One pruning, decided on one connection in one transaction.
struct PrunePlan {
  let connection: Connection
  let descendants: Descendants
  private(set) var report = PruneReport()
  /// The numbers of the commits that see something of what goes and saw everything before, ascending.
  private(set) var newlyPruned: [Int64] = []
  /// What these commits bore and retired, as it is before anything goes.
  private(set) var digests: [Int64: [FoundChange]] = [:]
  /// The commits whose born rows go, and those whose retired rows go, all or some of them.
  private(set) var losesBorn: [Relation: Set<Int64>] = [:]
  private(set) var losesRetired: [Relation: Set<Int64>] = [:]
  /// Everybody who sees something of what goes.
  private var blind: [UInt64]

  init(keepCount: Int, in connection: Connection, progress: ((Int, Int) -> Void)?) throws {
    self.connection = connection
    let kept = try connection.keptCommits(keepCount)
    descendants = try Descendants(kept: kept, in: connection)
    blind = descendants.none
    report.keptCount = kept.count
    let total = try connection.integer("SELECT ifnull(sum(next_past - \(Relation.firstPast)), 0) FROM relation")
    var read = 0
    for relation in Relation.allCases {
      try decide(relation) {
        read += 1
        if read % 10_000 == 0 { progress?(min(read, Int(total)), Int(total)) }
      }
    }
    let wasPruned = Set(try connection.all("SELECT seq FROM commit_log WHERE pruned <> 0") { $0.integer(0) })
    newlyPruned = descendants.numbers(of: blind).filter { !wasPruned.contains($0) }
    report.prunedCount = newlyPruned.count
    try checkCommits(wasPruned)
  }

  /// The TEMP table of the ranges of places that go.
  static func table(_ relation: Relation) -> String { "temp.prune_\(relation.name)" }

  private mutating func decide(_ relation: Relation, _ step: () -> Void) throws {
    try connection.executeScript(
      """
      DROP TABLE IF EXISTS \(Self.table(relation));
      CREATE TABLE \(Self.table(relation)) (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
      """)
    let births = try BirthRuns(relation, descendants, in: connection)
    try decidePast(relation, births, step)
    try decideLive(relation, births)
    let values = relation.columns.map { column in
      """
      CASE typeof(\(column)) WHEN 'null' THEN 0 WHEN 'text' THEN length(CAST(\(column) AS BLOB))
        WHEN 'blob' THEN length(\(column)) ELSE 8 END
      """
    }
    let found = try connection.first(
      """
      SELECT count(*), ifnull(sum(\(values.joined(separator: " + "))), 0)
      FROM \(Self.table(relation)) AS d CROSS JOIN main.\(relation.table) AS t ON t.place BETWEEN d.first AND d.last
      """
    ) { (Int($0.integer(0)), Int($0.integer(1))) }
    guard let (count, bytes) = found, count > 0 else { return }
    report.dropped.append(PruneReport.Dropped(relation: relation, rowCount: count, sizeBytes: bytes))
  }

  private mutating func decidePast(_ relation: Relation, _ births: BirthRuns, _ step: () -> Void) throws {
    let apart = try connection.statement("SELECT commit_seq FROM retirement WHERE relation = ?1 AND row_id = ?2")
    apart.bind(1, Int64(relation.rawValue))
    let isApart = try connection.integer(
      "SELECT EXISTS (SELECT 1 FROM retirement WHERE relation = ?1)", .integer(Int64(relation.rawValue)))
    let rows = try connection.statement(
      "SELECT place, past_id, retired_by FROM main.\(relation.table) WHERE place < 0 ORDER BY place")
    let ranges = try DropRanges(relation, in: connection)
    var retirements: [Int] = []
    while try rows.step() {
      step()
      let (place, id, retiredBy) = (rows.integer(0), rows.integer(1), rows.integer(2))
      let birth = try births.birth(of: id)
      retirements.removeAll(keepingCapacity: true)
      if retiredBy != 0 { retirements.append(try descendants.index(of: retiredBy)) }
      if isApart != 0 {
        apart.bind(2, id)
        while try apart.step() { retirements.append(try descendants.index(of: apart.integer(0))) }
        apart.reset()
      }
      guard !retirements.isEmpty else { throw Descendants.damage("a past row of \(relation.name) was never retired") }
      if descendants.isKept(birth, retiredBy: retirements) {
        try ranges.close()
      } else {
        ranges.drop(place)
        note(relation, birth, retirements)
      }
    }
    try ranges.close()
  }

  /// Live rows go where all that saw them isn't kept: only deleted branches leave such.
  private mutating func decideLive(_ relation: Relation, _ births: BirthRuns) throws {
    let ranges = try DropRanges(relation, in: connection)
    // Rows that some branches retired are decided one by one.
    let apart = try connection.statement(
      """
      SELECT row_id, commit_seq FROM retirement WHERE relation = ?1 AND in_live = 1 ORDER BY row_id
      """)
    apart.bind(1, Int64(relation.rawValue))
    var retiredCounts: [Int: Int64] = [:]
    var current: (id: Int64, retirements: [Int])?
    func decide(_ plan: inout PrunePlan) throws {
      guard let (id, retirements) = current else { return }
      let birth = try births.birth(of: id)
      retiredCounts[birth, default: 0] += 1
      guard !plan.descendants.isKept(birth, retiredBy: retirements) else { return }
      plan.note(relation, birth, retirements)
      // The others go with all that their commit bore.
      if plan.descendants.isKept(birth) { try ranges.add(id...id) }
    }
    while try apart.step() {
      let (id, commit) = (apart.integer(0), try descendants.index(of: apart.integer(1)))
      if current?.id != id {
        try decide(&self)
        current = (id, [])
      }
      current?.retirements.append(commit)
    }
    try decide(&self)

    let count = try connection.statement("SELECT count(*) FROM main.\(relation.table) WHERE place BETWEEN ?1 AND ?2")
    for run in births.runs where !descendants.isKept(run.birth) {
      count.bind(1, run.ids.lowerBound)
      count.bind(2, run.ids.upperBound)
      let liveCount = try count.step() ? count.integer(0) : 0
      count.reset()
      guard liveCount > 0 else { continue }
      try ranges.add(run.ids)
      if liveCount > retiredCounts[run.birth] ?? 0 { note(relation, run.birth, []) }
    }
  }

  /// Notes whom a row version that goes concerns.
  private mutating func note(_ relation: Relation, _ birth: Int, _ retirements: [Int]) {
    descendants.addWhoSees(birth, retiredBy: retirements, to: &blind)
    losesBorn[relation, default: []].insert(descendants.commits[birth])
    for retirement in retirements { losesRetired[relation, default: []].insert(descendants.commits[retirement]) }
  }

  /// Checks the commits that won't be able to prove themselves any more.
  private mutating func checkCommits(_ wasPruned: Set<Int64>) throws {
    let reader = CommitDigests(connection)
    for sequence in newlyPruned {
      let commit = try connection.commit(sequence)
      let found = try connection.commitRows(sequence).map { try reader.find($0) }
      guard RelationDigest.changeDigest(found.map(\.digest)) == commit.changeDigest else {
        throw Descendants.damage("the rows of commit \(commit.id.short) are not those that it recorded")
      }
      digests[sequence] = found
    }
    for sequence in Set(losesBorn.values.joined()).intersection(wasPruned).sorted() {
      for rows in try connection.commitRows(sequence) where losesBorn[rows.relation]?.contains(sequence) == true {
        guard try reader.find(rows).digest.born == rows.keptDigest else {
          throw Descendants.damage("the rows of commit number \(sequence) are not those that pruning left")
        }
      }
    }
  }
}

/// The runs of ids that commits bore in one relation.
struct BirthRuns {
  private let relation: Relation
  /// Ascending and disjoint, each with the index of its commit.
  let runs: [(ids: ClosedRange<Int64>, birth: Int)]

  init(_ relation: Relation, _ descendants: Descendants, in connection: Connection) throws {
    self.relation = relation
    runs = try connection.all(
      """
      SELECT first_id, last_id, commit_seq FROM commit_change WHERE relation = ?1 AND first_id <= last_id
      ORDER BY first_id
      """, .integer(Int64(relation.rawValue))
    ) { (ids: $0.integer(0)...$0.integer(1), commit: $0.integer(2)) }
    .map { ($0.ids, try descendants.index(of: $0.commit)) }
  }

  /// The index of the commit that bore a row version.
  ///
  /// - Complexity: O(log n) for n commits.
  func birth(of id: Int64) throws(AufdbError) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].ids.upperBound < id { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].ids.contains(id) else {
      throw Descendants.damage("a row of \(relation.name) belongs to no commit")
    }
    return runs[low].birth
  }
}

/// Collects the places that go as ranges, as long as nothing that stays lies between.
final class DropRanges {
  private let insertion: SQLStatement
  private var range: ClosedRange<Int64>?

  init(_ relation: Relation, in connection: Connection) throws {
    insertion = try connection.statement("INSERT INTO \(PrunePlan.table(relation)) VALUES (?1, ?2)")
  }

  func add(_ range: ClosedRange<Int64>) throws {
    try insertion.run(.integer(range.lowerBound), .integer(range.upperBound))
  }

  /// Makes the range longer, up to a place after it.
  func drop(_ place: Int64) { range = (range?.lowerBound ?? place)...place }

  /// Ends the range: what comes next stays.
  func close() throws {
    if let range { try add(range) }
    range = nil
  }
}

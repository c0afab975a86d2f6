// Which rows each commit of a damaged store bore and retired.

/// The runs of row ids and the retirements, by all that can be read: commit_change, the index over it, and the rows.
struct SalvagedChanges {
  private var rows: [Int64: [CommitRows]] = [:]

  func rows(of commit: Int64) -> [CommitRows] { rows[commit] ?? [] }

  private struct Recorded {
    var first: Int64?
    var last: Int64?
    var added: Int64 = 0
    var retired: Int64 = 0
    var keptDigest: [UInt8]?
    var retiredDigest: [UInt8]?

    /// Whether its run, if it has one, is as long as the number of rows that it counts.
    var isConsistent: Bool {
      guard let first, let last, Relation.idRange.contains(first), Relation.idRange.contains(last) else {
        return first == nil && last == nil && added == 0
      }
      return last - first + 1 == added
    }
  }

  init(_ scratch: Connection) throws {
    for relation in Relation.allCases {
      let recorded = try Self.recorded(relation, scratch)
      let runs = try Self.runs(relation, recorded, scratch)
      let retirers = try Self.retirers(relation, scratch)
      for commit in Set(recorded.keys).union(runs.keys).union(retirers).sorted() {
        let change = recorded[commit] ?? Recorded()
        let run = runs[commit]
        rows[commit, default: []].append(
          CommitRows(
            relation: relation, commit: commit, born: run,
            past: retirers.contains(commit) ? Relation.firstPast ... -1 : nil,
            addedCount: run?.count ?? 0, retiredCount: Int(clamping: change.retired), keptDigest: change.keptDigest,
            retiredDigest: change.retiredDigest))
      }
    }
  }

  private static func recorded(_ relation: Relation, _ scratch: Connection) throws -> [Int64: Recorded] {
    var found: [Int64: Recorded] = [:]
    let changes = try scratch.statement(
      """
      SELECT commit_seq, first_id, last_id, added, retired, kept_digest, retired_digest FROM commit_change
      WHERE relation = \(relation.rawValue)
      """)
    while try changes.step() {
      func number(_ column: Int32) -> Int64? { changes.isNull(column) ? nil : changes.integer(column) }
      func digest(_ column: Int32) -> [UInt8]? { changes.isNull(column) ? nil : Array(changes.bytes(column)) }
      found[changes.integer(0)] = Recorded(
        first: number(1), last: number(2), added: changes.integer(3), retired: changes.integer(4),
        keptDigest: digest(5), retiredDigest: digest(6))
    }
    return found
  }

  /// The run of ids of each commit that bore any. A run that contradicts itself, or is lost, begins where the index
  /// says and ends before the next one, or with the last row of its lane.
  private static func runs(
    _ relation: Relation, _ recorded: [Int64: Recorded], _ scratch: Connection
  ) throws -> [Int64: ClosedRange<Int64>] {
    var firsts: [Int64: Int64] = [:]
    let index = try scratch.statement(
      "SELECT commit_seq, first_id FROM birth WHERE relation = \(relation.rawValue)")
    while try index.step() { firsts[index.integer(0)] = index.integer(1) }
    for (commit, change) in recorded where change.isConsistent || firsts[commit] == nil {
      firsts[commit] = change.first
    }
    let ordered = firsts.filter { Relation.idRange.contains($0.value) }.sorted {
      ($0.value, $0.key) < ($1.value, $1.key)
    }
    let lastRow = try scratch.statement(
      """
      SELECT max(ifnull((SELECT max(place) FROM \(relation.table) WHERE place BETWEEN ?1 AND ?2), 0),
        ifnull((SELECT max(past_id) FROM \(relation.table) WHERE past_id BETWEEN ?1 AND ?2), 0))
      """)
    var runs: [Int64: ClosedRange<Int64>] = [:]
    for (place, (commit, first)) in ordered.enumerated() {
      let next = place + 1 < ordered.count ? ordered[place + 1].value : Int64.max
      guard next > first else { continue }
      let laneEnd = ((first - 1) >> 40 + 1) << 40
      let end = min(laneEnd, next - 1)
      if let change = recorded[commit], change.isConsistent, let last = change.last, (first...end).contains(last) {
        runs[commit] = first...last
        continue
      }
      lastRow.bind(1, first)
      lastRow.bind(2, end)
      defer { lastRow.reset() }
      if try lastRow.step(), lastRow.integer(0) >= first { runs[commit] = first...lastRow.integer(0) }
    }
    return runs
  }

  /// The commits that retired rows of a relation.
  private static func retirers(_ relation: Relation, _ scratch: Connection) throws -> Set<Int64> {
    Set(
      try scratch.all(
        """
        SELECT DISTINCT retired_by FROM \(relation.table) WHERE retired_by IS NOT NULL AND place < 0
        UNION SELECT commit_seq FROM retirement WHERE relation = \(relation.rawValue)
        """
      ) { $0.integer(0) }
    ).subtracting([0])
  }
}

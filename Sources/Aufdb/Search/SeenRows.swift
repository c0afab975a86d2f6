// Which row versions a revision sees, asked id by id: what the views of RelationView.swift show, without a look at the
// rows that are live.
//
// An index has exactly the row versions that the store has (SearchIndex.swift). So of an id that lies in a run of an
// ancestor it is enough to know whether it is among the past ones, which have an index of their own; a live row need
// not be read, and most rows are live.

/// What a commit sees of one relation.
struct SeenRows {
  private let runs: [ClosedRange<Int64>]
  private let commits: Set<Int64>
  private let seesPast: Bool
  /// Rows that the commit or an ancestor retired, though another branch keeps them or gave them up as well.
  private let retired: Set<Int64>
  /// Finds a past row: (place, retired_by). nil where no row is past.
  private let past: SQLStatement?
  private var lastRun = 0

  init(_ relation: Relation, _ visibility: Visibility, in store: Connection) throws {
    runs = visibility.runs[relation] ?? []
    seesPast = visibility.seesPast
    let isApart = visibility.hidesLive.contains(relation) || seesPast && visibility.retiredApart.contains(relation)
    let hasPast = try store.integer("SELECT EXISTS (SELECT 1 FROM main.\(relation.table) WHERE place < 0)") != 0
    let commits = isApart || hasPast && seesPast ? Set(visibility.commits) : []
    self.commits = commits
    past =
      hasPast
      ? try store.statement("SELECT place, retired_by FROM main.\(relation.table) WHERE past_id = ?1") : nil
    guard isApart else {
      retired = []
      return
    }
    retired = Set(
      try store.all(
        "SELECT row_id, commit_seq FROM main.retirement WHERE relation = ?1", .integer(Int64(relation.rawValue))
      ) { ($0.integer(0), $0.integer(1)) }.filter { commits.contains($0.1) }.map(\.0))
  }

  /// The place of the row version `id`; nil where the commit doesn't see it.
  mutating func place(of id: Int64) throws(AufdbError) -> Int64? {
    guard isBorn(id), !retired.contains(id) else { return nil }
    guard let past else { return id }
    past.bind(1, id)
    defer { past.reset() }
    guard try past.step() else { return id }
    return seesPast && !commits.contains(past.integer(1)) ? past.integer(0) : nil
  }

  /// Whether an ancestor bore it. Ids are asked in ascending order, mostly.
  private mutating func isBorn(_ id: Int64) -> Bool {
    if lastRun < runs.count, runs[lastRun].contains(id) { return true }
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].upperBound < id { low = middle + 1 } else { high = middle }
    }
    lastRun = low
    return low < runs.count && runs[low].contains(id)
  }
}

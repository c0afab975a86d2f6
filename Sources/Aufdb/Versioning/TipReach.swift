// Which branches still see a row version: asked for every row that is retired, so it must cost next to nothing.

/// For each commit the branches whose tips descend from it. A tip sees a row version if it descends from the commit that
/// bore it and from none that retired it.
final class TipReach {
  private let connection: Connection
  private let wordCount: Int
  /// By commit number, `wordCount` words each: a bit a branch.
  private var reach: [UInt64]
  private var births: [Relation: [(run: ClosedRange<Int64>, commit: Int64)]] = [:]
  private let retirers: SQLStatement
  private var seen: [UInt64]

  /// - Parameter branch: one that isn't asked about; nil to ask about all.
  /// - Complexity: linear in the number of commits, for each 64 branches.
  init(except branch: String? = nil, in connection: Connection) throws {
    self.connection = connection
    retirers = try connection.statement("SELECT commit_seq FROM retirement WHERE relation = ?1 AND row_id = ?2")
    let tips = try connection.all(
      "SELECT DISTINCT commit_seq FROM ref WHERE kind = 'branch' AND name IS NOT ?1", branch.map { .text($0) } ?? .null
    ) { Int($0.integer(0)) }
    // Commits are numbered without gaps, and none is ever taken away.
    // count(*) would be a single step of SQLite's, which nothing ends in a damaged file.
    let count = Int(try connection.integer("SELECT count(seq) FROM commit_log")) + 1
    guard try connection.integer("SELECT ifnull(max(seq), 0) FROM commit_log") == Int64(count - 1) else {
      throw AufdbError(.badData, "the store is damaged: commits are missing")
    }
    wordCount = (tips.count + 63) / 64
    reach = Array(repeating: 0, count: count * wordCount)
    seen = Array(repeating: 0, count: wordCount)
    for (index, tip) in tips.enumerated() where (1..<count).contains(tip) {
      reach[tip * wordCount + index / 64] |= 1 << UInt64(index % 64)
    }
    guard wordCount > 0 else { return }
    // Parents have smaller numbers than their children, so each is met after all that descends from it.
    let edges = try connection.statement("SELECT commit_seq, parent_seq FROM commit_parent ORDER BY commit_seq DESC")
    while try edges.step() {
      let (child, parent) = (Int(edges.integer(0)), Int(edges.integer(1)))
      guard (0..<count).contains(child), (0..<child).contains(parent) else {
        throw AufdbError(.badData, "the store is damaged: a commit comes before its parent")
      }
      for word in 0..<wordCount { reach[parent * wordCount + word] |= reach[child * wordCount + word] }
    }
  }

  /// Whether the tip of some branch sees a live row version.
  ///
  /// - Parameters:
  ///   - commit: the commit that bore it, for whoever knows; otherwise it is looked up.
  ///   - retirer: a commit that retires it, though this isn't noted yet.
  func seesLive(
    _ relation: Relation, _ id: Int64, bornBy commit: Int64? = nil, retiredBy retirer: Int64? = nil
  ) throws -> Bool {
    guard wordCount > 0, let birth = try commit.map({ Int($0) }) ?? birth(of: relation, id) else { return false }
    for word in 0..<wordCount { seen[word] = reach[birth * wordCount + word] }
    if let retirer {
      for word in 0..<wordCount { seen[word] &= ~reach[Int(retirer) * wordCount + word] }
      // A history without branches asks no more.
      guard seen.contains(where: { $0 != 0 }) else { return false }
    }
    retirers.bind(1, Int64(relation.rawValue))
    retirers.bind(2, id)
    defer { retirers.reset() }
    while try retirers.step() {
      let commit = Int(retirers.integer(0))
      // The commit that is being made isn't in the log yet, and no tip descends from it.
      guard commit > 0, commit < reach.count / wordCount else { continue }
      for word in 0..<wordCount { seen[word] &= ~reach[commit * wordCount + word] }
    }
    return seen.contains { $0 != 0 }
  }

  /// The commit that bore a row version; nil for one of the commit that is being made.
  private func birth(of relation: Relation, _ id: Int64) throws -> Int? {
    let runs = try births[relation] ?? readBirths(relation)
    births[relation] = runs
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].run.upperBound < id { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].run.contains(id) else { return nil }
    let commit = Int(runs[low].commit)
    return commit < reach.count / wordCount ? commit : nil
  }

  private func readBirths(_ relation: Relation) throws -> [(run: ClosedRange<Int64>, commit: Int64)] {
    try connection.all(
      """
      SELECT first_id, last_id, commit_seq FROM commit_change
      WHERE relation = ?1 AND first_id <= last_id AND commit_seq > 0 ORDER BY first_id
      """, .integer(Int64(relation.rawValue))
    ) { ($0.integer(0)...$0.integer(1), $0.integer(2)) }
  }
}

extension Connection {
  /// Makes past the live rows that these commits retired and that no branch's tip sees any more: because a branch that
  /// kept them has moved, or is gone.
  func sweepPast(retiredBy commits: [Int64]) throws {
    let retired = try statement(
      "SELECT relation, row_id FROM retirement WHERE commit_seq = ?1 AND in_live = 1 ORDER BY relation, row_id")
    let tips = try TipReach(in: self)
    var pasts: [Relation: PastPlaces] = [:]
    for commit in commits {
      retired.bind(1, commit)
      var rows: [(Relation, Int64)] = []
      while try retired.step() {
        guard let relation = Relation(rawValue: Int(retired.integer(0))) else { continue }
        rows.append((relation, retired.integer(1)))
      }
      retired.reset()
      for (relation, id) in rows where try !tips.seesLive(relation, id) {
        let past = try pasts[relation] ?? PastPlaces(relation, in: self)
        pasts[relation] = past
        try past.take(id, retiredBy: 0)
      }
    }
    for past in pasts.values { try past.finish() }
  }
}

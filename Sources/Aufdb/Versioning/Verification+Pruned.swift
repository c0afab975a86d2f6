// Verifying what pruning left: a commit is marked as pruned exactly if it saw a row version that is missing.
//
// The rows that are missing can't be looked at, but they can be counted: a commit sees those that its parent saw, and
// those that it bore, less those that it retired. What it bore and retired is recorded, and what of it is still there
// is counted anyway. So along a line of history the count is exact, and a mark that was put or taken away by hand is
// found. Beyond a merge of branches it is a lower bound, because a row that both sides retired is taken off twice.

/// How many row versions that one commit saw are missing.
struct MissingRows {
  /// By relation, in the order of `Relation.allCases`.
  var counts = [Int](repeating: 0, count: Relation.allCases.count)
  /// What the commit alone adds to the counts.
  var own = [Int](repeating: 0, count: Relation.allCases.count)
  /// Whether the counts are exact, and not a lower bound.
  var isExact = true
  /// Whether something of what this commit bore is missing.
  var hasOwn = false
  /// Whether the commit is marked as pruned.
  var isPruned = false

  /// Whether something is missing for certain.
  var isSure: Bool { counts.contains { $0 > 0 } }
}

extension Verification {
  /// Counts what is missing of what a commit saw, and compares that with its mark.
  ///
  /// Its ancestors have been counted before.
  mutating func checkMissing(_ commit: RecordedCommit, _ rows: [CommitRows], _ found: [FoundChange]) throws {
    var rest = MissingRows()
    rest.isPruned = commit.isPruned
    for (rows, found) in zip(rows, found) {
      guard let place = Relation.allCases.firstIndex(of: rows.relation) else { continue }
      let born = rows.addedCount &- found.digest.bornCount
      let retired = rows.retiredCount &- found.retiredCount
      rest.own[place] = born &- retired
      if born > 0 { rest.hasOwn = true }
    }
    let parents = commit.parents.compactMap { missing[$0] }
    switch parents.count {
    case 0: break
    case 1:
      rest.counts = parents[0].counts
      rest.isExact = parents[0].isExact
    default:
      // Where nothing is missing of what either side saw, nothing is missing of what both saw together.
      rest.isExact = !parents.contains { $0.isSure || !$0.isExact || $0.isPruned }
      if !rest.isExact {
        for ancestor in try connection.ancestors(of: commit.sequence) where ancestor != commit.sequence {
          rest.add(missing[ancestor]?.own ?? [])
        }
      }
    }
    rest.add(rest.own)
    missing[commit.sequence] = rest

    let isAfterPruned = parents.contains { $0.isPruned }
    let hasDigest = rows.contains { $0.retiredDigest != nil }
    let name = "commit \(commit.id.short)"
    // What is missing without pruning is found by the digests, and not named here again for every later commit.
    if rest.isExact, commit.isPruned || hasDigest, rest.counts.contains(where: { $0 < 0 }) {
      problem("\(name): it retired more of what was pruned than it saw")
    } else if commit.isPruned, rest.isExact ? !rest.isSure : !(rest.hasOwn || isAfterPruned) {
      problem("\(name): it is marked as pruned, and saw nothing that is missing")
    } else if !commit.isPruned, isAfterPruned, rest.isSure {
      problem("\(name): rows that it saw are missing, and it isn't marked as pruned")
    }
    if hasDigest, !isAfterPruned { problem("\(name): it has what only pruning leaves") }
  }

  /// What a pruned commit bore must be what pruning left of it.
  mutating func checkLeft(_ commit: RecordedCommit, _ rows: [CommitRows], _ found: [FoundChange]) {
    for (rows, found) in zip(rows, found) where rows.keptDigest != found.digest.born {
      problem("commit \(commit.id.short): its \(rows.relation.name) are not those that pruning left")
    }
  }
}

extension MissingRows {
  /// Adds counts; those of a damaged store may overflow, which only makes them wrong in another way.
  fileprivate mutating func add(_ others: [Int]) {
    for (place, count) in others.enumerated() { counts[place] = counts[place] &+ count }
  }
}

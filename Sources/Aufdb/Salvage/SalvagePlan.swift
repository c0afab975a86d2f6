// What of a damaged store's history is whole, and what is left of the rest. It decides; SalvageWriter acts.
//
// A commit is
//   proven   when its rows give the change digest that it recorded;
//   exact    when moreover its id is what its content gives, and its parents are exact: then it keeps its id.
// Nothing else is certain: SHA-256 tells that some row of a commit is wrong or missing, but not which one.
//
// History is known twice, and each part proves the other: where the list of parents is lost, the parents are those that
// give the commit its id; where the run of a commit's rows is lost, it begins where the index says, and ends before the
// next one begins.

/// A commit of the damaged store.
struct SalvagedCommit {
  /// Its number in the damaged store.
  let sequence: Int64
  /// As it was recorded; nil where nothing but its id is left.
  var recorded: RecordedCommit?
  let id: CommitID
  /// Its parents' places in the plan.
  var parents: [Int] = []
  /// What it bore and retired, by all that can be read.
  var rows: [CommitRows] = []
  /// Whether pruning took away what it saw, so that it may lack that.
  var isPruned = false
  /// Whether its rows are those that it recorded.
  var isProven = false
  /// Whether it is in all the commit that its id names.
  var isExact = false
}

/// A history to be written anew.
struct SalvagePlan {
  /// Parents before children.
  private(set) var commits: [SalvagedCommit] = []
  private(set) var refs: SalvagedRefs
  private let scratch: Connection
  private let damagedTables: Set<String>

  /// - Parameter damagedTables: the tables of which something can't be read.
  init(_ scratch: Connection, damagedTables: Set<String>) throws {
    (self.scratch, self.damagedTables) = (scratch, damagedTables)
    refs = SalvagedRefs()
    try readCommits()
    let places = Dictionary(uniqueKeysWithValues: commits.indices.map { (commits[$0].sequence, $0) })
    try readParents(places)
    let changes = try SalvagedChanges(scratch)
    for index in commits.indices { commits[index].rows = changes.rows(of: commits[index].sequence) }
    refs = try SalvagedRefs(scratch, commits: commits, places: places)
  }

  /// Whether every commit is exact.
  var isExact: Bool { commits.allSatisfy(\.isExact) && !commits.isEmpty }

  /// Computes every commit's digest and id anew.
  ///
  /// - Complexity: reads every row once.
  mutating func check(progress: ((_ commits: Int, _ of: Int) -> Void)?) throws {
    let digests = CommitDigests(scratch)
    for index in commits.indices {
      let commit = commits[index]
      guard let recorded = commit.recorded else { continue }
      let found = try commit.rows.map { try digests.find($0) }
      let changed = found.map(\.digest).filter { $0.bornCount + $0.retiredCount > 0 }
      let isWhole = RelationDigest.changeDigest(changed) == recorded.content.changeDigest
      let isLost = zip(commit.rows, found).contains { $1.digest.bornCount < $0.addedCount }
      let isLeft = isAsPruningLeft(commit.rows, found)
      commits[index].isPruned =
        (isLeft && isLost) || (recorded.isPruned && commit.parents.contains { commits[$0].isPruned })
      commits[index].isProven = isWhole
      commits[index].isExact =
        (isWhole || isLeft) && id(recorded, commit.parents) == commit.id
        && commit.parents.allSatisfy { commits[$0].isExact }
      progress?(index + 1, commits.count)
    }
  }

  /// What a pruned commit bore can't be proven any more, but it must be what pruning left of it. Nothing but its changes
  /// themselves tells that none of them is missing.
  private func isAsPruningLeft(_ rows: [CommitRows], _ found: [FoundChange]) -> Bool {
    !rows.isEmpty && !damagedTables.contains("commit_change")
      && zip(rows, found).allSatisfy { rows, found in
        rows.keptDigest == found.digest.born && found.digest.bornCount <= rows.addedCount
          && found.digest.retiredCount == rows.retiredCount
      }
  }

  private mutating func readCommits() throws {
    let lost = try scratch.all(
      """
      SELECT seq, min(id) FROM commit_id AS i WHERE seq > 0 AND length(id) = 32
        AND seq NOT IN (SELECT seq FROM commit_log) AND id NOT IN (SELECT id FROM commit_log) GROUP BY seq
      """
    ) { SalvagedCommit(sequence: $0.integer(0), id: CommitID($0.bytes(1))) }
    let found = try scratch.all("SELECT \(RecordedCommit.columns) FROM commit_log WHERE seq > 0") { row in
      let commit = RecordedCommit(row, parents: [])
      return SalvagedCommit(sequence: commit.sequence, recorded: commit, id: commit.id)
    }
    commits = (lost + found).sorted { $0.sequence < $1.sequence }
  }

  private mutating func readParents(_ places: [Int64: Int]) throws {
    let edges = try scratch.statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1 ORDER BY position")
    for index in commits.indices {
      var parents: [Int] = []
      try edges.forEach(.integer(commits[index].sequence)) { row in
        if let parent = places[row.integer(0)], parent < index { parents.append(parent) }
      }
      if let recorded = commits[index].recorded, id(recorded, parents) != commits[index].id {
        parents = provenParents(of: index, recorded) ?? parents
      }
      // Where they can't be known, it comes after what came before it.
      if parents.isEmpty, index > 0, commits[index].recorded.map({ id($0, []) }) != commits[index].id {
        parents = [index - 1]
      }
      commits[index].parents = parents
    }
  }

  /// The id that a commit has with these parents.
  private func id(_ commit: RecordedCommit, _ parents: [Int]) -> CommitID {
    var content = commit.content
    content.parents = parents.map { commits[$0].id }
    return content.id
  }

  /// The earlier commits that give a commit its id: none, one, or two that it merged.
  ///
  /// - Complexity: quadratic in the number of commits, up to a million pairs.
  private func provenParents(of index: Int, _ commit: RecordedCommit) -> [Int]? {
    if id(commit, []) == commits[index].id { return [] }
    let earlier = Array((0..<index).reversed())
    if let parent = earlier.first(where: { id(commit, [$0]) == commits[index].id }) { return [parent] }
    for one in earlier.prefix(1_000) {
      for other in earlier.prefix(1_000) where other != one && id(commit, [one, other]) == commits[index].id {
        return [one, other]
      }
    }
    return nil
  }
}

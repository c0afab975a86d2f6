// Merging a revision into a branch.
//
// A revision sees what its ancestors bore less what they retired; so a commit with two parents sees, before it does
// anything itself, both sides' changes together. What one side alone changed is right by that already. What is left for
// the merge commit are the keys that both sides changed, and there it has little to do: to retire, of two versions, the
// one that isn't wanted. So its cost is that of what the two sides changed.
//
// Where the two have merged each other before, crosswise, there are several merge bases, and none of them is the one
// that both sides changed. Then the base is the newest commit that all of these descend from: more is in conflict than
// need be, and nothing is decided wrongly.

/// How to merge.
public struct MergeOptions: Sendable {
  /// What to merge.
  public var revision: Revision
  /// Whose row is right where both sides changed it; nil to leave all as it is where there is such a row.
  public var preferred: MergeSide?
  /// Only find out what would happen.
  public var isDryRun: Bool
  /// Whether a branch that has nothing of its own since it left is just moved on, without a commit.
  public var allowsFastForward: Bool

  public init(
    _ revision: Revision, preferring preferred: MergeSide? = nil, isDryRun: Bool = false, allowsFastForward: Bool = true
  ) {
    self.revision = revision
    self.preferred = preferred
    self.isDryRun = isDryRun
    self.allowsFastForward = allowsFastForward
  }
}

/// What a merge did, or would do.
public enum MergeOutcome: Sendable, Equatable {
  /// The branch had it all already.
  case upToDate
  /// The branch was moved on to the commit.
  case fastForward(from: Commit, to: Commit)
  /// A commit was made of both; `resolved` rows were in conflict, and went the preferred side's way.
  case merged(Commit, resolved: Int)
  /// Nothing was changed, because of so many conflicts.
  case conflicts(Int)

  var changesStore: Bool {
    switch self {
    case .fastForward, .merged: true
    case .upToDate, .conflicts: false
    }
  }
}

extension Store {
  /// Merges a revision into a branch, or changes nothing.
  ///
  /// - Parameter onConflict: is lent each conflict, relation by relation, in order of the natural key.
  /// - Throws: `.refused` for an unknown revision, or one with which the branch has no history in common.
  /// - Complexity: linear in what the two sides changed since they went apart.
  public func merge(
    _ options: MergeOptions, context: CommitContext, onConflict: (MergeConflict) throws -> Void
  ) throws -> MergeOutcome {
    try lending(to: onConflict) { onConflict in
      try commit(keep: { !options.isDryRun && $0.changesStore }) { connection in
        try connection.merge(options, context: context, onConflict: onConflict)
      }
    }
  }
}

extension Connection {
  /// Merges inside a write transaction, which must not be kept unless the outcome changes the store.
  func merge(
    _ options: MergeOptions, context: CommitContext, onConflict: (MergeConflict) throws -> Void
  ) throws -> MergeOutcome {
    let branch = try context.branch ?? currentBranch()
    let (tip, source) = try (branchTip(branch), resolve(options.revision))
    try requireWhole(source)
    try requireCommonHistory(tip, source, Revision(branch), options.revision)
    let divergence = try Divergence(tip, source, in: self)
    if divergence.onlySecond.isEmpty { return .upToDate }
    if divergence.onlyFirst.isEmpty, options.allowsFastForward {
      try fastForward(branch, to: source, past: divergence.onlySecond)
      return try .fastForward(from: commit(tip), to: commit(source))
    }
    let change = try Change(branch: branch, merging: source, in: self)
    var (resolved, conflicts) = (0, 0)
    let base = try singleBase(of: divergence)
    let sides = try ThreeWay(
      ours: Difference(base, tip, in: self),
      theirs: Difference(base, source, in: self))
    for relation in try sides.relations() {
      try sides.forEach(relation, onlyShared: true) { rows, key in
        var decision = rows.decision
        if decision == .conflict, let side = options.preferred {
          decision = side == .ours ? .ours : .theirs
          resolved += 1
        }
        switch decision {
        case .same, .ours: try change.settle(relation, key, as: rows.ours)
        case .theirs: try change.settle(relation, key, as: rows.theirs)
        case .conflict:
          conflicts += 1
          try onConflict(MergeConflict(relation, rows))
        }
      }
    }
    conflicts += try change.reportDangling(onConflict)
    guard conflicts == 0 else { return .conflicts(conflicts) }
    let name = options.revision.description
    let made = try change.finish(
      message: context.message ?? "Merge \(name) into \(branch)",
      operation: Operation(
        "merge",
        [
          "revision": .text(name), "commit": .text(commit(source).id.description),
          "prefer": options.preferred.map { .text($0.rawValue) } ?? .null,
        ]
      ).json, author: context.author, milliseconds: context.milliseconds)
    return .merged(made, resolved: resolved)
  }

  /// Moves a branch on to a commit that descends from its tip.
  ///
  /// - Parameter commits: those that it takes in.
  func fastForward(_ branch: String, to commit: Int64, past commits: [Int64]) throws {
    let isLive = try isLiveTip(commit)
    let seesPast = try !isLive && seesPastRows(commit, bornBy: commits)
    try execute(
      "UPDATE ref SET commit_seq = ?2, sees_past = ?3 AND (sees_past OR ?4) WHERE name = ?1 AND kind = 'branch'",
      .text(branch), .integer(commit), .integer(isLive ? 0 : 1), .integer(seesPast ? 1 : 0))
    try sweepPast(retiredBy: commits)
    try refreshHeadViews()
  }
}

extension Connection {
  /// The merge base, or the newest commit that all of several merge bases descend from.
  private func singleBase(of divergence: Divergence) throws -> Int64 {
    var bases = divergence.bases
    while bases.count > 1 {
      let found = try Divergence(bases[0], bases[1], in: self).bases
      bases = Set(bases.dropFirst(2) + found).sorted(by: >)
    }
    guard let base = bases.first else {
      throw AufdbError(.refused, "the two histories have no single beginning", hint: "they can't be merged")
    }
    return base
  }
}

extension Change {
  /// Leaves of all versions of one natural key just the row that a reader stands on, or none if it stands on none.
  ///
  /// - Parameter key: the values of the relation's key expressions.
  fileprivate func settle(_ relation: Relation, _ key: [SQLValue], as wanted: RowReader) throws {
    let conditions = relation.keyExpressions.enumerated().map { "\($1) IS ?\($0 + 1)" }
    let versions = try statement(
      "SELECT id, \(relation.columnList) FROM \(relation.name) WHERE \(conditions.joined(separator: " AND "))")
    var surplus: [Int64] = []
    var isThere = wanted.place == nil
    try versions.forEach(key) { row in
      if !isThere, wanted.isEqual(to: row, from: 1) { isThere = true } else { surplus.append(row.integer(0)) }
    }
    for id in surplus { try retire(relation, id) }
    if !isThere { try wanted.copy(to: writer(relation)) }
  }
}

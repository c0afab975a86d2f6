// Reverting a commit: a new commit that undoes what it did.

/// What a revert did.
public enum RevertOutcome: Sendable, Equatable {
  case reverted(Commit)
  /// The branch shows nothing of the commit any more.
  case nothingToDo
  /// Nothing was changed, because so many of its rows were changed again, or are referred to, since.
  case conflicts(Int)
}

extension Store {
  /// Undoes on a branch what a commit did, with a commit that brings back what it retired and retires what it bore.
  ///
  /// It is a three-way merge: of the commit as the base, the branch as our side and the commit's parent as theirs. A row
  /// that later commits changed again, or refer to, is a conflict, and then nothing is changed.
  ///
  /// - Parameters:
  ///   - parent: which parent to go back to, counted from 1; a merge has two.
  ///   - onConflict: is lent each conflict: `base` is the row as the commit left it, `theirs` as it was before it.
  /// - Throws: `.refused` for a commit that isn't in the branch's history, or has no such parent.
  /// - Complexity: linear in what the commit changed and what was changed since.
  public func revert(
    _ revision: Revision, parent: Int = 1, isDryRun: Bool = false, context: CommitContext,
    onConflict: (MergeConflict) throws -> Void
  ) throws -> RevertOutcome {
    try lending(to: onConflict) { onConflict in
      try commit(keep: { if !isDryRun, case .reverted = $0 { true } else { false } }) { connection in
        try connection.revert(revision, parent: parent, context: context, onConflict: onConflict)
      }
    }
  }
}

extension Connection {
  fileprivate func revert(
    _ revision: Revision, parent number: Int, context: CommitContext, onConflict: (MergeConflict) throws -> Void
  ) throws -> RevertOutcome {
    let branch = try context.branch ?? currentBranch()
    let (tip, commit) = try (branchTip(branch), self.commit(resolve(revision)))
    guard try Divergence(tip, commit.sequence, in: self).onlySecond.isEmpty else {
      throw AufdbError(
        .refused, "commit \(commit.id.short) is not in the history of '\(branch)'",
        hint: "only what a branch has can be taken back from it")
    }
    guard number >= 1, number <= commit.parents.count else {
      throw AufdbError(
        .refused,
        commit.parents.isEmpty
          ? "commit \(commit.id.short) is the first one: there is nothing before it"
          : "commit \(commit.id.short) has no parent \(number)")
    }
    let parent = try resolve(Revision(commit.parents[number - 1].description))
    let change = try Change(branch: branch, in: self)
    let sides = try ThreeWay(
      ours: Difference(commit.sequence, tip, in: self),
      theirs: Difference(commit.sequence, parent, in: self))
    var conflicts = 0
    for relation in try sides.relations(ofTheirs: true) {
      try sides.forEach(relation, onlyShared: false) { rows, _ in
        switch rows.decision {
        case .same, .ours: break
        case .theirs:
          if rows.theirs.place != nil { try rows.theirs.copy(to: change.writer(relation)) }
          if let id = rows.ours.id { try change.retire(relation, id) }
        case .conflict:
          conflicts += 1
          try onConflict(MergeConflict(relation, rows))
        }
      }
    }
    conflicts += try change.reportDangling(onConflict)
    guard conflicts == 0 else { return .conflicts(conflicts) }
    guard !change.isEmpty else { return .nothingToDo }
    let made = try change.finish(
      message: context.message ?? "Revert \"\(commit.message)\"",
      operation: Operation(
        "revert", ["commit": .text(commit.id.description), "parent": .integer(Int64(number))]
      ).json, author: context.author, milliseconds: context.milliseconds)
    return .reverted(made)
  }
}

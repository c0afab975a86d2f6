// What becomes of a store's branches and tags when others arrive for them.

/// Where the branches of a bundle go, and what is done where they can't.
struct ArrivalRules {
  /// The name that the bundle's only branch gets here.
  var newName: RefName?
  /// Says what to do where a branch has gone another way here; nil to let it stay where it is, to be merged.
  var divergenceHint: ((_ branch: String) -> String)?
}

/// A branch of the bundle, as it will be here.
struct ArrivingBranch {
  var name: String
  /// Its tip here so far; nil where there is none.
  var old: Int64?
  /// The tip that arrived.
  var tip: Int64
  /// Where its new commits get their row ids from.
  var lane: Lane
  /// Whether it has gone another way here, and stays where it is.
  var isDiverged = false
}

extension Connection {
  /// Makes and moves the branches of a bundle, whose commits are in the log, and makes its tags.
  ///
  /// - Returns: the branches, with the one first that is current here, or else with the sender; and what has changed.
  /// - Throws: `.refused` for a name that is taken by something else, or a branch that has gone another way.
  func moveRefs(
    _ header: BundleHeader, _ rules: ArrivalRules
  ) throws -> (branches: [ArrivingBranch], changes: [TransferReport.RefChange]) {
    var changes: [TransferReport.RefChange] = []
    var branches: [ArrivingBranch] = []
    let current = try currentBranch()
    func rank(_ ref: BundleRef) -> Int { ref.name == current ? 0 : ref.name == header.currentBranch ? 1 : 2 }
    for ref in header.branches.enumerated().sorted(by: { (rank($0.1), $0.0) < (rank($1.1), $1.0) }).map(\.1) {
      let name = rules.newName?.description ?? ref.name
      let branch = try moveBranch(name, to: number(of: ref.commit), rules)
      branches.append(branch)
      let old = try branch.old.map { try commit($0).id }
      if !branch.isDiverged, try old != commit(branchTip(name)).id {
        changes.append(.init(kind: .branch, name: name, old: old, new: ref.commit))
      }
    }
    for ref in header.refs where ref.kind == .tag {
      if try makeTag(ref) { changes.append(.init(kind: .tag, name: ref.name, old: nil, new: ref.commit)) }
    }
    return (branches, changes)
  }

  /// The number of a commit that is in the log.
  func number(of id: CommitID) throws -> Int64 {
    let number = try first("SELECT seq FROM commit_log WHERE id = ?1", .blob(id.bytes)) { $0.integer(0) }
    guard let number else { throw AufdbError(.internalDefect, "commit \(id.short) was not stored") }
    return number
  }

  private func moveBranch(_ name: String, to tip: Int64, _ rules: ArrivalRules) throws -> ArrivingBranch {
    let found = try first("SELECT kind, commit_seq, lane FROM ref WHERE name = ?1", .text(name)) {
      (kind: $0.string(0), tip: $0.integer(1), lane: $0.integer(2))
    }
    guard let found else {
      let lane = try takeLane()
      try execute(
        "INSERT INTO ref (name, kind, commit_seq, lane) VALUES (?1, 'branch', ?2, ?3)", .text(name), .integer(tip),
        .integer(lane.number))
      return ArrivingBranch(name: name, old: nil, tip: tip, lane: lane)
    }
    guard found.kind == Ref.Kind.branch.rawValue else {
      throw AufdbError(
        .refused, "'\(name)' is a branch there and a tag here", hint: "delete or rename one of the two")
    }
    var branch = ArrivingBranch(name: name, old: found.tip, tip: tip, lane: try Lane(found.lane))
    let divergence = try Divergence(found.tip, tip, in: self)
    if divergence.onlySecond.isEmpty { return branch }
    guard divergence.onlyFirst.isEmpty else {
      guard let hint = rules.divergenceHint else {
        branch.isDiverged = true
        return branch
      }
      throw AufdbError(
        .refused,
        divergence.bases.isEmpty
          ? "the two branches '\(name)' have no commit in common"
          : "the branch '\(name)' has gone another way here: \(divergence.onlyFirst.count) of its commits are not there",
        hint: hint(name))
    }
    try execute("UPDATE ref SET commit_seq = ?2 WHERE name = ?1 AND kind = 'branch'", .text(name), .integer(tip))
    return branch
  }

  /// - Returns: whether the tag is new.
  private func makeTag(_ ref: BundleRef) throws -> Bool {
    let commit = try number(of: ref.commit)
    let found = try first("SELECT kind, commit_seq FROM ref WHERE name = ?1", .text(ref.name)) {
      (kind: $0.string(0), commit: $0.integer(1))
    }
    guard let found else {
      try execute(
        "INSERT INTO ref (name, kind, commit_seq) VALUES (?1, 'tag', ?2)", .text(ref.name), .integer(commit))
      return true
    }
    guard found.kind == Ref.Kind.tag.rawValue else {
      throw AufdbError(
        .refused, "'\(ref.name)' is a tag there and a branch here", hint: "delete or rename one of the two")
    }
    guard found.commit == commit else {
      throw AufdbError(
        .refused, "the tag '\(ref.name)' is at another commit here: \(try self.commit(found.commit).id.short)",
        hint: "tags don't move; delete or rename one of the two")
    }
    return false
  }
}

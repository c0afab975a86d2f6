// Branches and tags: names for commits. None of these makes a commit, and none costs more than a few rows.

/// A branch or a tag.
public struct Ref: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case branch, tag
  }

  public var name: String
  public var kind: Kind
  public var commit: CommitID
  /// Whether verbs commit to it unless they are told another one.
  public var isCurrent: Bool
}

extension Store {
  /// All branches or all tags, by name.
  public func refs(_ kind: Ref.Kind) throws -> [Ref] {
    try read { connection in
      let current = try connection.currentBranch()
      return try connection.all(
        """
        SELECT r.name, c.id FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq
        WHERE r.kind = ?1 ORDER BY r.name
        """, .text(kind.rawValue)
      ) { row in
        let name = row.string(0)
        return Ref(
          name: name, kind: kind, commit: CommitID(row.bytes(1)), isCurrent: kind == .branch && name == current)
      }
    }
  }

  /// Makes a branch or a tag at a commit; instantly, whatever the store's size.
  ///
  /// - Throws: `.refused` where the name is taken, or the revision unknown or pruned.
  @discardableResult
  public func createRef(_ kind: Ref.Kind, _ name: RefName, at revision: Revision = .head) throws -> Commit {
    try writeRefs { connection in
      guard try connection.refKind(name.description) == nil else {
        throw AufdbError(.refused, "there is a branch or tag '\(name)' already", hint: "choose another name")
      }
      let commit = try connection.resolve(revision)
      try connection.requireWhole(commit)
      let seesPast = try kind == .branch && connection.maySeePast(commit)
      try connection.execute(
        "INSERT INTO ref (name, kind, commit_seq, sees_past, lane) VALUES (?1, ?2, ?3, ?4, ?5)",
        .text(name.description), .text(kind.rawValue), .integer(commit), .integer(seesPast ? 1 : 0),
        kind == .branch ? .integer(connection.takeLane().number) : .null)
      return try connection.commit(commit)
    }
  }

  /// Deletes a branch or a tag. The commits stay, to be named by their ids.
  ///
  /// - Parameter force: whether a branch is deleted though no other branch or tag has its commits.
  /// - Throws: `.refused` for the current branch, an unknown name, or commits that would be lost from sight.
  public func deleteRef(_ kind: Ref.Kind, _ name: String, force: Bool = false) throws {
    try writeRefs { connection in
      let tip = try connection.tip(kind, name)
      if kind == .branch {
        guard try connection.currentBranch() != name else {
          throw AufdbError(
            .refused, "'\(name)' is the current branch", hint: "`aufdb switch STORE BRANCH` to another one first")
        }
        let others = try connection.all("SELECT commit_seq FROM ref WHERE name <> ?1", .text(name)) { $0.integer(0) }
        let isKept = try others.contains { try connection.ancestors(of: $0).contains(tip) }
        guard isKept || force else {
          throw AufdbError(
            .refused, "no other branch or tag has the commits of '\(name)'", hint: "--force deletes it all the same")
        }
      }
      try connection.execute("DELETE FROM ref WHERE name = ?1", .text(name))
      if kind == .branch {
        // What only it kept live.
        try connection.sweepPast(
          retiredBy: connection.all("SELECT DISTINCT commit_seq FROM retirement WHERE in_live = 1") { $0.integer(0) })
      }
    }
  }

  /// Gives a branch another name.
  public func renameBranch(_ name: String, to newName: RefName) throws {
    try writeRefs { connection in
      _ = try connection.tip(.branch, name)
      guard try connection.refKind(newName.description) == nil else {
        throw AufdbError(.refused, "there is a branch or tag '\(newName)' already", hint: "choose another name")
      }
      try connection.execute("UPDATE ref SET name = ?2 WHERE name = ?1", .text(name), .text(newName.description))
      try connection.execute(
        "UPDATE setting SET value = ?2 WHERE name = 'current_branch' AND value = ?1", .text(name),
        .text(newName.description))
    }
  }

  /// Makes a branch the one that verbs commit to, and that the persistent views show.
  public func switchBranch(to name: String) throws {
    try writeRefs { connection in
      _ = try connection.tip(.branch, name)
      try connection.execute("UPDATE setting SET value = ?1 WHERE name = 'current_branch'", .text(name))
    }
  }

  private func writeRefs<T>(_ body: (Connection) throws -> T) throws -> T {
    try write { connection in
      let result = try body(connection)
      try connection.refreshHeadViews()
      return result
    } keep: { _ in
      true
    }
  }
}

extension Connection {
  /// The commit of a branch.
  func branchTip(_ name: String) throws -> Int64 { try tip(.branch, name) }

  fileprivate func refKind(_ name: String) throws -> String? {
    try first("SELECT kind FROM ref WHERE name = ?1", .text(name)) { $0.string(0) }
  }

  /// The commit of a branch or tag.
  fileprivate func tip(_ kind: Ref.Kind, _ name: String) throws -> Int64 {
    let found = try first(
      "SELECT commit_seq FROM ref WHERE name = ?1 AND kind = ?2", .text(name), .text(kind.rawValue)
    ) { $0.integer(0) }
    guard let found else { throw try unknown(kind, name) }
    return found
  }

  /// Whether some rows of a commit may be past: not at a tip that sees none, and not while nothing is.
  fileprivate func maySeePast(_ commit: Int64) throws -> Bool {
    guard try !isLiveTip(commit) else { return false }
    return try Relation.allCases.contains { relation in
      try first("SELECT 1 FROM main.\(relation.table) WHERE place < 0 LIMIT 1", read: { _ in true }) != nil
    }
  }
}

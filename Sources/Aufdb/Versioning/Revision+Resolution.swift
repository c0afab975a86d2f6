// Finding the commit that a revision names.

extension Store {
  /// The name of the branch that verbs commit to unless they are told another one.
  public func currentBranch() throws -> String { try read { try $0.currentBranch() } }

  /// The commit that a revision names.
  public func commit(_ revision: Revision) throws -> Commit {
    try read { try $0.commit($0.resolve(revision)) }
  }
}

extension Connection {
  /// The name of the current branch.
  func currentBranch() throws -> String {
    let name = try first("SELECT value FROM setting WHERE name = 'current_branch'") { $0.string(0) }
    guard let name else { throw AufdbError(.badData, "the store is damaged: it has no current branch") }
    return name
  }

  /// The number of the commit that `revision` names.
  ///
  /// - Throws: `.refused`: nothing, or more than one commit, is named so.
  /// - Complexity: a step through an index for each commit that is gone back.
  func resolve(_ revision: Revision) throws -> Int64 {
    let name = revision.base == "HEAD" ? try currentBranch() : revision.base
    var commit =
      if let date = revision.date {
        try tip(of: name, at: date, revision)
      } else {
        try self.commit(named: name, revision)
      }
    guard !revision.steps.isEmpty else { return commit }
    let parents = try parentStatement()
    for step in revision.steps {
      let (count, number) =
        switch step {
        case .back(let count): (count, 1)
        case .parent(0): (0, 1)
        case .parent(let number): (1, number)
        }
      for _ in 0..<count {
        guard let parent = try parent(number, of: commit, parents) else {
          throw try noParent(number, of: commit, revision)
        }
        commit = parent
      }
    }
    return commit
  }

  /// The commit of a branch or tag, or the one whose id begins so.
  private func commit(named name: String, _ revision: Revision) throws -> Int64 {
    if let commit = try first("SELECT commit_seq FROM ref WHERE name = ?1", .text(name), read: { $0.integer(0) }) {
      return commit
    }
    guard let prefix = CommitIDPrefix(name), case let found = try commits(prefix, limit: 2), !found.isEmpty else {
      throw try unknown(nil, name, in: revision.description)
    }
    guard found.count == 1 else { throw try ambiguous(prefix, name) }
    return found[0]
  }

  /// The commit that a branch was at a time; see the top of Revision.swift.
  private func tip(of name: String, at date: RevisionDate, _ revision: Revision) throws -> Int64 {
    let tip = try first("SELECT commit_seq FROM ref WHERE name = ?1 AND kind = 'branch'", .text(name)) {
      $0.integer(0)
    }
    guard var commit = tip else { throw try notABranch(name, revision) }
    let times = try statement("SELECT time FROM commit_log WHERE seq = ?1")
    let parents = try parentStatement()
    while true {
      times.bind(1, commit)
      guard try times.step() else { throw Self.missing(commit) }
      let time = times.integer(0)
      times.reset()
      if time <= date.last { return commit }
      guard let parent = try parent(1, of: commit, parents) else {
        throw AufdbError(
          .refused, "\(name.quoted) has no commit of \(date) or before",
          hint: "its first one is of \(try self.commit(commit).time)")
      }
      commit = parent
    }
  }

  /// What to say where the base of `main@{DATE}` isn't a branch.
  private func notABranch(_ name: String, _ revision: Revision) throws -> AufdbError {
    let isTag = try first("SELECT 1 FROM ref WHERE name = ?1", .text(name), read: { _ in true }) != nil
    let isCommit = try CommitIDPrefix(name).map { try !commits($0, limit: 1).isEmpty } ?? false
    guard isTag || isCommit else { return try unknown(.branch, name) }
    return AufdbError(
      .refused, "there is no revision \(revision.description.quoted): \(name.quoted) is a \(isTag ? "tag" : "commit")",
      hint: "only a branch is something else at another time: leave out @{...}")
  }

  /// Finds one parent of a commit: ?1 is the commit, ?2 the parent's position.
  private func parentStatement() throws -> SQLStatement {
    try statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1 AND position = ?2")
  }

  /// A parent by its number, which counts from 1; nil where the commit has fewer.
  private func parent(_ number: Int, of commit: Int64, _ parents: SQLStatement) throws -> Int64? {
    parents.bind(1, commit)
    parents.bind(2, Int64(number) - 1)
    defer { parents.reset() }
    guard try parents.step() else { return nil }
    // Otherwise a damaged store could lead around in circles.
    guard parents.integer(0) < commit else { throw Self.missing(commit) }
    return parents.integer(0)
  }

  private func noParent(_ number: Int, of commit: Int64, _ revision: Revision) throws -> AufdbError {
    let child = try self.commit(commit)
    let reason =
      switch child.parents.count {
      case 0: "history ends before it"
      case 1: "\(child.id.short) has one parent"
      case let count: "\(child.id.short) has \(count) parents"
      }
    return AufdbError(.refused, "there is no revision \(revision.description.quoted): \(reason)")
  }
}

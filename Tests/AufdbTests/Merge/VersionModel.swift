// Branches, merges and reverts as plain sets of row versions: what every commit should show, computed the slow way.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// A store, and beside it every row version with the commits that bore and retired it.
final class VersionModel {
  let folder: ScratchFolder
  let path: String
  var generator: SeededGenerator
  /// By name: the number of the commit.
  private(set) var tips: [String: Int64]
  /// By number: a commit's parents, and its id.
  private(set) var parents: [Int64: [Int64]] = [:]
  private(set) var ids: [Int64: CommitID] = [:]
  private var versions: [(row: ModelRow, born: Int64, retired: Set<Int64>)] = []
  private var clock: Int64 = 1_000
  /// Commits that saw a row version which was pruned, and so can't be read any more.
  private(set) var pruned: Set<Int64> = []
  private var dropped: Set<Int> = []

  init(seed: UInt64) throws {
    folder = try ScratchFolder()
    path = folder.path("store.aufdb")
    generator = SeededGenerator(seed: seed)
    let root = try Store.create(at: path, context: CommitContext(author: "root", milliseconds: 1_000))
    tips = ["main": root.sequence]
    parents[root.sequence] = []
    ids[root.sequence] = root.id
  }

  func writer() throws -> Store { try Store(path, for: .writing(waitSeconds: 5, command: "test")) }

  func context(_ branch: String) -> CommitContext {
    clock += 1_000
    return CommitContext(branch: branch, author: "tester", milliseconds: clock)
  }

  func ancestors(_ commit: Int64) -> Set<Int64> {
    var found: Set<Int64> = []
    var waiting = [commit]
    while let next = waiting.popLast() {
      if found.insert(next).inserted { waiting += parents[next] ?? [] }
    }
    return found
  }

  /// The row versions that a set of commits sees together.
  private func seen(_ commits: Set<Int64>) -> [Int] {
    versions.indices.filter {
      commits.contains(versions[$0].born) && versions[$0].retired.isDisjoint(with: commits)
    }
  }

  /// The row versions that some commits see together, by relation and key.
  func versions(_ commits: Set<Int64>) -> [String: (number: Int, row: ModelRow)] {
    var found: [String: (number: Int, row: ModelRow)] = [:]
    for index in seen(commits) {
      let row = versions[index].row
      found["\(row.relation) \(row.key)"] = (index, row)
    }
    return found
  }

  /// What a commit shows, as rows by relation and key; a key that stands twice is a failure.
  func state(_ commit: Int64) -> ModelState {
    var state = ModelState()
    for index in seen(ancestors(commit)) {
      let row = versions[index].row
      #expect(state.row(row.relation, row.key) == nil, "\(row.relation.name) \(row.key) stands twice")
      state.apply(ModelChange(added: [row]))
    }
    return state
  }

  /// Notes a commit that the store made: whatever its parents see together becomes `state`.
  func note(_ commit: Commit, on branch: String, state: ModelState) throws {
    let its = try commit.parents.map { id in try #require(ids.first { $0.value == id }).key }
    parents[commit.sequence] = its
    ids[commit.sequence] = commit.id
    let inherited = its.reduce(into: Set<Int64>()) { $0.formUnion(ancestors($1)) }
    var missing = state
    for index in seen(inherited) {
      let row = versions[index].row
      if missing.row(row.relation, row.key) == row {
        missing.apply(ModelChange(retired: [row]))
      } else {
        versions[index].retired.insert(commit.sequence)
      }
    }
    for row in missing.all { versions.append((row, commit.sequence, [])) }
    tips[branch] = commit.sequence
  }

  /// Commits that can be read.
  var whole: [Int64] { parents.keys.filter { !pruned.contains($0) }.sorted() }

  /// Prunes to the newest `count` commits of each branch.
  func prune(keeping count: Int) throws {
    var kept: Set<Int64> = []
    for tip in tips.values { kept.formUnion(ancestors(tip).sorted(by: >).prefix(count)) }
    let visible = kept.reduce(into: Set<Int>()) { $0.formUnion(seen(ancestors($1))) }
    dropped.formUnion(Set(versions.indices).subtracting(visible))
    for commit in parents.keys where !dropped.isDisjoint(with: seen(ancestors(commit))) { pruned.insert(commit) }
    let report = try writer().prune(PruneOptions(keepCount: count))
    #expect(report.keptCount == kept.count)
  }

  func move(_ branch: String, to commit: Int64) { tips[branch] = commit }

  func branch(_ name: String, at commit: Int64) throws {
    try writer().createRef(.branch, RefName(name), at: Revision(try #require(ids[commit]).description))
    tips[name] = commit
  }

  func delete(_ branch: String) throws {
    try writer().deleteRef(.branch, branch, force: true)
    tips[branch] = nil
  }

  /// A random change on a branch.
  func change(_ branch: String, count: Int) throws {
    let state = state(try #require(tips[branch]))
    let change = generator.change(of: state, count: count)
    guard change != ModelChange() else { return }
    try self.commit(change, to: branch)
  }

  func commit(_ change: ModelChange, to branch: String) throws {
    let (commit, _) = try writer().commit(context(branch)) { making in
      for row in change.retired { try making.retire(row.relation, making.id(of: row)) }
      for row in change.added { try making.writer(row.relation).add(row) }
      return (CommitNote(message: "change", operation: Operation("test")), ())
    }
    var after = state(try #require(tips[branch]))
    after.apply(change)
    try note(try #require(commit), on: branch, state: after)
  }

  /// Expects the store to show the model's rows at a commit.
  func expect(_ commit: Int64, in store: Store, _ comment: Comment) throws {
    guard !pruned.contains(commit) else {
      let revision = try Revision(try #require(ids[commit]).description)
      #expect(throws: AufdbError.self, comment) { try store.contents(at: revision) }
      return
    }
    let model = state(commit)
    let found = try store.contents(at: Revision(try #require(ids[commit]).description))
    for relation in Relation.allCases {
      let rows = found[relation] ?? []
      #expect(
        rows.count == model.rows(of: relation).count && rows.allSatisfy { model.row(relation, $0.key) == $0 },
        "\(relation.name) at commit \(commit): \(comment.rawValue)")
    }
  }

  func expectTips(_ comment: Comment) throws {
    let store = try Store(path, for: .reading)
    for tip in tips.values { try expect(tip, in: store, comment) }
  }

  func expectAll(_ comment: Comment) throws {
    let store = try Store(path, for: .reading)
    for commit in parents.keys.sorted() { try expect(commit, in: store, comment) }
    let problems = try store.verify().problems
    #expect(problems == [], comment)
  }
}

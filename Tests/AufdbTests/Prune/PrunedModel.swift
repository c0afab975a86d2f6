// What pruning should leave of a modelled store: which row versions, and which commits are whole.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// One row version: in one commit a key is born once at most.
struct ModelVersion: Hashable {
  let birth: Int64
  let relation: Relation
  let key: String
}

/// A modelled store, its refs, and what was dropped of it so far.
final class PrunedModel {
  let modelled: ModelledStore
  /// The branches that there are, apart from those that were deleted.
  var branches: Set<String> = ["main"]
  var tags: [String: Int64] = [:]
  private(set) var dropped: Set<ModelVersion> = []
  /// By commit number less 1: the row versions that it sees.
  private var seen: [Set<ModelVersion>] = []
  private var rows: [ModelVersion: ModelRow] = [:]

  init(seed: UInt64) throws { modelled = try ModelledStore(seed: seed) }

  /// Looks at the commits that were made since.
  private func update() {
    for commit in modelled.history.dropFirst(seen.count) {
      var state = commit.parents.first.map { seen[Int($0) - 1] } ?? []
      let gone = Set(commit.change.retired.map { "\($0.relation) \($0.key)" })
      state = state.filter { !gone.contains("\($0.relation) \($0.key)") }
      for row in commit.change.added {
        let version = ModelVersion(birth: commit.sequence, relation: row.relation, key: row.key)
        rows[version] = row
        state.insert(version)
      }
      seen.append(state)
    }
  }

  /// The commit and its ancestors, the newest first.
  private func log(_ tip: Int64) -> [Int64] {
    [tip] + (modelled.model(tip).parents.first.map { log($0) } ?? [])
  }

  private func kept(_ count: Int) -> Set<Int64> {
    var kept = Set(tags.values)
    for branch in branches {
      if let tip = modelled.branches[branch]?.tip { kept.formUnion(log(tip).prefix(count)) }
    }
    return kept
  }

  func isWhole(_ commit: Int64) -> Bool {
    update()
    return seen[Int(commit) - 1].isDisjoint(with: dropped)
  }

  var prunedCount: Int { modelled.history.filter { !isWhole($0.sequence) }.count }

  /// What pruning should report, without the file's size; notes what it drops.
  func prune(keepCount: Int) -> PruneReport {
    update()
    let (kept, before) = (kept(keepCount), prunedCount)
    let visible = kept.reduce(into: Set()) { $0.formUnion(seen[Int($1) - 1]) }
    let gone = Set(rows.keys).subtracting(visible).subtracting(dropped)
    dropped.formUnion(gone)
    var report = PruneReport()
    report.keptCount = kept.count
    report.prunedCount = prunedCount - before
    for relation in Relation.allCases {
      let part = gone.filter { $0.relation == relation }
      guard !part.isEmpty else { continue }
      let bytes = part.reduce(0) { sum, version in
        sum + (rows[version]?.values ?? []).reduce(0) { $0 + Self.size($1) }
      }
      report.dropped.append(PruneReport.Dropped(relation: relation, rowCount: part.count, sizeBytes: bytes))
    }
    return report
  }

  private static func size(_ value: StoredValue) -> Int {
    switch value {
    case .null: 0
    case .integer, .real: 8
    case .text(let bytes), .blob(let bytes): bytes.count
    }
  }

  /// Expects every commit to show its rows or to be refused, and a sound store.
  func expectAll(in store: Store, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for commit in modelled.history {
      #expect(
        try store.commit(Revision(commit.id.description)).isPruned == !isWhole(commit.sequence), comment,
        sourceLocation: sourceLocation)
      if isWhole(commit.sequence) {
        try modelled.expectState(at: commit.sequence, in: store, comment, sourceLocation: sourceLocation)
      } else {
        let error = #expect(throws: AufdbError.self, comment, sourceLocation: sourceLocation) {
          try store.contents(at: Revision(commit.id.description))
        }
        #expect(error?.kind == .refused, comment, sourceLocation: sourceLocation)
        #expect(
          error?.message == "commit \(commit.id.short) was pruned: some of its rows are gone", comment,
          sourceLocation: sourceLocation)
      }
    }
    let report = try store.verify()
    #expect(report.problems == [], comment, sourceLocation: sourceLocation)
    #expect(report.prunedCount == prunedCount, comment, sourceLocation: sourceLocation)
    #expect(report.rowCount == rows.count - dropped.count, comment, sourceLocation: sourceLocation)
    #expect(try store.verify(quick: true).problems == [], comment, sourceLocation: sourceLocation)
  }
}

extension PrunedModel {
  /// Some commits on branches that come and go, and tags.
  func grow(steps: Int) throws {
    for step in 0..<steps {
      let commits = modelled.history.map(\.sequence).filter { isWhole($0) }
      let any = try #require(commits.randomElement(using: &modelled.generator))
      switch modelled.generator.next() % 12 {
      case 0 where branches.count < 6:
        let name = "b\(modelled.branches.count)"
        let tips = branches.compactMap { modelled.branches[$0]?.tip }.sorted()
        let at = try modelled.generator.next() % 2 == 0 ? any : #require(tips.randomElement(using: &modelled.generator))
        try modelled.branch(name, at: at)
        branches.insert(name)
      case 1 where branches.count > 2:
        guard let name = branches.subtracting(["main"]).sorted().randomElement(using: &modelled.generator) else {
          break
        }
        try modelled.writer().deleteRef(.branch, name, force: true)
        branches.remove(name)
      case 2:
        let name = "t\(modelled.history.count)-\(step)"
        try modelled.writer().createRef(
          .tag, RefName(name), at: Revision(modelled.model(any).id.description))
        tags[name] = any
      case 3:
        guard let name = tags.keys.sorted().randomElement(using: &modelled.generator) else { break }
        try modelled.writer().deleteRef(.tag, name)
        tags[name] = nil
      default: break
      }
      let branch = try #require(branches.sorted().randomElement(using: &modelled.generator))
      try modelled.commitRandomly(to: branch, count: 5)
    }
  }
}

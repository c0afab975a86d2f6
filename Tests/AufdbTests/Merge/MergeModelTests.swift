// Branches, merges, reverts and prunes at random against the model.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Branches, merges, reverts and prunes against a model")
struct MergeModelTests {
  @Test("Every commit goes on showing what it should", arguments: [63, 65, 66, 70, 79, 80, 81, 82] as [UInt64])
  func histories(seed: UInt64) throws {
    let model = try VersionModel(seed: seed)
    var counts: [String: Int] = [:]
    for step in 0..<70 {
      let comment: Comment = "seed \(seed), step \(step)"
      let names = model.tips.keys.sorted()
      let branch = try #require(names.randomElement(using: &model.generator))
      let other = try #require(names.randomElement(using: &model.generator))
      switch model.generator.next() % 12 {
      case 0 where names.count < 4:
        try model.branch("b\(step)", at: try #require(model.whole.randomElement(using: &model.generator)))
      case 6 where step % 2 == 0:
        try model.prune(keeping: Int.random(in: 1...8, using: &model.generator))
        if !model.pruned.isEmpty { counts["pruned", default: 0] += 1 }
      case 1 where branch != "main" && model.generator.next() % 3 == 0: try model.delete(branch)
      case 2, 3, 4: counts[try Self.merge(model, other, into: branch, comment), default: 0] += 1
      case 5: counts[try Self.revert(model, on: branch, comment), default: 0] += 1
      default: try model.change(branch, count: 4)
      }
      try model.expectTips(comment)
    }
    try model.expectAll("seed \(seed)")
    for outcome in ["merged", "pruned"] { #expect(counts[outcome, default: 0] > 0, "seed \(seed): \(counts)") }
  }

  /// Merges one branch into another, expecting what three-way merging by key gives; returns what came of it.
  private static func merge(
    _ model: VersionModel, _ other: String, into branch: String, _ comment: Comment
  ) throws -> String {
    let (ours, theirs) = (try #require(model.tips[branch]), try #require(model.tips[other]))
    let common = model.ancestors(ours).intersection(model.ancestors(theirs))
    let bases = common.filter { one in !common.contains { $0 != one && model.ancestors($0).contains(one) } }
    guard bases.isDisjoint(with: model.pruned), model.pruned.isEmpty || bases.count == 1 else { return "pruned" }
    let preferred = [MergeSide.ours, .theirs, nil].randomElement(using: &model.generator) ?? nil
    var conflicts: [MergeConflict] = []
    let outcome = try model.writer().merge(
      MergeOptions(Revision(other), preferring: preferred), context: model.context(branch)
    ) { conflicts.append($0) }
    switch outcome {
    case .upToDate:
      #expect(common.contains(theirs), comment)
      return "up to date"
    case .fastForward(_, let to):
      #expect(common.contains(ours) && to.sequence == theirs, comment)
      model.move(branch, to: theirs)
      return "fast forward"
    case .conflicts(let count):
      #expect(count == conflicts.count && count > 0, comment)
      #expect(preferred == nil || conflicts.allSatisfy(\.isDangling), comment)
      return "conflicts"
    case .merged(let commit, _):
      let state = try #require(try Self.merged(model, bases, ours, theirs, preferred), comment)
      try model.note(commit, on: branch, state: state)
      return "merged"
    }
  }

  /// The state that merging should give; nil where a conflict was overlooked.
  private static func merged(
    _ model: VersionModel, _ bases: Set<Int64>, _ ours: Int64, _ theirs: Int64, _ preferred: MergeSide?
  ) throws -> ModelState? {
    var bases = bases
    // As the store does where branches merged each other crosswise.
    while bases.count > 1 {
      let pair = bases.sorted(by: >).prefix(2)
      let common = model.ancestors(pair[0]).intersection(model.ancestors(pair[1]))
      bases.subtract(pair)
      bases.formUnion(common.filter { one in !common.contains { $0 != one && model.ancestors($0).contains(one) } })
    }
    let (mine, other) = (model.ancestors(ours), model.ancestors(theirs))
    let base = model.versions(model.ancestors(try #require(bases.first)))
    let (one, two, both) = (model.versions(mine), model.versions(other), model.versions(mine.union(other)))
    var result = ModelState()
    for key in Set(base.keys).union(one.keys).union(two.keys) {
      let (b, o, t) = (base[key]?.row, one[key]?.row, two[key]?.row)
      let row: ModelRow?
      if one[key]?.number == base[key]?.number || two[key]?.number == base[key]?.number {
        // Only one side touched it, and what both see together is what that side made of it.
        row = both[key]?.row
      } else if o == t || t == b {
        row = o
      } else if o == b {
        row = t
      } else if let preferred {
        row = preferred == .ours ? o : t
      } else {
        return nil
      }
      if let row { result.apply(ModelChange(added: [row])) }
    }
    return result
  }

  /// Reverts a random commit of a branch.
  private static func revert(_ model: VersionModel, on branch: String, _ comment: Comment) throws -> String {
    let tip = try #require(model.tips[branch])
    let candidates = model.ancestors(tip).filter { commit in
      let parent = model.parents[commit]?.first
      return parent.map { !model.pruned.contains($0) && !model.pruned.contains(commit) } ?? false
    }.sorted()
    guard let commit = candidates.suffix(6).randomElement(using: &model.generator) else { return "nothing" }
    let parent = try #require(model.parents[commit]?.first)
    let (before, after, now) = (model.state(parent), model.state(commit), model.state(tip))
    var conflicts: [MergeConflict] = []
    let outcome = try model.writer().revert(
      Revision(try #require(model.ids[commit]).description), context: model.context(branch)
    ) { conflicts.append($0) }
    var result = now
    var isConflict = false
    for change in DifferenceTests.modelChanges(from: after, to: before) {
      let current = now.row(change.relation, change.key)
      if current == change.new { continue }
      guard current == change.old else {
        isConflict = true
        continue
      }
      result.apply(ModelChange(retired: change.old.map { [$0] } ?? [], added: change.new.map { [$0] } ?? []))
    }
    switch outcome {
    case .reverted(let made):
      #expect(!isConflict, comment)
      try model.note(made, on: branch, state: result)
      return "reverted"
    case .nothingToDo:
      #expect(!isConflict && result == now, comment)
      return "nothing"
    case .conflicts(let count):
      #expect(count == conflicts.count && (isConflict || conflicts.allSatisfy(\.isDangling)), comment)
      return "conflicts"
    }
  }
}

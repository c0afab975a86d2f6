// Searching random histories with branches, at any revision, against a plain look at every text.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Search against a model") struct SearchModelTests {
  @Test(
    "Whatever is asked, at whatever revision, as the store grows", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func anyQuestionAnywhere(seed: UInt64) throws {
    let model = try SearchedModel(seed: seed)
    let modelled = model.modelled
    var (foundCount, askedCount) = (0, 0)
    for round in 0..<4 {
      try model.grow(steps: 12)
      let store = try Store(modelled.path, for: .reading)
      for _ in 0..<25 {
        let question = modelled.generator.question()
        let typed = question.typed(&modelled.generator)
        let commit = try #require(modelled.history.randomElement(using: &modelled.generator))
        let comment: Comment = "seed \(seed), round \(round), commit \(commit.sequence): \(typed)"
        var options = SearchOptions()
        options.revision = try Revision(commit.id.description)
        options.limit = 1_000
        let result = try store.search(typed, options)
        let expected = try model.found(question, at: commit)
        #expect(Set(result.hits.map(\.modelKey)) == expected, comment)
        #expect(result.hits.count == expected.count && result.hitCount == expected.count, comment)
        #expect(zip(result.hits, result.hits.dropFirst()).allSatisfy { $0.score >= $1.score }, comment)
        // A limit takes the first ones, whatever is equal.
        options.limit = Int.random(in: 0...4, using: &modelled.generator)
        let first = try store.search(typed, options)
        #expect(first.hits == Array(result.hits.prefix(options.limit)), comment)
        #expect(first.hitCount == expected.count && first.indexing == nil, comment)
        foundCount += expected.count
        askedCount += 1
      }
    }
    #expect(foundCount > askedCount, "seed \(seed): questions find something")
  }

  @Test("An index that grew with the store ranks as one that was made of it at once", arguments: [11, 12] as [UInt64])
  func grownOrMade(seed: UInt64) throws {
    let model = try SearchedModel(seed: seed)
    for _ in 0..<8 {
      try model.grow(steps: 4)
      _ = try Store(model.modelled.path, for: .reading).updateSearchIndex()
    }
    let store = try Store(model.modelled.path, for: .reading)
    let grown = try store.search("alpha OR beta OR café OR 漢 NOT t")
    try model.modelled.folder.remove("store.aufdb-search")
    let made = try store.search("alpha OR beta OR café OR 漢 NOT t")
    #expect(grown.hits == made.hits && grown.hitCount > 0, "seed \(seed)")
    #expect(grown.indexing == nil && made.indexing?.action == .made, "seed \(seed)")
  }

  @Test("What was pruned is neither found nor counted", arguments: [21, 22] as [UInt64])
  func pruned(seed: UInt64) throws {
    let model = try SearchedModel(seed: seed)
    try model.grow(steps: 40)
    _ = try Store(model.modelled.path, for: .reading).updateSearchIndex()
    let report = try model.modelled.writer().prune(PruneOptions(keepCount: 2, compacts: false))
    model.modelled.close()
    try #require(report.dropped.contains { $0.relation == .responses })
    let store = try Store(model.modelled.path, for: .reading)
    let tip = try model.modelled.tip()
    var options = SearchOptions()
    options.limit = 1_000
    options.revision = "main"
    for turn in 0..<20 {
      let question = model.modelled.generator.question()
      let result = try store.search(question.typed(&model.modelled.generator), options)
      #expect(Set(result.hits.map(\.modelKey)) == (try model.found(question, at: tip)), "seed \(seed)")
      // Texts that are gone must not count for the ranking either, so the index is made anew.
      #expect(result.indexing?.action == (turn == 0 ? .made : nil), "seed \(seed)")
    }
  }
}

extension ScratchFolder {
  func remove(_ name: String) throws { try #require(unlink(path(name)) == 0) }
}

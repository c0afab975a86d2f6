// Pruning random histories with branches and tags, against the model: what is kept shows what it showed.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Pruning against a model")
struct PruneModelTests {
  /// What a report says of the rows, which the model knows, too.
  private func rows(_ report: PruneReport) -> PruneReport {
    var rows = report
    rows.fileBytes = nil
    rows.compactionFailure = nil
    return rows
  }

  @Test(
    "Branches that come and go, pruned again and again", arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func branches(seed: UInt64) throws {
    let model = try PrunedModel(seed: seed)
    let modelled = model.modelled
    for round in 0..<4 {
      let comment: Comment = "seed \(seed), round \(round)"
      try model.grow(steps: 14)
      if round % 2 == 1 { modelled.close() }
      let options = PruneOptions(
        keepCount: Int.random(in: 1...5, using: &modelled.generator), compacts: modelled.generator.next() % 2 == 0)
      let expected = model.prune(keepCount: options.keepCount)
      var dry = options
      dry.isDryRun = true
      #expect(try rows(modelled.writer().prune(dry)) == expected, comment)
      let report = try modelled.writer().prune(options)
      #expect(rows(report) == expected, comment)
      #expect((report.fileBytes == nil) == expected.isEmpty && report.compactionFailure == nil, comment)
      try model.expectAll(in: modelled.writer(), comment)
      #expect(try modelled.writer().prune(options).isEmpty, comment)
      try expectDifferences(model, comment)
    }
    try model.grow(steps: 6)
    modelled.close()
    #expect(model.prunedCount > 0, "seed \(seed)")
    try model.expectAll(in: Store(modelled.path, for: .reading), "seed \(seed)")
  }

  @Test("One branch: only what the newest commits see is left", arguments: [21, 22] as [UInt64])
  func linear(seed: UInt64) throws {
    let model = try PrunedModel(seed: seed)
    for _ in 0..<70 { try model.modelled.commitRandomly(count: 5) }
    for keepCount in [40, 41, 3, 1] {
      let expected = model.prune(keepCount: keepCount)
      let report = try model.modelled.writer().prune(PruneOptions(keepCount: keepCount))
      #expect(rows(report) == expected, "seed \(seed), keep \(keepCount)")
      #expect((keepCount == 41) == report.isEmpty, "seed \(seed), keep \(keepCount)")
      try model.expectAll(in: model.modelled.writer(), "seed \(seed), keep \(keepCount)")
    }
    // One commit sees all that is left.
    let counts = try model.modelled.writer().withConnection { connection in
      try Relation.allCases.map { try connection.integer("SELECT count(*) FROM \($0.table) WHERE place < 0") }
    }
    #expect(counts.allSatisfy { $0 == 0 }, "seed \(seed)")
  }

  /// Differences between whole commits are what they were; others are refused.
  private func expectDifferences(_ model: PrunedModel, _ comment: Comment) throws {
    let modelled = model.modelled
    for _ in 0..<6 {
      let pair = (0..<2).compactMap { _ in modelled.history.randomElement(using: &modelled.generator) }
      let range = DiffRange(
        from: try Revision(pair[0].id.description), to: try Revision(pair[1].id.description))
      guard model.isWhole(pair[0].sequence), model.isWhole(pair[1].sequence) else {
        let error = #expect(throws: AufdbError.self, comment) { try modelled.writer().diff(range) { _ in } }
        #expect(error?.message.hasSuffix(" was pruned: some of its rows are gone") == true, comment)
        continue
      }
      var found = 0
      var stat = DiffStat()
      try modelled.writer().diff(range) { change in
        found += 1
        stat.count(change)
      }
      #expect(try modelled.writer().diffStat(range) == stat, comment)
      let expected = Relation.allCases.reduce(0) { sum, relation in
        let keys = Set(pair.flatMap { $0.state.rows(of: relation).map(\.key) })
        return sum + keys.filter { pair[0].state.row(relation, $0) != pair[1].state.row(relation, $0) }.count
      }
      #expect(found == expected, comment)
    }
  }
}

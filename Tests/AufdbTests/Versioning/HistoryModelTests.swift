// Histories at random against a plain model: every commit ever made goes on showing exactly its rows.

import Testing

@testable import Aufdb

@Suite("Histories against a model")
struct HistoryModelTests {
  @Test("One branch: every past commit shows what it showed", arguments: [1] as [UInt64])
  func linear(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    for step in 0..<120 {
      let made = try #require(try modelled.commitRandomly(count: 4), "seed \(seed), step \(step)")
      if step % 23 == 0 { modelled.close() }
      let past = Int64.random(in: 1...made.sequence, using: &modelled.generator)
      try modelled.expectState(at: past, in: modelled.writer(), "seed \(seed), step \(step)")
      try modelled.expectState(at: made.sequence, in: modelled.writer(), "seed \(seed), step \(step)")
    }
    modelled.close()
    try modelled.expectAll("seed \(seed)")
  }

  @Test("Branches at tips and at old commits, in any order", arguments: [11, 12, 13] as [UInt64])
  func branches(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    for step in 0..<60 {
      let comment: Comment = "seed \(seed), step \(step)"
      if modelled.generator.next() % 9 == 0, modelled.branches.count < 7 {
        try addBranch(modelled)
      }
      let branch = try #require(modelled.branches.keys.sorted().randomElement(using: &modelled.generator))
      try modelled.commitRandomly(to: branch, count: 5)
      if step % 31 == 30 { modelled.close() }
      for (_, tip) in modelled.branches { try modelled.expectState(at: tip.tip, in: modelled.writer(), comment) }
      if step % 20 == 19 { #expect(try modelled.writer().verify().problems == [], comment) }
    }
    modelled.close()
    try modelled.expectAll("seed \(seed)")
  }

  /// A branch at a random tip, or at a random commit.
  private func addBranch(_ modelled: ModelledStore) throws {
    let isAtTip = modelled.generator.next() % 2 == 0
    let tips = modelled.branches.values.map(\.tip).sorted()
    let commits = modelled.history.map(\.sequence)
    let at = try #require((isAtTip ? tips : commits).randomElement(using: &modelled.generator))
    try modelled.branch("b\(modelled.branches.count)", at: at)
  }
}

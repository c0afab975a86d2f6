// The ledger of rows against a set of them, and with more rows than there is memory for.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Rows that an index names") struct RowLedgerTests {
  @Test("in any order, each once, at pages' edges, too", arguments: 1...3 as ClosedRange<UInt64>)
  func anyOrder(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = 70_000
    var ledger = RowLedger(rowCount: count, isAscending: false)
    var left = Set(0..<count)
    for row in (0..<count).shuffled(using: &generator).prefix(Int.random(in: 60_000...count, using: &generator)) {
      try ledger.take(row)
      left.remove(row)
      if row % 1_000 < 2 {
        #expect(throws: AufdbError(.badData, "row \(row) stands twice in the index"), "seed \(seed)") {
          try ledger.take(row)
        }
      }
    }
    #expect(ledger.namedCount == count - left.count, "seed \(seed)")
    let error = Result { try ledger.finish() }
    guard let first = left.min() else {
      try error.get()
      return
    }
    let message =
      "no line of the index names row \(first) of the matrix: of \(count) rows \(left.count) belong to nothing"
    #expect(throws: AufdbError(.badData, message), "seed \(seed)") { try error.get() }
  }

  @Test("as many rows as a number can say take no memory before they are named")
  func endless() throws {
    var ledger = RowLedger(rowCount: .max, isAscending: false)
    for row in [0, .max - 1, 1 << 40] { try ledger.take(row) }
    for row in [0, .max - 1, 1 << 40] {
      #expect(throws: AufdbError(.badData, "row \(row) stands twice in the index")) { try ledger.take(row) }
    }
    #expect(throws: AufdbError.self) { try ledger.take(.max) }
    let error = #expect(throws: AufdbError.self) { try ledger.finish() }
    #expect(error?.message.hasPrefix("no line of the index names row 1 of the matrix: ") == true)
  }
}

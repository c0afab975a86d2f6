// The table of hashes against a plain dictionary.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Hash table") struct HashTableTests {
  @Test("holds every hash with its latest row", arguments: 1...4 as ClosedRange<UInt64>)
  func rows(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    // Some are few and at either end, so that they come again, and runs of slots go round the end.
    let hashes = (0..<5000).map { _ -> UInt64 in
      switch generator.next() % 4 {
      case 0: generator.next() % 90 &* 2
      case 1: UInt64.max &- generator.next() % 900 &* 2
      default: generator.next()
      }
    }
    var table = HashTable(keepsRows: true)
    var set = HashTable(keepsRows: false)
    var model: [UInt64: Int64] = [:]
    for (row, hash) in hashes.enumerated() {
      #expect(set.contains(hash) == (model[hash | 1] != nil))
      #expect(table.row(hash) == model[hash | 1])
      table.insert(hash, row: Int64(row))
      set.insert(hash)
      model[hash | 1] = Int64(row)
    }
    #expect(table.count == model.count && set.count == model.count)
    for (hash, row) in model { #expect(table.row(hash) == row && set.contains(hash), "seed \(seed)") }
  }
}

// The table of hashes against a plain dictionary.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Hashes of prompts") struct PromptHashesTests {
  @Test("holds every hash with all of its rows", arguments: 1...4 as ClosedRange<UInt64>)
  func rows(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    // Few different hashes at either end, so that many rows share one, and runs of slots go round the end.
    let hashes = (0..<3000).map { _ in
      let base = generator.next() % 4 == 0 ? generator.next() % 50 &* 2 : UInt64.max &- generator.next() % 50 &* 2
      return seed % 2 == 0 ? generator.next() : base
    }
    var table = PromptHashes(keepsRows: true)
    var set = PromptHashes(keepsRows: false)
    var model: [UInt64: [Int64]] = [:]
    for (row, hash) in hashes.enumerated() {
      #expect(set.contains(hash) == (model[hash | 1] != nil))
      table.insert(hash, row: Int64(row))
      set.insert(hash)
      model[hash | 1, default: []].append(Int64(row))
    }
    #expect(table.count == 3000)
    for (hash, rows) in model {
      var found: [Int64] = []
      let nothing: Int64? = table.firstRow(hash) { row in
        found.append(row)
        return nil
      }
      #expect(nothing == nil && found.sorted() == rows, "seed \(seed)")
      #expect(table.firstRow(hash) { $0 == rows.last ? $0 : nil } == rows.last)
    }
    #expect(!set.contains(0x0123_4567_89AB_CDEE) || model[0x0123_4567_89AB_CDEF] != nil)
  }
}

// Pages that are in the wrong place, lost, or not what they should be: verify tells, or nothing that can be read changed.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Damaged pages", .timeLimit(.minutes(5)))
struct PageDamageTests {
  private let store: DamagedStore

  init() throws { store = try DamagedStore() }

  /// The first page, and some others, evenly spread, by seed.
  private func pages(step: Int, _ generator: inout SeededGenerator) -> [Int] {
    [1] + stride(from: Int.random(in: 2..<2 + step, using: &generator), through: store.pageCount, by: step)
  }

  private func swap(_ one: Int, _ other: Int) throws {
    let (first, second) = (store.range(ofPage: one), store.range(ofPage: other))
    try store.damaged { bytes in
      bytes.replaceSubrange(first, with: store.original[second])
      bytes.replaceSubrange(second, with: store.original[first])
    }
  }

  @Test("Two pages that changed places: neighbours and others", arguments: [1] as [UInt64])
  func swapped(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let neighbours = pages(step: 8, &generator).map { $0 < store.pageCount ? ($0, $0 + 1) : ($0, 1) }
    let others = (0..<5).map { _ in
      (
        Int.random(in: 1...store.pageCount, using: &generator), Int.random(in: 1...store.pageCount, using: &generator)
      )
    }
    for (one, other) in neighbours + others {
      try swap(one, other)
      let isTold = try store.expectNoLie("seed \(seed): pages \(one) and \(other)")
      // Empty trees of one kind are alike, and so are free pages.
      let isChange = store.original[store.range(ofPage: one)] != store.original[store.range(ofPage: other)]
      #expect(isTold || !isChange || one != 1 && other != 1, "pages \(one) and \(other)")
    }
  }

  @Test("A file that ends at the end of any of its pages")
  func cut() throws {
    for count in [1, 2, store.pageCount - 1] + stride(from: 0, to: store.pageCount, by: 3) {
      try store.restore(Array(store.original[..<(count * store.pageSize)]))
      #expect(try store.expectNoLie("\(count) pages"), "\(count) pages")
    }
  }

  @Test("A page of zeros in the place of a page", arguments: [4] as [UInt64])
  func zeros(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for page in pages(step: 6, &generator) {
      try store.restore(page: page, by: [UInt8](repeating: 0, count: store.pageSize))
      try store.expectNoLie("page \(page)")
    }
  }

  @Test("Another page's content in the place of a page", arguments: [2] as [UInt64])
  func replaced(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for page in pages(step: 6, &generator) {
      let other = Int.random(in: 1...store.pageCount, using: &generator)
      try store.restore(page: page, by: Array(store.original[store.range(ofPage: other)]))
      try store.expectNoLie("seed \(seed): page \(page) by page \(other)")
    }
  }

  @Test("A page's counts, and the places of its cells", arguments: [3] as [UInt64])
  func pointers(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for page in pages(step: 12, &generator) {
      let start = store.range(ofPage: page).lowerBound + (page == 1 ? 100 : 0)
      let count = store.original.bigEndian(at: start + 3, 2)
      let first = start + ([2, 5].contains(store.original[start]) ? 12 : 8)
      let numbers = [0, 1, 7, store.pageSize - 1, store.pageSize - 4, store.pageSize, 0xffff]
      let number = numbers.randomElement(using: &generator) ?? 0
      // The first free block, the count of cells, where they begin, the free bytes among them; and where a cell begins.
      var places = [start + 1, start + 3, start + 5]
      if count > 0 { places += [first, first + 2 * Int.random(in: 0..<count, using: &generator)] }
      for place in places {
        try store.damaged { $0.put(number, at: place, 2) }
        try store.expectNoLie("seed \(seed): page \(page), byte \(place - start): \(number)")
      }
    }
  }

  @Test("A page's kind", arguments: [0, 2, 5, 10, 13, 255] as [UInt8])
  func kinds(kind: UInt8) throws {
    var generator = SeededGenerator(seed: UInt64(kind))
    for page in pages(step: 25, &generator) {
      try store.damaged { $0[store.range(ofPage: page).lowerBound + (page == 1 ? 100 : 0)] = kind }
      try store.expectNoLie("page \(page): \(kind)")
    }
  }
}

// The numbers in the file's header, and the list of free pages that begins there: https://sqlite.org/fileformat2.html.

import Testing

@testable import Aufdb

@Suite("Damaged headers", .timeLimit(.minutes(5)))
struct HeaderDamageTests {
  private let store: DamagedStore

  init() throws { store = try DamagedStore() }

  /// A number of the header: its place, its bytes, and what it is set to.
  struct Field: CustomTestStringConvertible {
    let name: String
    let place: Int
    let count: Int
    let values: [Int]
    var testDescription: String { name }
  }

  static let fields = [
    Field(name: "page size", place: 16, count: 2, values: (0..<16).map { 1 << $0 } + [0, 3, 16_383, 0xffff]),
    Field(name: "format for writing", place: 18, count: 1, values: [0, 1, 2, 3, 255]),
    Field(name: "format for reading", place: 19, count: 1, values: [0, 1, 2, 3, 255]),
    Field(name: "reserved bytes", place: 20, count: 1, values: [0, 1, 4, 8, 32, 255]),
    Field(name: "fractions of payloads", place: 21, count: 3, values: [0, 0x40_2020, 0x40_2021, 0xff_ffff]),
    Field(name: "change counter", place: 24, count: 4, values: [0, 1, 0xffff_ffff]),
    Field(name: "count of pages", place: 28, count: 4, values: [0, 1, 2, 30, 1_000, 0xffff_ffff]),
    Field(name: "first free page", place: 32, count: 4, values: [0, 1, 2, 20, 1_000, 0xffff_ffff]),
    Field(name: "count of free pages", place: 36, count: 4, values: [0, 1, 2, 1_000, 0xffff_ffff]),
    Field(name: "schema cookie", place: 40, count: 4, values: [0, 1, 0xffff_ffff]),
    Field(name: "schema format", place: 44, count: 4, values: [0, 1, 2, 3, 4, 5, 0xffff_ffff]),
    Field(name: "cache size", place: 48, count: 4, values: [0, 1, 0x7fff_ffff, 0xffff_ffff]),
    Field(name: "largest root page", place: 52, count: 4, values: [0, 1, 3, 54, 0xffff_ffff]),
    Field(name: "encoding", place: 56, count: 4, values: [0, 1, 2, 3, 4, 0xffff_ffff]),
    Field(name: "format version", place: 60, count: 4, values: [0, 1, 5, 6, 7, 0xffff_ffff]),
    Field(name: "incremental vacuum", place: 64, count: 4, values: [0, 1, 0xffff_ffff]),
    Field(name: "application", place: 68, count: 4, values: [0, 0x6175_6665]),
    Field(name: "valid for", place: 92, count: 4, values: [0, 1, 0xffff_ffff]),
    Field(name: "SQLite's version", place: 96, count: 4, values: [0, 1, 0xffff_ffff]),
  ]

  @Test("Every number of the header, by itself", arguments: fields)
  func field(field: Field) throws {
    for value in field.values {
      try store.damaged { $0.put(value, at: field.place, field.count) }
      try store.expectNoLie("\(field.name): \(value)")
    }
  }

  @Test("The count of pages where it is believed, because the change counter agrees")
  func pageCount() throws {
    for count in [0, 1, 2, 20, store.pageCount - 1, store.pageCount + 1, 0xffff_ffff] {
      try store.damaged { bytes in
        bytes.put(count, at: 28, 4)
        bytes.put(bytes.bigEndian(at: 24, 4), at: 92, 4)
      }
      try store.expectNoLie("\(count) pages")
    }
  }

  @Test("Automatic vacuum, of which there is nothing else in the file")
  func autoVacuum() throws {
    for (largest, incremental) in [(54, 0), (54, 1), (3, 1)] {
      try store.damaged { bytes in
        bytes.put(largest, at: 52, 4)
        bytes.put(incremental, at: 64, 4)
      }
      try store.expectNoLie("\(largest), \(incremental)")
    }
  }

  /// A list of free pages as it shouldn't be: what its first page says follows, how many pages it says it has, and the
  /// first of these. Numbers below 1 count from the list's own page, the last one of the file, backwards.
  struct FreeList: CustomTestStringConvertible {
    let next: Int
    let leafCount: Int
    let leaf: Int
    let total: Int
    var testDescription: String { "next \(next), \(leafCount) leaves, \(leaf) ..., \(total) in all" }
  }

  static let freeLists = [
    FreeList(next: 0, leafCount: 0, leaf: 0, total: 1),  // as it should be
    FreeList(next: 0, leafCount: 0, leaf: 0, total: 2), FreeList(next: 0, leafCount: 0, leaf: 0, total: 100_000),
    FreeList(next: -1, leafCount: 0, leaf: 0, total: 1), FreeList(next: -1, leafCount: 0, leaf: 0, total: 100_000),
    FreeList(next: 16, leafCount: 0, leaf: 0, total: 2), FreeList(next: 1, leafCount: 0, leaf: 0, total: 2),
    FreeList(next: 0, leafCount: 1, leaf: -1, total: 2), FreeList(next: 0, leafCount: 1, leaf: 16, total: 2),
    FreeList(next: 0, leafCount: 1, leaf: 1, total: 2), FreeList(next: 0, leafCount: 1, leaf: 0, total: 2),
    FreeList(next: 0, leafCount: 4_094, leaf: 0, total: 4_095), FreeList(next: 0, leafCount: 4_095, leaf: 0, total: 20),
    FreeList(next: 0, leafCount: 0xffff_ffff, leaf: 2, total: 20),
    FreeList(next: 0xffff_ffff, leafCount: 1, leaf: 0xffff_ffff, total: 3),
  ]

  @Test("The list of free pages: rings, counts, and pages that are in use", arguments: freeLists)
  func freeList(list: FreeList) throws {
    let trunk = store.pageCount + 1
    let number = { (page: Int) in page < 0 ? trunk + 1 + page : page }
    try store.damaged { bytes in
      bytes += [UInt8](repeating: 0, count: store.pageSize)
      let place = store.range(ofPage: trunk).lowerBound
      bytes.put(number(list.next), at: place, 4)
      bytes.put(list.leafCount, at: place + 4, 4)
      bytes.put(number(list.leaf), at: place + 8, 4)
      bytes.put(trunk, at: 32, 4)
      bytes.put(list.total, at: 36, 4)
      bytes.put(trunk, at: 28, 4)
      bytes.put(bytes.bigEndian(at: 24, 4), at: 92, 4)
    }
    let isTold = try store.expectNoLie("\(list.testDescription)")
    #expect(isTold == (list.testDescription != Self.freeLists[0].testDescription))
    // Who takes pages off such a list must end, too.
    let context = CommitContext(author: "a", milliseconds: 1_000_000)
    do {
      _ = try Store(store.path, for: .writing(waitSeconds: 0, command: "test")).commit(context) { change in
        for number in 0..<200 { try change.addPrompt("new\(number)", String(repeating: "x", count: 2_000)) }
        return (CommitNote(message: "m", operation: Operation("test")), ())
      }
    } catch let error as AufdbError {
      #expect(DamagedStore.honestKinds.contains(error.kind), "\(error)")
    }
  }

  @Test("A cell of the schema that ends behind its page is damage when the store is opened")
  func schemaCell() throws {
    // The schema's last leaf, and its first cell. What is set only after the schema was read would say that the schema is
    // malformed, and not that the page is.
    let leaf = Int(store.original.bigEndian(at: 108, 4))
    try store.damaged { $0.put(store.pageSize - 3, at: store.range(ofPage: leaf).lowerBound + 8, 2) }
    let error = #expect(throws: AufdbError.self) { try Store(store.path, for: .reading) }
    #expect(error?.message == "the store is damaged: database disk image is malformed")
    #expect(error?.kind == .badData)
  }
}

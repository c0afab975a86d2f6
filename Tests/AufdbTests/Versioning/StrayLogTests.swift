// A log or a journal beside a store that isn't its own, or was made to do harm. SQLite has no way to tell whose it is: a
// log that is whole is played, whatever store it lies beside.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Stray logs", .timeLimit(.minutes(5)))
struct StrayLogTests {
  private let store: DamagedStore

  init() throws { store = try DamagedStore() }

  /// A write-ahead log with good checksums that holds these pages, as one transaction.
  ///
  /// - Parameter pageCount: what it says that the file has then.
  static func log(_ pages: [(number: Int, content: [UInt8])], pageCount: Int, pageSize: Int = 16384) -> [UInt8] {
    var log = [UInt8](repeating: 0, count: 32)
    for (place, number) in [(0, 0x377f_0682), (4, 3_007_000), (8, pageSize), (16, 1234), (20, 5678)] {
      log.put(number, at: place, 4)
    }
    var sum = (UInt32(0), UInt32(0))
    func add(_ bytes: ArraySlice<UInt8>) {
      for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 8) {
        let word = { (at: Int) in bytes[at..<at + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        sum.0 &+= word(start) &+ sum.1
        sum.1 &+= word(start + 4) &+ sum.0
      }
    }
    add(log[0..<24])
    log.put(Int(sum.0), at: 24, 4)
    log.put(Int(sum.1), at: 28, 4)
    for (index, page) in pages.enumerated() {
      var header = [UInt8](repeating: 0, count: 24)
      header.put(page.number, at: 0, 4)
      header.put(index == pages.count - 1 ? pageCount : 0, at: 4, 4)
      header.put(1234, at: 8, 4)
      header.put(5678, at: 12, 4)
      add(header[0..<8])
      add(page.content[...])
      header.put(Int(sum.0), at: 16, 4)
      header.put(Int(sum.1), at: 20, 4)
      log += header + page.content
    }
    return log
  }

  private func lay(_ bytes: [UInt8], _ ending: String) throws {
    try store.restore(store.original)
    _ = try store.tampered.folder.file("store.aufdb\(ending)", bytes)
  }

  private func page(_ number: Int) -> [UInt8] { Array(store.original[store.range(ofPage: number)]) }

  @Test("A log made here is one: what it holds is what is read")
  func sound() throws {
    var header = page(1)
    header.put(6, at: 60, 4)
    try lay(Self.log([(1, header)], pageCount: store.pageCount), "-wal")
    #expect(try !store.expectNoLie("the same page"))
    header.put(7, at: 60, 4)
    try lay(Self.log([(1, header)], pageCount: store.pageCount), "-wal")
    let error = #expect(throws: AufdbError.self) { try Store(store.path, for: .reading) }
    #expect(error?.message.contains("format version 7") == true)
  }

  @Test("A log with good checksums and pages that are others'", arguments: [1] as [UInt64])
  func hostilePages(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for step in 0..<12 {
      let number = Int.random(in: 1...store.pageCount, using: &generator)
      var content = page(number)
      switch step % 4 {
      case 0: content = page(Int.random(in: 1...store.pageCount, using: &generator))
      case 1: content = content.map { _ in UInt8.random(in: 0...255, using: &generator) }
      case 2: for _ in 0..<3 { content[Int.random(in: 0..<content.count, using: &generator)] ^= 4 }
      default: content.put(Int.random(in: 0...0xffff, using: &generator), at: number == 1 ? 103 : 3, 2)
      }
      try lay(Self.log([(number, content)], pageCount: store.pageCount), "-wal")
      try store.expectNoLie("seed \(seed), step \(step), page \(number)")
    }
  }

  @Test("A log that says that the file has more or fewer pages", arguments: [1, 2, 20, 1_000, 0x7fff_ffff])
  func pageCount(count: Int) throws {
    try lay(Self.log([(1, page(1))], pageCount: count), "-wal")
    try store.expectNoLie("\(count) pages")
  }

  @Test("A log with another page size than the file's", arguments: [512, 4096, 65536])
  func pageSize(size: Int) throws {
    var content = Array((page(1) + [UInt8](repeating: 0, count: 65536))[..<size])
    try lay(Self.log([(1, content)], pageCount: store.pageCount, pageSize: size), "-wal")
    try store.expectNoLie("the file's header")
    content.put(size == 65536 ? 1 : size, at: 16, 2)
    try lay(Self.log([(1, content)], pageCount: store.pageCount, pageSize: size), "-wal")
    try store.expectNoLie("a header of its own")
  }

  @Test("A log that is torn, or has a bit that flipped, is as if it weren't there", arguments: [2] as [UInt64])
  func torn(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let log = Self.log([(16, page(17)), (17, page(16))], pageCount: store.pageCount)
    for step in 0..<8 {
      var torn = log
      if step % 2 == 0 {
        torn.removeSubrange(Int.random(in: 0..<torn.count, using: &generator)...)
      } else {
        let place = Int.random(in: 0..<torn.count, using: &generator)
        torn[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      try lay(torn, "-wal")
      #expect(try !store.expectNoLie("seed \(seed), step \(step)"), "seed \(seed), step \(step)")
    }
  }

  @Test("Another store's log is told, or it makes the store that other one, whole", arguments: [false, true])
  func othersLog(isLarge: Bool) throws {
    let other = try TestStore.withTexts()
    // Whoever reads keeps the log from being put away.
    let reader = try RawDatabase(other.path)
    try reader.run("BEGIN; SELECT count(*) FROM ref")
    for number in 0..<(isLarge ? 40 : 1) {
      try other.commit { try $0.addPrompt("new\(number)", String(repeating: "x", count: 20_000)) }
    }
    let log = try other.folder.bytes("store.aufdb-wal")
    try #require(log.count > 32)
    try lay(log, "-wal")
    try store.expectNoLie("\(log.count) bytes")
  }

  @Test("Another store's journal is told, or changes nothing", arguments: [1, 3])
  func othersJournal(commitCount: Int) throws {
    let other = try TestStore()
    let database = try RawDatabase(other.path, isWritable: true)
    // A cache that is too small has pages written before the transaction ends, and so a journal that counts.
    try database.run("PRAGMA synchronous = FULL; PRAGMA cache_size = 1; BEGIN IMMEDIATE")
    for number in 0..<commitCount {
      try database.run(
        "INSERT INTO answer SELECT randomblob(32), zeroblob(30000) FROM commit_log; UPDATE setting SET value = \(number)"
      )
    }
    let journal = try other.folder.bytes("store.aufdb-journal")
    try database.run("ROLLBACK")
    try lay(journal, "-journal")
    try store.expectNoLie("\(journal.count) bytes", answersMayGo: true)
    // It is gone, or read again and again.
    try store.expectNoLie("\(journal.count) bytes, the second time", answersMayGo: true)
  }

  @Test("A journal that is none", arguments: [3] as [UInt64])
  func noJournal(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let magic: [UInt8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]
    for step in 0..<5 {
      let rest = (0..<Int.random(in: 0...40_000, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      try lay(magic + rest, "-journal")
      try store.expectNoLie("seed \(seed), step \(step)")
    }
  }
}

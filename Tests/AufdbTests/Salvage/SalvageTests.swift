// Salvage: what is whole is copied as it is, what is left of the rest is told apart, and nothing is made up.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Salvage") struct SalvageTests {
  private let store: DamagedStore

  init() throws { store = try DamagedStore() }

  private func root(of name: String) throws -> Int {
    Int(try RawDatabase(store.path).integer("SELECT rootpage FROM sqlite_schema WHERE name = '\(name)'"))
  }

  @Test("A sound store is copied whole: all commits, branches, tags and answers")
  func sound() throws {
    let report = try store.salvage()
    #expect(report.isWhole && report.exactCount == store.tampered.history.count && report.answerCount == 40)
    try store.expectPromises(report, "sound")
    for table in ["commit_log", "commit_parent", "ref", "answer", "setting"] {
      let columns = table == "ref" ? "name, kind, commit_seq, lane" : "*"
      let sql = "SELECT \(columns) FROM \(table) ORDER BY 1, 2"
      #expect(try RawDatabase(store.salvagedPath).rows(sql) == RawDatabase(store.path).rows(sql), "\(table)")
    }
    #expect(try store.tampered.folder.bytes("store.aufdb") == store.original, "the store is only read")
    // It can be worked with.
    let writer = try Store(store.salvagedPath, for: .writing(waitSeconds: 0, command: "test"))
    let context = CommitContext(author: "a", milliseconds: 1)
    _ = try writer.commit(context) { change -> (CommitNote, Void) in
      try change.addPrompt("after", "text")
      return (CommitNote(message: "m", operation: Operation("test")), ())
    }
    #expect(try Store(store.salvagedPath, for: .reading).verify().problems == [])
  }

  @Test("Whatever page is lost, what is on the others is there", arguments: [0, 1, 2])
  func pages(kind: Int) throws {
    var generator = SeededGenerator(seed: UInt64(kind))
    for page in stride(from: 1 + kind, through: store.pageCount, by: 3) {
      let content = try content(kind, &generator)
      let rowsThere = rowCount(ofPage: page)
      try store.restore(page: page, by: content)
      let comment: Comment = "page \(page), kind \(kind)"
      let report = try store.salvage()
      let compared = try store.expectPromises(report, comment)
      // Some past rows belong to a commit that history doesn't know any more; else only what was on the page is lost.
      #expect(compared.lost <= max(1, rowsThere) || report.losses != [] || report.added != [], comment)
      #expect(compared.foreign == 0, comment)
    }
  }

  /// Zeros, noise, or what another page holds.
  private func content(_ kind: Int, _ generator: inout SeededGenerator) throws -> [UInt8] {
    switch kind {
    case 0: return Array(repeating: 0, count: store.pageSize)
    case 1: return (0..<store.pageSize).map { _ in UInt8.random(in: 0...255, using: &generator) }
    default: return Array(store.original[store.range(ofPage: Int.random(in: 2...store.pageCount, using: &generator))])
    }
  }

  private func rowCount(ofPage page: Int) -> Int {
    guard let file = try? DatabaseFile(store.path, withLog: false), let copy = PageCopy(page, of: file) else {
      return 0
    }
    return copy.page.kind == .tableLeaf ? copy.cells.count : 0
  }

  @Test("Bits anywhere", arguments: [1, 2] as [UInt64])
  func bits(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let used = store.original.indices.filter { store.original[$0] != 0 }
    for step in 0..<20 {
      var bytes = store.original
      let byte = try #require(used.randomElement(using: &generator))
      bytes[byte] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try store.restore(bytes)
      let comment: Comment = "seed \(seed), step \(step): byte \(byte)"
      let onlyProven = step % 4 == 3
      let compared = try store.expectPromises(store.salvage(onlyProven: onlyProven), comment)
      #expect(compared.foreign <= (onlyProven ? 0 : 1), comment)
    }
  }

  @Test("A file that ends early: what is left of it comes out, and nothing that it never had", arguments: [1, 2])
  func cut(part: Int) throws {
    // Where the tables begin each page counts.
    let pages = Array(3...14) + stride(from: 20, through: store.pageCount, by: 16)
    var generator = SeededGenerator(seed: UInt64(part))
    for (number, page) in pages.enumerated() where number % 2 == part - 1 {
      for count in [page * store.pageSize, page * store.pageSize - Int.random(in: 1..<12_000, using: &generator)] {
        try store.restore(Array(store.original[..<count]))
        let report = try store.salvage()
        #expect(try store.expectPromises(report, "cut to \(count)").foreign == 0 && !report.isWhole, "\(count)")
      }
    }
  }

  @Test("The schema alone says nothing of what was there")
  func firstPage() throws {
    for count in [1, 99, 100, 1_000, store.pageSize] {
      try store.restore(Array(store.original[..<count]))
      let error = #expect(throws: AufdbError.self) { try store.salvage() }
      #expect(error?.kind == .badData, "\(count)")
    }
  }

  @Test(
    "Where history is known twice, nothing is lost", arguments: ["commit_parent", "commit_change", "lane", "relation"])
  func knownTwice(table: String) throws {
    try store.restore(page: root(of: table), by: Array(repeating: 0, count: store.pageSize))
    let report = try store.salvage()
    let compared = try store.expectPromises(report, "\(table)")
    #expect(compared == (0, 0) && report.exactCount == store.tampered.history.count && report.rebuilt == [])
  }

  @Test("Without the log of commits, all that is live is there")
  func withoutLog() throws {
    for name in ["commit_log", "sqlite_autoindex_commit_log_1"] {
      var bytes = try store.tampered.folder.bytes("store.aufdb")
      let root = try #require(Self.roots[name])
      bytes.replaceSubrange(store.range(ofPage: root), with: Array(repeating: 0xA5, count: store.pageSize))
      try store.restore(bytes)
      let report = try store.salvage()
      try store.expectPromises(report, "\(name)")
    }
    // Both are gone by now: the store begins anew with what is live.
    func count(_ path: String, _ condition: String) throws -> Int64 {
      let database = try RawDatabase(path)
      return try Relation.allCases.reduce(0) {
        try $0 + database.integer("SELECT count(*) FROM \($1.table) WHERE \(condition)")
      }
    }
    #expect(try count(store.salvagedPath, "1") == count(store.path, "place > 0"))
  }

  private static let roots = Dictionary(
    uniqueKeysWithValues: (try? Schema.inEmptyStore { connection in
      try connection.all("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0") {
        ($0.string(0), Int($0.integer(1)))
      }
    }) ?? [])

  @Test("The message and the operation of a commit that was made anew say which it was, and what is lost")
  func rebuilt() throws {
    let texts = try RawDatabase(store.path).texts("SELECT prompt FROM prompts_all WHERE length(prompt) > 3")
    let isChanged = try texts.contains { text in
      guard let place = store.original.firstRange(of: Array(text.utf8)) else { return false }
      var bytes = store.original
      bytes[place.lowerBound] ^= 1
      try store.restore(bytes)
      // An old copy may stand where nothing is any more.
      return try !store.tampered.problems().isEmpty
    }
    try #require(isChanged)
    let report = try store.salvage()
    let commit = try #require(report.rebuilt.first)
    let log = try Store(store.salvagedPath, for: .reading).log(Revision(commit.new.description))
    #expect(log[0].message.contains("Salvaged from commit \(commit.old)"))
    #expect(log[0].operation.hasPrefix(#"{"verb":"salvage","parameters":{"commit":"\#(commit.old)""#))
    #expect(try store.expectPromises(report, "a letter").foreign == 1)
  }

  @Test("A write-ahead log is read as SQLite reads it, and left out where it is another store's")
  func log() throws {
    // Copied while it was in use: the file lacks what is in the log.
    let modelled = try ModelledStore(seed: 5)
    try modelled.commitRandomly(count: 30)
    try modelled.commitRandomly(count: 30)
    let file = try modelled.folder.bytes("store.aufdb")
    let wal = try modelled.folder.bytes("store.aufdb-wal")
    try #require(wal.count > store.pageSize)
    let folder = try ScratchFolder()
    let path = try folder.file("copy.aufdb", file)
    _ = try folder.file("copy.aufdb-wal", wal)
    let options = SalvageOptions(context: CommitContext(author: "salvor", milliseconds: 1))
    let report = try Store.salvage(path, to: folder.path("new.aufdb"), options: options)
    #expect(report.isWhole && report.exactCount == modelled.history.count)
    #expect(try folder.bytes("copy.aufdb") == file && folder.bytes("copy.aufdb-wal") == wal)
    // A log that ends in the middle of a transaction counts up to the one before.
    _ = try folder.file("copy.aufdb-wal", Array(wal.dropLast(100)))
    let cut = try Store.salvage(path, to: folder.path("cut.aufdb"), options: options)
    #expect(cut.problems == [] && cut.exactCount == modelled.history.count - 1)
    modelled.close()
    // The other store's log would put its pages among these.
    try store.restore(store.original)
    _ = try store.tampered.folder.file("store.aufdb-wal", wal)
    #expect(try store.salvage(withLog: false).isWhole)
    #expect(try store.salvage().problems == [])
  }

  @Test("A hot journal takes back what was not done")
  func journal() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("hot.aufdb", store.original)
    do {
      let database = try RawDatabase(path, isWritable: true)
      let updates = Relation.allCases.map { "UPDATE \($0.table) SET \($0.columns[0]) = \($0.columns[0]) || 'x'" }
      try database.run("PRAGMA cache_size = 2; PRAGMA cache_spill = 2; BEGIN; \(updates.joined(separator: ";"))")
      let (file, journal) = try (folder.bytes("hot.aufdb"), folder.bytes("hot.aufdb-journal"))
      try #require(file != store.original && journal.count > store.pageSize)
      _ = try store.tampered.folder.file("store.aufdb", file)
      _ = try store.tampered.folder.file("store.aufdb-journal", journal)
      try database.run("ROLLBACK")
    }
    let report = try store.salvage()
    #expect(report.isWhole)
    try store.expectPromises(report, "hot journal")
    #expect(try !store.salvage(withLog: false).isWhole)
  }

  @Test("A pruned store stays pruned")
  func pruned() throws {
    let modelled = try ModelledStore(seed: 61)
    for _ in 0..<6 { try modelled.commitRandomly(count: 20) }
    try modelled.writer().prune(PruneOptions(keepCount: 2))
    modelled.close()
    let new = modelled.folder.path("new.aufdb")
    let options = SalvageOptions(context: CommitContext(author: "salvor", milliseconds: 1))
    let report = try Store.salvage(modelled.path, to: new, options: options)
    #expect(report.isWhole && report.problems == [])
    let sql = "SELECT seq, id, pruned FROM commit_log"
    #expect(try RawDatabase(new).rows(sql) == RawDatabase(modelled.path).rows(sql))
    #expect(try RawDatabase(new).integer("SELECT sum(pruned) FROM commit_log") > 0)
  }

  @Test("What can't be salvaged is refused, and nothing is left behind")
  func refusals() throws {
    func refused(_ path: String, _ new: String, _ kind: AufdbError.Kind, _ message: String) {
      let options = SalvageOptions(context: CommitContext(author: "salvor", milliseconds: 1))
      let error = refusal { () throws(AufdbError) in
        do { _ = try Store.salvage(path, to: new, options: options) } catch { throw AufdbError.from(error) }
      }
      #expect(error?.kind == kind && error?.message.contains(message) == true, "\(String(describing: error))")
    }
    let folder = store.tampered.folder
    refused(folder.path("none"), store.salvagedPath, .cannotOpenInput, "there is no store")
    refused(folder.path(""), store.salvagedPath, .cannotOpenInput, "not a file")
    refused(try folder.file("empty", []), store.salvagedPath, .badData, "not an aufdb store")
    refused(
      try folder.file("text", sampleText(seed: 1, count: 100_000)), store.salvagedPath, .badData, "not an aufdb store")
    try RawDatabase(folder.file("other.db", []), isWritable: true).run("CREATE TABLE x (y); INSERT INTO x VALUES (1)")
    refused(folder.path("other.db"), store.salvagedPath, .badData, "not an aufdb store")
    refused(store.path, store.path, .refused, "exists already")
    refused(store.path, folder.path("empty"), .refused, "exists already")
    refused(store.path, folder.path("no/such/folder"), .cannotCreateOutput, "no such file or directory")
    let writer = try Store(store.path, for: .writing(waitSeconds: 0, command: "test"))
    refused(store.path, store.salvagedPath, .busy, "somebody is writing")
    withExtendedLifetime(writer) {}
    #expect(access(store.salvagedPath, F_OK) != 0)
  }

  @Test("Pages of any size are read", arguments: [512, 65536])
  func pageSizes(size: Int) throws {
    let database = try RawDatabase(store.path, isWritable: true)
    try database.run("PRAGMA journal_mode = DELETE; PRAGMA page_size = \(size); VACUUM")
    let report = try store.salvage()
    #expect(report.isWhole && report.exactCount == store.tampered.history.count && report.answerCount == 40)
    try store.expectPromises(report, "pages of \(size) bytes")
  }
}

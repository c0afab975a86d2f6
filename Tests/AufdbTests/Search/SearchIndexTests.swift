// The index as a file: made, kept, thrown away, damaged, foreign, of another store, used by several at once.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Search index") struct SearchIndexTests {
  private let stage: TestStore
  private var indexPath: String { stage.path + "-search" }

  init() throws {
    stage = try TestStore()
    try stage.commit { change in
      for number in 0..<60 {
        try change.addPrompt("p\(number)", "Tell me of number \(number)", source: number % 2 == 0 ? "even" : "odd")
        try change.addResponse("p\(number)", "a", "The moon is \(number) times rounder")
      }
    }
  }

  private func keys(_ question: String, _ options: SearchOptions = SearchOptions()) throws -> [String] {
    try stage.reading().search(question, options).hits.map { "\($0.promptID) \($0.model ?? "-")" }
  }

  private func action(_ question: String = "moon") throws -> SearchIndexReport.Action? {
    let result = try stage.reading().search(question)
    #expect(result.hitCount == 60)
    return result.indexing?.action
  }

  @Test("Made by the first search, brought up to date by later ones, and the store is never changed")
  func life() throws {
    func storeBytes() throws -> [String: [UInt8]] {
      var bytes: [String: [UInt8]] = [:]
      for name in try stage.folder.names() where !name.contains("-search") {
        bytes[name] = try stage.folder.bytes(name)
      }
      return bytes
    }
    let before = try storeBytes()
    #expect(try action() == .made)
    #expect(try action() == nil)
    #expect(try stage.reading().updateSearchIndex().action == .nothing)
    #expect(try storeBytes() == before)
    try stage.commit { try $0.addResponse("p1", "b", "A comet") }
    let added = try stage.reading().updateSearchIndex()
    #expect(added.action == .added && added.textCount == 1 && added.textBytes == 7)
    #expect(added.sizeBytes == SearchIndexFile.sizeBytes(indexPath))
    #expect(try keys("comet") == ["p1 b"])
    // What more than doubles it.
    try stage.commit { change in
      for number in 0..<200 { try change.addResponse("p1", "c", sample: number, "Comets galore") }
    }
    #expect(try stage.reading().search("comets").indexing?.action == .made)
    #expect(Set(try stage.folder.names()) == Set(before.keys).union(["store.aufdb-search"]))
  }

  @Test("Ties come in the order of keys, prompts first")
  func ties() throws {
    try stage.commit { change in
      try change.addPrompt("x", "comet")
      for model in ["b", "a"] { for sample in [1, 0] { try change.addResponse("x", model, sample: sample, "comet") } }
      try change.addPrompt("w", "comet")
    }
    let hits = try stage.reading().search("comet").hits.map { "\($0.promptID) \($0.model ?? "-") \($0.sample ?? -1)" }
    #expect(hits == ["w - -1", "x - -1", "x a 0", "x a 1", "x b 0", "x b 1"])
  }

  @Test func filters() throws {
    var options = SearchOptions()
    options.limit = 1_000
    options.source = "odd"
    #expect(try keys("moon", options).count == 30)
    #expect(try keys("tell", options).count == 30)
    options.condition = "prompt_id < 'p2' -- comment"
    #expect(try keys("moon", options) == ["p1 a", "p11 a", "p13 a", "p15 a", "p17 a", "p19 a"])
    options.kind = .prompts
    #expect(try keys("moon", options) == [])
    options.kind = nil
    options.model = "a"
    #expect(try keys("tell OR moon", options).count == 6)
    options.model = "A"
    let model = #expect(throws: AufdbError.self) { try keys("moon", options) }
    #expect(model?.message == "there is no model 'A'" && model?.hint == "models here: a")
    (options.model, options.source) = (nil, "even ")
    #expect(throws: AufdbError.self) { try keys("moon", options) }
    (options.source, options.condition) = (nil, "prompt_i = 1")
    let condition = #expect(throws: AufdbError.self) { try keys("moon", options) }
    #expect(condition?.kind == .refused && condition?.hint?.hasPrefix("did you mean prompt_id?") == true)
    options.condition = "1); DROP TABLE prompts_all --"
    #expect(throws: AufdbError.self) { try keys("moon", options) }
  }

  @Test("No time at all")
  func timeout() throws {
    try stage.commit { change in
      for number in 0..<2_000 { try change.addResponse("p1", "c", sample: number, "moon") }
    }
    _ = try stage.reading().updateSearchIndex()
    var options = SearchOptions()
    options.timeoutSeconds = 0
    let error = #expect(throws: AufdbError.self) { try stage.reading().search("moon", options) }
    #expect(error?.kind == .refused && error?.message == "the search took longer than 0.0 s")
  }

  @Test("Deleted, cut anywhere, of another format, or without its tables: it is made anew")
  func useless() throws {
    #expect(try action() == .made)
    let whole = try stage.folder.bytes("store.aufdb-search")
    try stage.folder.remove("store.aufdb-search")
    #expect(try action() == .made)
    var generator = SeededGenerator(seed: 51)
    for turn in 0..<12 {
      let count = turn == 0 ? 100 : turn == 1 ? 0 : Int.random(in: 100..<whole.count, using: &generator)
      _ = try stage.folder.file("store.aufdb-search", Array(whole[..<count]))
      #expect(try action() == .made, "seed 51: cut to \(count) bytes")
    }
    for sql in [
      "PRAGMA user_version = 9", "DROP TABLE indexed_run",
      "DROP TABLE word",
      "UPDATE indexed_run SET last_id = last_id + 1", "INSERT INTO indexed_run VALUES (x'00', 1, 70, 80, NULL)",
      "UPDATE indexed_run SET kept_digest = x'00'",
    ] {
      _ = try stage.folder.file("store.aufdb-search", whole)
      let other = try RawDatabase(indexPath, isWritable: true)
      try other.run(sql)
      #expect(try action() == .made, "\(sql)")
    }
  }

  @Test("Bytes that changed: an answer or an error, and never a crash", arguments: [61, 62] as [UInt64])
  func damaged(seed: UInt64) throws {
    #expect(try action() == .made)
    let whole = try stage.folder.bytes("store.aufdb-search")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      var bytes = whole
      // The header tells whose it is.
      for _ in 0..<Int.random(in: 1...20, using: &generator) {
        bytes[Int.random(in: 100..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = try stage.folder.file("store.aufdb-search", bytes)
      do {
        _ = try stage.reading().search("moon OR num*")
      } catch let error as AufdbError {
        #expect(error.kind != .internalDefect, "seed \(seed): \(error)")
      }
    }
  }

  @Test("Something else of that name is left alone")
  func foreign() throws {
    let others: [(bytes: [UInt8], message: String)] = [
      (Array("my notes".utf8), "is not a search index of aufdb"),
      (try stage.folder.bytes("store.aufdb"), "is not a search index of aufdb"),
    ]
    for (bytes, message) in others {
      _ = try stage.folder.file("store.aufdb-search", bytes)
      for _ in 0..<2 {
        let error = #expect(throws: AufdbError.self) { try stage.reading().search("moon") }
        #expect(error?.kind == .refused && error?.message == "\(indexPath) \(message)")
        #expect(throws: AufdbError.self) { try stage.reading().updateSearchIndex() }
      }
      #expect(try stage.folder.bytes("store.aufdb-search") == bytes)
    }
    try stage.folder.remove("store.aufdb-search")
    try FileManager.default.createDirectory(atPath: indexPath, withIntermediateDirectories: false)
    #expect(throws: AufdbError.self) { try stage.reading().search("moon") }
    #expect(rmdir(indexPath) == 0)
    // Not even through a link is anything written.
    _ = try stage.folder.file("notes", [])
    #expect(symlink(stage.folder.path("notes"), indexPath) == 0)
    #expect(throws: AufdbError.self) { try stage.reading().search("moon") }
    #expect(try stage.folder.bytes("notes") == [])
  }

  @Test(
    "Whoever may read the store, and nobody else, may read the index", arguments: [0o600, 0o640, 0o644] as [mode_t])
  func permissions(mode: mode_t) throws {
    #expect(chmod(stage.path, mode) == 0)
    #expect(try action() == .made)
    let found = try FileManager.default.attributesOfItem(atPath: indexPath)[.posixPermissions] as? NSNumber
    #expect(found?.uint32Value == mode)
  }

  @Test("Another store in this one's place: its index isn't believed")
  func otherStore() throws {
    #expect(try action() == .made)
    let other = try TestStore()
    try other.commit { change in
      for number in 0..<60 {
        try change.addPrompt("p\(number)", "Nothing")
        try change.addResponse("p\(number)", "a", "The sun")
      }
    }
    _ = try stage.folder.file("store.aufdb", other.folder.bytes("store.aufdb"))
    let result = try stage.reading().search("moon OR sun")
    #expect(result.indexing?.action == .made && result.hitCount == 60)
  }

  @Test("A store without texts, and a revision before all texts")
  func empty() throws {
    let empty = try TestStore()
    #expect(try empty.reading().search("moon").hitCount == 0)
    var options = SearchOptions()
    options.revision = "main~1"
    #expect(try stage.reading().search("moon", options).hits == [])
    options.revision = "nowhere"
    let error = #expect(throws: AufdbError.self) { try stage.reading().search("moon", options) }
    #expect(error?.message == "there is no revision 'nowhere'")
  }

  @Test("Several searches at once, while somebody commits", arguments: [71] as [UInt64])
  func atOnce(seed: UInt64) async throws {
    let path: String = stage.path
    for round in 0..<4 {
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask { try Store(path, for: .reading).search("moon").hitCount }
        }
        try stage.commit { try $0.addResponse("p1", "r\(round)", "No satellite at all") }
        for try await count in group { #expect(count == 60) }
      }
      if round == 1 { try stage.folder.remove("store.aufdb-search") }
    }
    #expect(try stage.reading().search("satellite").hitCount == 4)
  }

  @Test("While another search makes it, one waits, and is told for whom")
  func busy() throws {
    let lock = try StoreLock.acquire(storePath: indexPath, waitSeconds: 0, command: "aufdb search")
    var options = SearchOptions()
    options.waitSeconds = 0
    let error = #expect(throws: AufdbError.self) { try stage.reading().search("moon", options) }
    #expect(error?.kind == .busy)
    #expect(error?.message == "the search index is being written by process \(getpid()) (aufdb search)")
    withExtendedLifetime(lock) {}
  }
}

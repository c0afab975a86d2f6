// Pages that lead to one another: whoever reads them comes to an end, and is told. tools/torture/rings does the same to
// every tree of a store, with the command.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Rings of pages", .timeLimit(.minutes(2)))
struct PageRingTests {
  private let stage: TestStore
  private let pageSize = 512

  init() throws {
    stage = try .withTexts()
    try stage.commit { try $0.addPrompt("long", String(repeating: "long ", count: 2_000)) }
    let database = try RawDatabase(stage.path, isWritable: true)
    try database.run("PRAGMA journal_mode = DELETE; PRAGMA page_size = \(pageSize); VACUUM")
  }

  private func start(of page: Int) -> Int { (page - 1) * pageSize }

  private func root(of name: String) throws -> Int {
    Int(try RawDatabase(stage.path).integer("SELECT rootpage FROM sqlite_schema WHERE name = '\(name)'"))
  }

  /// Writes the file with pages changed and added, and the count of them all in its header.
  private func write(_ change: (inout [UInt8]) throws -> Void) throws {
    var file = try stage.folder.bytes("store.aufdb")
    try change(&file)
    file.put(file.count / pageSize, at: 28, 4)
    file.replaceSubrange(92..<96, with: file[24..<28])
    _ = try stage.folder.file("store.aufdb", file)
  }

  /// A page of references to these pages.
  private func interior(_ kind: UInt8, _ children: [Int]) -> [UInt8] {
    var page = [UInt8](repeating: 0, count: pageSize)
    page[0] = kind
    var end = pageSize
    for (index, child) in children.dropLast().enumerated() {
      // Of a table a number, of an index an entry of one column, which is 0.
      let key: [UInt8] = kind == 5 ? [UInt8(index + 1)] : [2, 2, 8]
      end -= 4 + key.count
      page.put(child, at: end, 4)
      page.replaceSubrange(end + 4..<end + 4 + key.count, with: key)
      page.put(end, at: 12 + 2 * index, 2)
    }
    page.put(children.count - 1, at: 3, 2)
    page.put(end, at: 5, 2)
    page.put(children.last ?? 0, at: 8, 4)
    return page
  }

  /// Sixteen pages below each other, of which each leads to the next one many times: 40^16 ways down.
  private func makeLadder(in name: String) throws {
    let root = try root(of: name)
    try write { file in
      let kind = file[start(of: root)]
      let isTable = kind == 5 || kind == 13
      var below = root
      if kind == 5 || kind == 2 {
        below = file.bigEndian(at: start(of: root) + 8, 4)
      } else {
        file += file[start(of: root)..<start(of: root + 1)]
        below = file.count / pageSize
      }
      for _ in 0..<15 {
        file += interior(isTable ? 5 : 2, Array(repeating: below, count: 40))
        below = file.count / pageSize
      }
      let top = interior(isTable ? 5 : 2, Array(repeating: below, count: 40))
      file.replaceSubrange(start(of: root)..<start(of: root + 1), with: top)
    }
  }

  private func expectTold(_ what: String, _ use: () throws -> Void) {
    let error = #expect(throws: AufdbError.self, "\(what)") { try use() }
    #expect(error?.kind == .badData, "\(what)")
    #expect(error?.message.contains("more than one page leads to page ") == true, "\(what): \(error?.message ?? "")")
    #expect(error?.hint?.contains("aufdb salvage") == true, "\(what)")
  }

  private func query(_ sql: String, _ options: QueryOptions = QueryOptions()) throws {
    try stage.reading().queryScript(sql, options) { rows in while try rows.next() {} }
  }

  @Test("verify tells of them, and comes to an end", arguments: [false, true])
  func verify(quick: Bool) throws {
    try makeLadder(in: "prompts_all")
    let problems = try stage.reading().verify(quick: quick).problems
    #expect(problems.contains { $0.contains("more than one page leads to page") }, "\(problems)")
  }

  @Test("Whoever reads rows comes to an end")
  func reading() throws {
    try makeLadder(in: "prompts_all")
    expectTold("query") { try query("SELECT sum(length(prompt)) FROM prompts") }
    expectTold("query with a limit") {
      try query("SELECT sum(length(prompt)) FROM prompts", QueryOptions(timeoutSeconds: 60))
    }
    // Only what is read is missed.
    #expect(try stage.reading().log().count == 3)
  }

  @Test(
    "Whoever counts without looking at rows comes to an end",
    arguments: ["prompts_key", "sqlite_autoindex_commit_log_1"])
  func counting(index: String) throws {
    try makeLadder(in: index)
    let table = index == "prompts_key" ? "prompts_all" : "commit_log"
    expectTold("counting") { try query("SELECT count(*) FROM \(table)") }
    // A writer counts commits.
    _ = try? stage.commit { try $0.addPrompt("new", "x") }
  }

  @Test("What is emptied in one step is looked at before")
  func emptying() throws {
    try Store(stage.path, for: .writing(waitSeconds: 0, command: "test")).withConnection { connection in
      let question = try #require(QuestionID(bytes: [UInt8](repeating: 7, count: 32)))
      try connection.insertAnswers([(question, .chat(ChatAnswer(text: "So.")))])
    }
    try makeLadder(in: "answer")
    expectTold("forgetting") {
      _ = try Store(stage.path, for: .writing(waitSeconds: 0, command: "test")).forgetAnswers()
    }
  }

  @Test(
    "Pages deeper than SQLite goes are told by verify, whose own check of them would recurse", arguments: [false, true])
  func depth(quick: Bool) throws {
    let root = try root(of: "prompts_all")
    try write { file in
      let top = Array(file[start(of: root)..<start(of: root + 1)])
      file.replaceSubrange(start(of: root)..<start(of: root + 1), with: interior(5, [file.count / pageSize + 1]))
      for _ in 0..<25 { file += interior(5, [file.count / pageSize + 2]) }
      file += top
    }
    let problems = try stage.reading().verify(quick: quick).problems
    #expect(problems.contains { $0.contains("more than 20 pages below page \(root)") }, "\(problems)")
    #expect(throws: AufdbError.self) { try query("SELECT sum(length(prompt)) FROM prompts") }
  }

  @Test("A row that goes on on one page for ever")
  func overflow() throws {
    var tail = 0
    try write { file in
      // A page in the middle of the long text: nothing but that behind the number of the next page.
      tail = try #require(
        (2..<file.count / pageSize).first { page in
          let content = file[start(of: page) + 4..<start(of: page + 1)]
          return Set(content) == Set("long ".utf8)
        })
      file.put(tail, at: start(of: tail), 4)
    }
    let pages = try DatabaseFile(stage.path, withLog: true)
    #expect(PageGraph.problem(of: pages, withRows: false) == nil)
    #expect(PageGraph.problem(of: pages, withRows: true) == "more than one page leads to page \(tail)")
    #expect(try !stage.reading().verify().isSound)
    // Nothing is made of what comes again and again, and all else is there.
    let options = SalvageOptions(context: CommitContext(author: "a", milliseconds: 1))
    let salvaged = stage.folder.path("salvaged.aufdb")
    #expect(try !Store.salvage(stage.path, to: salvaged, options: options).isWhole)
    #expect(try RawDatabase(salvaged).integer("SELECT count(*) FROM prompts_all WHERE prompt LIKE 'long long%'") == 0)
    #expect(try RawDatabase(salvaged).integer("SELECT count(*) FROM prompts_all") == 40)
    // It ends by itself here, and is looked at where reading takes long.
    try query("SELECT sum(length(prompt)) FROM prompts")
    let patience = PageWatch.Patience(seconds: -1, rowSeconds: -1, rowSecondsPerByte: 0)
    let store = try Store(stage.path, for: .reading, patience: patience)
    expectTold("a join") {
      try store.query("SELECT count(*) FROM prompts a, prompts b, prompts c WHERE a.prompt > b.prompt") { rows in
        while try rows.next() {}
      }
    }
  }

  @Test("A sound store that is read for long is looked at, and read on", arguments: [.infinity, -1])
  func patience(rowSeconds: Double) throws {
    let patience = PageWatch.Patience(
      seconds: -1, secondsPerByte: 0, rowSeconds: rowSeconds, rowSecondsPerByte: 0)
    let store = try Store(stage.path, for: .reading, patience: patience)
    var count: Int64 = 0
    try store.query("SELECT count(*) FROM prompts a, prompts b, prompts c") { rows in
      guard try rows.next(), case .integer(let found) = rows.value(0) else { return }
      count = found
    }
    #expect(count == 41 * 41 * 41)
  }
}

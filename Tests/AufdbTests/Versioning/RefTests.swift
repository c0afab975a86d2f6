// Branches and tags: what they refuse, what they cost, and what other tools see of them.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct RefTests {
  let test: TestStore

  init() throws {
    test = try TestStore()
    try test.commit { change in
      for prompt in ["p1", "p2"] {
        try change.addPrompt(prompt, "?")
        for model in ["a", "b", "c"] { try change.addResponse(prompt, model, "answer of \(model)") }
      }
    }
  }

  private func writing() throws -> Store { try Store(test.path, for: .writing(waitSeconds: 0, command: "test")) }

  /// Adds a label on a branch.
  private func label(_ branch: String, _ promptID: String, _ chosen: String, _ rejected: String) throws {
    let context = CommitContext(branch: branch, author: "tester", milliseconds: 1_000_000)
    _ = try writing().commit(context) { change in
      try change.addLabel(promptID, chosen: chosen, rejected: rejected)
      return (CommitNote(message: "label", operation: Operation("test")), ())
    }
  }

  /// The labels that stock SQLite sees.
  private func stockLabels() throws -> [String] {
    try RawDatabase(test.path).texts("SELECT prompt_id || chosen_model || rejected_model FROM labels ORDER BY 1")
  }

  @Test func aBranchHasItsOwnRowsAndSharesTheRest() throws {
    try writing().createRef(.branch, RefName("other"))
    try label("main", "p1", "a", "b")
    try label("other", "p1", "b", "a")
    try label("other", "p2", "c", "a")
    #expect(try stockLabels() == ["p1ab"])
    try writing().switchBranch(to: "other")
    #expect(try stockLabels() == ["p1ba", "p2ca"])
    #expect(try test.reading().refs(.branch).map(\.name) == ["main", "other"])
    #expect(try test.reading().refs(.branch).map(\.isCurrent) == [false, true])
    #expect(try test.reading().stats(at: "main").first { $0.item == "labels" }?.count == 1)
    #expect(try test.reading().verify().problems == [])
  }

  @Test func aTagStaysWhereItIs() throws {
    let tagged = try writing().createRef(.tag, RefName("v1"))
    try label("main", "p1", "a", "b")
    #expect(try test.reading().commit("v1").id == tagged.id)
    #expect(try test.reading().commit("HEAD").id != tagged.id)
    try writing().deleteRef(.tag, "v1")
    #expect(throws: AufdbError.self) { try test.reading().commit("v1") }
  }

  @Test func whatWouldLoseSomethingIsRefused() throws {
    try writing().createRef(.branch, RefName("side"))
    try label("side", "p1", "a", "b")
    func refusal(_ body: (Store) throws -> Void) throws -> String? {
      #expect(throws: AufdbError.self) { try body(writing()) }?.message
    }
    #expect(try refusal { try $0.deleteRef(.branch, "main") } == "'main' is the current branch")
    #expect(
      try refusal { try $0.deleteRef(.branch, "side") } == "no other branch or tag has the commits of 'side'")
    #expect(try refusal { try $0.deleteRef(.tag, "side") } == "there is no tag 'side'")
    #expect(try refusal { try $0.switchBranch(to: "nowhere") } == "there is no branch 'nowhere'")
    #expect(
      try refusal { try $0.createRef(.tag, RefName("side")) } == "there is a branch or tag 'side' already")
    #expect(
      try refusal { try $0.renameBranch("side", to: RefName("main")) } == "there is a branch or tag 'main' already")
    #expect(try refusal { try $0.createRef(.branch, RefName("x"), at: "nope") } == "there is no revision 'nope'")
    try writing().createRef(.tag, RefName("keep"), at: "side")
    try writing().deleteRef(.branch, "side")
    #expect(try test.reading().commit("keep").message == "label")
    #expect(try test.reading().verify().problems == [])
  }

  @Test func renamingTheCurrentBranchKeepsItCurrent() throws {
    try writing().renameBranch("main", to: RefName("trunk"))
    #expect(try test.reading().currentBranch() == "trunk")
    try label("trunk", "p1", "a", "b")
    #expect(try stockLabels() == ["p1ab"])
  }

  @Test(arguments: ["main", "a", "v1.0", "runs/drts-7", "A_b", "0", String(repeating: "x", count: 200)])
  func namesThatAreAllowed(name: String) throws { #expect(try RefName(name).description == name) }

  @Test(arguments: [
    "", "HEAD", "-x", ".x", "/x", "x-", "x.", "x/", "a b", "a..b", "a//b", "a~1", "a^", "a@{1}", "a:b", "a\nb", "a\0",
    "mаin", "é", "x\u{200B}y", String(repeating: "x", count: 201), String(repeating: "x", count: 10_000),
  ])
  func namesThatAreNot(name: String) { #expect(throws: AufdbError.self) { try RefName(name) } }

  @Test("other tools see the current branch's head, whatever was done", arguments: [1, 2, 3, 4] as [UInt64])
  func stockToolsSeeTheHead(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var branches = ["main"]
    for step in 0..<60 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0 where branches.count < 5:
        let name = "b\(step)"
        let depth = Int.random(in: 0..<3, using: &generator)
        let base = (try? test.reading().commit(Revision("HEAD~\(depth)"))) == nil ? "HEAD" : "HEAD~\(depth)"
        try writing().createRef(.branch, RefName(name), at: Revision(base))
        branches.append(name)
      case 1: try writing().switchBranch(to: branches.randomElement(using: &generator) ?? "main")
      case 2:
        let current = try test.reading().currentBranch()
        if let victim = branches.filter({ $0 != current }).randomElement(using: &generator) {
          try writing().deleteRef(.branch, victim, force: true)
          branches.removeAll { $0 == victim }
        }
      default: try changeRandomly(on: branches.randomElement(using: &generator) ?? "main", step, &generator)
      }
      let columns = "prompt_id || judge || chosen_model || rejected_model"
      let seen = try test.reading().query("SELECT \(columns) FROM labels ORDER BY 1") { rows in
        var texts: [String] = []
        while try rows.next() {
          if case .text(let bytes) = rows.value(0) { texts.append(String(decoding: bytes, as: UTF8.self)) }
        }
        return texts
      }
      let stock = try RawDatabase(test.path).texts("SELECT \(columns) FROM labels ORDER BY 1")
      try #require(stock == seen, "seed \(seed), step \(step)")
    }
    #expect(try test.reading().verify().problems == [], "seed \(seed)")
  }

  /// Adds a label of a new judge, or retires one that the branch sees.
  private func changeRandomly(on branch: String, _ step: Int, _ generator: inout SeededGenerator) throws {
    let isRetiring = Bool.random(using: &generator)
    let context = CommitContext(branch: branch, author: "tester", milliseconds: Int64(step))
    _ = try writing().commit(context) { change in
      let ids = try change.connection.all("SELECT id FROM labels ORDER BY id") { $0.integer(0) }
      if isRetiring, let id = ids.randomElement(using: &generator) {
        try change.retire(.labels, id)
      } else {
        try change.addLabel("p1", chosen: "a", rejected: "b", judge: "judge \(step)")
      }
      return (CommitNote(message: "\(step)", operation: Operation("test")), ())
    }
  }
}

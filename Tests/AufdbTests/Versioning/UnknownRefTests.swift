// Names that name nothing: the same words wherever one is given, and a hint that helps.

import Testing

@testable import Aufdb

@Suite struct UnknownRefTests {
  let test: TestStore

  init() throws {
    test = try TestStore()
    try writing().createRef(.branch, RefName("drts"))
    try writing().createRef(.branch, RefName("runs/maxmin"))
    try writing().createRef(.tag, RefName("v1"))
  }

  private func writing() throws -> Store { try Store(test.path, for: .writing(waitSeconds: 0, command: "test")) }

  private func error(_ body: (Store) throws -> Void) throws -> AufdbError {
    let error = #expect(throws: AufdbError.self) { try body(writing()) }
    return try #require(error)
  }

  /// Everything that takes a branch's name.
  private static let branchVerbs: [@Sendable (Store, String) throws -> Void] = [
    { try $0.switchBranch(to: $1) },
    { try $0.deleteRef(.branch, $1) },
    { try $0.renameBranch($1, to: RefName("new")) },
    { store, name in
      _ = try store.commit(CommitContext(branch: name, author: "tester", milliseconds: 1)) { _ in
        (CommitNote(message: "", operation: Operation("test")), ())
      }
    },
    { _ = try $0.commit(Revision("\($1)@{2026-11-01}")) },
  ]

  @Test(arguments: [
    ("drst", "did you mean drts?"), ("DRTS", "did you mean drts?"), ("run/maxmin", "did you mean runs/maxmin?"),
    ("mainn", "did you mean main?"), ("nowhere", "there are: drts, main, runs/maxmin"), ("v1", "'v1' is a tag"),
    ("", "there are: drts, main, runs/maxmin"), ("a\nb", "there are: drts, main, runs/maxmin"),
  ])
  func branches(name: String, hint: String) throws {
    for verb in Self.branchVerbs.dropLast(name.isEmpty || name == "v1" ? 1 : 0) {
      let error = try error { try verb($0, name) }
      #expect(error == AufdbError(.refused, "there is no branch '\(name)'", hint: hint))
    }
  }

  @Test(arguments: [
    ("v1.0", "there are: v1"), ("V1", "did you mean v1?"), ("main", "'main' is a branch"), ("v12", "did you mean v1?"),
  ])
  func tags(name: String, hint: String) throws {
    let error = try error { try $0.deleteRef(.tag, name) }
    #expect(error == AufdbError(.refused, "there is no tag '\(name)'", hint: hint))
  }

  @Test func whereThereAreNone() throws {
    try writing().deleteRef(.tag, "v1")
    #expect(try error { try $0.deleteRef(.tag, "v1") }.hint == "there are none")
  }

  @Test(arguments: [
    ("drst", "drst"), ("drst~3", "drst~3"), ("drst^2", "drst^2"),
  ])
  func revisions(text: String, quoted: String) throws {
    let error = try error { _ = try $0.commit(Revision(text)) }
    #expect(error == AufdbError(.refused, "there is no revision '\(quoted)'", hint: "did you mean drts?"))
  }

  @Test func whatThereIsWhereNothingIsNear() throws {
    let known = "branches and tags here: drts, main, runs/maxmin, v1; `aufdb log STORE` lists the commits"
    for name in ["nowhere", "@elsewhere", "0123456789", "me"] {
      #expect(try error { _ = try $0.commit(Revision(name)) }.hint == known)
    }
    #expect(try error { _ = try $0.commit("head") }.hint == "did you mean HEAD?")
    #expect(try error { _ = try $0.commit("main@") }.hint == "did you mean main?")
  }

  @Test func ofManyNamesTwentyAndTheNumberOfTheOthers() throws {
    for number in 10..<37 { try writing().createRef(.tag, RefName("release-\(number)")) }
    let first = (10..<29).map { "release-\($0)" }.joined(separator: ", ")
    #expect(try error { try $0.deleteRef(.tag, "nowhere") }.hint == "there are: \(first), release-29 and 8 more")
    #expect(
      try error { _ = try $0.commit("nowhere") }.hint
        == "branches and tags here: drts, main, \(first.split(separator: ", ").dropLast(2).joined(separator: ", ")), "
        + "release-27 and 11 more; `aufdb log STORE` lists the commits")
  }

  @Test("a long text is quoted by its beginning", arguments: [10_000, 200_000])
  func longTexts(count: Int) throws {
    let texts = ["x", "~", "main~", "abcd", "main@{", "é\u{301}", "\u{301}"].map { String(repeating: $0, count: count) }
    for text in texts + ["main@{\(texts[0])}", "\(texts[0])@{2026-11-01}", "main\(texts[1])"] {
      let error = try error { _ = try $0.commit(Revision(text)) }
      #expect(error.kind == .refused)
      #expect(error.message.utf8.count < 400 && (error.hint?.utf8.count ?? 0) < 400, "\(text.prefix(10))")
    }
    let name = texts[0]
    for verb in Self.branchVerbs {
      #expect(try error { try verb($0, name) }.message.utf8.count < 120)
    }
  }
}

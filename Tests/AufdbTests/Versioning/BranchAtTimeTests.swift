// `main@{DATE}`: what a branch was at a time.

import Testing

@testable import Aufdb

@Suite struct BranchAtTimeTests {
  let history: DatedHistory
  let commits: [Commit]

  /// Five commits on main, and a branch `side` at the second, with one of its own.
  init() throws {
    history = try DatedHistory("2026-11-01T08:00")
    var commits = [try history.reading().commit("main")]
    for date in ["2026-11-02T12:30:05.250", "2026-11-02T23:59:59.999", "2026-11-04T00:00", "2026-11-06"] {
      commits.append(try history.commit(date))
    }
    self.commits = commits
    try history.writing().createRef(.branch, RefName("side"), at: "main~3")
    try history.commit("2026-11-05", to: "side")
    try history.writing().createRef(.tag, RefName("v1"))
  }

  private func found(_ text: String) throws -> Int? {
    let id = try history.reading().commit(Revision(text)).id
    return commits.firstIndex { $0.id == id }
  }

  @Test(arguments: [
    ("main@{2026-11-01}", 0), ("main@{2026-11-02}", 2), ("main@{2026-11-03}", 2), ("main@{2026-11-04}", 3),
    ("main@{2026-11-05}", 3), ("main@{2026-11-06}", 4), ("main@{9999-12-31}", 4), ("@{2026-11-04}", 3),
    ("HEAD@{2026-11-04}", 3), ("@@{2026-11-04}", 3), ("side@{2026-11-04}", 1),
    // A minute and a second count whole, as a day does.
    ("main@{2026-11-02T12:29}", 0), ("main@{2026-11-02T12:30}", 1), ("main@{2026-11-02T12:30:04}", 0),
    ("main@{2026-11-02T12:30:05}", 1), ("main@{2026-11-02 12:30:05.249}", 0), ("main@{2026-11-02 12:30:05.250}", 1),
    ("main@{2026-11-02T23:59:59.998Z}", 1), ("main@{2026-11-02T23:59:59.999Z}", 2),
    ("main@{2026-11-02T13:30+01:00}", 1), ("main@{2026-11-02T12:30+01:00}", 0),
    // Steps come after it.
    ("main@{2026-11-04}~1", 2), ("main@{2026-11-04}^", 2), ("@{2026-11-04}~3", 0), ("main@{2026-11-04}~0", 3),
    ("@", 4), ("@~", 3), ("@^^", 2),
  ])
  func aBranchAtATime(text: String, index: Int) throws { #expect(try found(text) == index) }

  @Test func beforeTheFirstCommit() throws {
    for text in ["main@{2026-10-31}", "side@{2026-10-31}", "@{2026-11-01T07:59:59.999}~2"] {
      let error = #expect(throws: AufdbError.self) { try found(text) }
      #expect(error?.kind == .refused)
      #expect(error?.message.hasPrefix("'\(text.hasPrefix("side") ? "side" : "main")' has no commit of ") == true)
      #expect(error?.hint == "its first one is of 2026-11-01T08:00:00.000Z")
    }
    let error = #expect(throws: AufdbError.self) { try found("main@{2026-11-01}~1") }
    #expect(error?.message == "there is no revision 'main@{2026-11-01}~1': history ends before it")
  }

  @Test func onlyABranchHasATime() throws {
    let id = commits[2].id.description
    let cases = [("v1", "a tag"), (id, "a commit"), (String(id.prefix(8)), "a commit")]
    for (name, what) in cases {
      let error = #expect(throws: AufdbError.self) { try found("\(name)@{2026-11-04}") }
      #expect(error?.kind == .refused)
      #expect(error?.message.hasSuffix("'\(name)' is \(what)") == true)
      #expect(error?.hint == "only a branch is something else at another time: leave out @{...}")
    }
    let error = #expect(throws: AufdbError.self) { try found("mian@{2026-11-04}") }
    #expect(error?.message == "there is no branch 'mian'")
    #expect(error?.hint == "did you mean main?")
  }

  @Test("of times that don't rise, the commit nearest to the tip counts")
  func timesThatFall() throws {
    let early = try history.commit("2026-11-03")
    #expect(try history.reading().commit("main@{2026-11-03}").id == early.id)
    #expect(try history.reading().commit("main@{2026-11-02}").id == commits[2].id)
    #expect(try history.reading().commit("main@{2026-11-06}").id == early.id)
  }

  @Test("a merged branch is no part of what the branch was; after a fast-forward it is")
  func merges() throws {
    let merge = try history.merge("side", into: "main", "2026-11-07")
    #expect(try found("main@{2026-11-05}") == 3)
    #expect(try history.reading().commit("main@{2026-11-07}").id == merge.id)
    let side = try history.reading().commit("side")
    try history.execute("UPDATE ref SET commit_seq = (SELECT commit_seq FROM ref WHERE name = 'side')")
    #expect(try history.reading().commit("main@{2026-11-05}").id == side.id)
  }

  @Test func aHistoryThatLeadsInCirclesIsDamaged() throws {
    try history.execute("UPDATE commit_parent SET parent_seq = 5 WHERE commit_seq = 2")
    for text in ["main@{2026-11-01T07:00}", "main~9223372036854775807"] {
      let error = #expect(throws: AufdbError.self) { try found(text) }
      #expect(error?.kind == .badData)
    }
  }
}

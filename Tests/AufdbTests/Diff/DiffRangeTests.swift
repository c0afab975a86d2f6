// One or two words that say what is compared: every form, and what isn't one.

import Testing

@testable import Aufdb

@Suite("Diff ranges")
struct DiffRangeTests {
  @Test(
    "Every form",
    arguments: [
      ("main", nil, "main", nil, false), ("main~2", "v1", "main~2", "v1", false),
      ("main~2..v1", nil, "main~2", "v1", false), ("a...b^2", nil, "a", "b^2", true), ("a..", nil, "a", nil, false),
      ("..b", nil, "HEAD", "b", false), ("a...", nil, "a", nil, true), ("...b", nil, "HEAD", "b", true),
      ("a.b..c.d", nil, "a.b", "c.d", false), ("HEAD..HEAD", nil, "HEAD", "HEAD", false),
    ] as [(String, String?, String, String?, Bool)])
  func forms(_ first: String, _ second: String?, _ from: String, _ to: String?, _ isFromMergeBase: Bool) throws {
    let range = try DiffRange(first, second)
    #expect(range.from.description == from)
    #expect(range.to?.description == to)
    #expect(range.isFromMergeBase == isFromMergeBase)
  }

  @Test(
    "Dots that are no range are refused by the text as given",
    arguments: [
      "..", "...", "....", "a....b", ".....", "a..b..c", "a...b..c", "a..b...c", "..a..", "a..b..", "..a...b",
    ])
  func malformed(_ text: String) {
    let error = #expect(throws: AufdbError.self) { try DiffRange(text) }
    #expect(error?.kind == .refused)
    #expect(error?.message == "'\(text)' is not a range of revisions")
    #expect(error?.hint?.isEmpty == false)
  }

  @Test(
    "Either side must be a revision", arguments: ["", "~", "~1..a", "a..^", "a...main~x", "main~x..a", "main~x"])
  func badRevision(_ text: String) {
    let error = #expect(throws: AufdbError.self) { try DiffRange(text) }
    #expect(error?.kind == .refused)
    #expect(error?.message.hasSuffix("' is not a revision") == true)
  }

  @Test("The second word must be a revision", arguments: ["", "main~x"])
  func badSecond(_ text: String) {
    let error = #expect(throws: AufdbError.self) { try DiffRange("main", text) }
    #expect(error?.kind == .refused)
  }

  @Test(
    "A range has no revision beside it",
    arguments: [("a..b", "c", "a..b", "c"), ("a...", "c", "a...", "c"), ("a", "b..c", "b..c", "a")])
  func standsAlone(_ first: String, _ second: String, _ range: String, _ other: String) {
    let error = #expect(throws: AufdbError.self) { try DiffRange(first, second) }
    #expect(error?.kind == .usage)
    #expect(error?.message == "'\(range)' is a range of two revisions already, so '\(other)' is one too many")
  }
}

// A snapshot that says nothing of some responses, and reasons that are stored with a selection.

import AufdbAcquisition
import Testing

@testable import Aufdb

@Suite("Coverage of a snapshot") struct SelectCoverageTests {
  private let store: ImportFixture

  /// p1 and p2 have three responses, p3 has two; the snapshot lacks one of p2, and p3.
  init() throws {
    store = try ImportFixture()
    try store.importLines([
      completionsLine("p1", ["a", "b", "c"].map { completion($0) }),
      completionsLine("p2", ["a", "b", "c"].map { completion($0) }),
      completionsLine("p3", [completion("a"), completion("b", more: #""sample":4"#)]),
    ])
    try store.importLines(
      ["a", "b", "c"].map { estimateLine("p1", $0, 1, 0, 2) } + ["a", "c"].map { estimateLine("p2", $0, 1, 0, 2) },
      snapshot: "part")
  }

  @Test("is refused with the responses that it lacks, unless a part is allowed")
  func refused() throws {
    let head = try store.head()
    let error = #expect(throws: AufdbError.self) { try store.select(SelectOptions(method: "drts")) }
    #expect(
      error
        == AufdbError(
          .refused, "3 responses of 2 prompts lack an estimate in the snapshot 'part': p2 b, p3 a, p3 b 4",
          hint: "--allow-partial selects among the others; --where chooses prompts"))
    #expect(try store.head() == head)
    let (_, report) = try store.select(SelectOptions(method: "drts", allowsPartial: true))
    #expect(report.selectedCount == 2 && report.uncoveredCount == 3 && report.withoutCandidatesCount == 1)
    #expect(try store.head().operation.contains(#""allow-partial":true"#))
  }

  @Test("only prompts that are asked count")
  func asked() throws {
    let only = SelectOptions(method: "drts", prompts: .again, condition: "prompt_id = 'p1'")
    #expect(try store.select(only).report.selectedCount == 1)
    try store.importLines([labelLine("p2", "a", over: "b")])
    let error = #expect(throws: AufdbError.self) { try store.select(SelectOptions(method: "deltaucb")) }
    #expect(error?.message.hasPrefix("2 responses of 1 prompt lack") == true)
    try store.importLines([labelLine("p3", "a", over: "b", more: #""rejected_sample":4"#)])
    #expect(try store.select(SelectOptions(method: "deltaucb")).report.selectedCount == 1)
  }

  @Test("a prompt without responses lacks nothing, and scores of some responses are no gap")
  func noGap() throws {
    try store.importLines([completionsLine("p4", [])])
    try store.importLines([completionsLine("p1", [completion("a", score: 1), completion("b", score: 2)])])
    let (_, report) = try store.select(SelectOptions(method: "maxmin"))
    #expect(report.selectedCount == 1 && report.uncoveredCount == 0 && report.withoutCandidatesCount == 3)
    try store.importLines(
      [estimateLine("p2", "b", 1, 0, 2), estimateLine("p3", "a", 1, 0, 2)], snapshot: "part")
    try store.importLines(
      [#"{"prompt_id":"p3","model":"b","sample":4,"reward":1,"lower":0,"upper":2}"#], snapshot: "part")
    #expect(try store.select(SelectOptions(method: "drts")).report.withoutCandidatesCount == 1)
  }

  @Test("a reward outside its bounds is allowed and counted")
  func outside() throws {
    try store.importLines(
      ["a", "b", "c"].map { estimateLine("p1", $0, $0 == "a" ? 9 : 1, 0, 2) }, snapshot: "odd")
    let (_, report) = try store.select(SelectOptions(method: "drts", condition: "prompt_id = 'p1'"))
    #expect(report.selectedCount == 1 && report.rewardsOutsideBoundsCount == 1)
  }
}

@Suite("Reasons of a selection") struct SelectReasonTests {
  @Test("tell what was known of the two, the method's value of the pair, and the runner-up")
  func explained() throws {
    let store = try ImportFixture()
    try store.importLines([
      completionsLine("p", [completion("a"), completion("b"), completion("c", more: #""sample":2"#)])
    ])
    try store.importLines(
      [
        estimateLine("p", "a", 0.1, -1, 1), estimateLine("p", "b", 2, 1.5, 2.5),
        #"{"prompt_id":"p","model":"c","sample":2,"reward":0,"lower":-0.5,"upper":0.5}"#,
      ], snapshot: "s")
    try store.select(SelectOptions(method: "deltaucb", explains: true))
    #expect(
      try store.texts("SELECT explanation FROM selections") == [
        #"{"first":{"reward":2.0,"lower":1.5,"upper":2.5},"second":{"reward":0.1,"lower":-1.0,"upper":1.0},"#
          + #""criterion":"u_i - l_j","value":3.5,"#
          + #""runner_up":{"first":{"model":"b","sample":0},"second":{"model":"c","sample":2},"value":3.0}}"#
      ])
    try store.select(SelectOptions(method: "deltaucb", prompts: .again))
    #expect(try store.texts("SELECT explanation FROM selections WHERE batch = 2") == [nil])
    try store.select(SelectOptions(method: "random", prompts: .again, explains: true))
    #expect(try store.texts("SELECT explanation FROM selections WHERE batch = 3") == [#"{"first":{},"second":{}}"#])
    #expect(try store.isSound())
  }

  @Test("every method's reasons are JSON, and name the value that the pair was picked for")
  func everyMethod() throws {
    let store = try ImportFixture()
    let models = ["a", "b", "c", "d"]
    try store.importLines(
      (1...5).map { number in
        completionsLine(
          "p\(number)",
          models.enumerated().map { completion($1, String(repeating: "x", count: $0 + 1), score: Double($0)) })
      })
    try store.importLines(
      (1...5).flatMap { number in
        models.enumerated().map { estimateLine("p\(number)", $1, Double($0), Double($0) - 1, Double($0) + 0.5) }
      }, snapshot: "s")
    for type in SelectionMethods.all where type.alternativeNeeds.contains(where: { !$0.contains(.features) }) {
      let parameters = type.name == "fixed-pair" ? ["first-model": "a", "second-model": "d"] : [:]
      let (_, report) = try store.select(
        SelectOptions(method: type.name, parameters: parameters, prompts: .again, explains: true))
      #expect(report.selectedCount == 5, "\(type.name)")
      let odd = try store.texts(
        """
        SELECT explanation FROM selections WHERE method = '\(type.name)' AND (NOT json_valid(explanation)
          OR (json_extract(explanation, '$.value') < json_extract(explanation, '$.runner_up.value') - 1e-4)
          OR (json_extract(explanation, '$.criterion') IS NULL) <> (json_extract(explanation, '$.value') IS NULL))
        """)
      #expect(odd == [], "\(type.name)")
    }
  }
}

// Estimates with the rewards of an ensemble's heads: what is stored, compared and refused.

import Testing

@testable import Aufdb

@Suite("Import of estimates with heads") struct EstimateHeadsTests {
  private let store: ImportFixture

  init() throws {
    store = try ImportFixture()
    try store.importLines([completionsLine("p", ["a", "b", "c", "d"].map { completion($0) })])
  }

  /// A line of estimates that are alike but for their heads; nil: it has none.
  private func line(_ model: String, _ heads: String?) -> String {
    String(estimateLine("p", model, 0.5, 0, 1).dropLast()) + (heads.map { #","heads":\#($0)"# } ?? "") + "}"
  }

  /// What the store should have of these numbers.
  private static func blob(_ heads: [Float]) -> SQLValue { .blob(heads.flatMap { littleEndian($0.bitPattern) }) }

  private static func littleEndian(_ bits: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }

  private func heads(_ snapshot: String, at revision: Revision = .head) throws -> [SQLValue] {
    try store.rows(
      "SELECT heads FROM estimates WHERE snapshot = '\(snapshot)' ORDER BY prompt_id, model", at: revision
    ).map { $0[0] }
  }

  @Test("are stored as float32s, little-endian, and are NULL without")
  func stored() throws {
    let lines = [
      line("a", "[0.25, -1, 0.1, 16777217, 3.4028235e38]"), line("b", nil),
      line("c", " [ -0.0,1e-46,-1e-46,1e-45,0 ] "),
      line("d", "null"),
    ]
    let (_, report) = try store.importLines(lines, snapshot: "s")
    #expect(report.added == [.snapshots: 1, .estimates: 4])
    #expect(
      try heads("s") == [
        Self.blob([0.25, -1, 0.1, 16_777_216, .greatestFiniteMagnitude]), .null,
        Self.blob([0, 0, 0, .leastNonzeroMagnitude, 0]), .null,
      ])
    #expect(
      try heads("s").first
        == .blob([
          0, 0, 0x80, 0x3E, 0, 0, 0x80, 0xBF, 0xCD, 0xCC, 0xCC, 0x3D, 0, 0, 0x80, 0x4B, 0xFF, 0xFF, 0x7F, 0x7F,
        ]))
    #expect(try store.importLines(lines, snapshot: "s").commit == nil)
    #expect(try store.isSound())
  }

  @Test("may be one or 4096, and another number in each snapshot", arguments: [1, 2, 4095, 4096])
  func counts(count: Int) throws {
    let values = (0..<count).map { Float($0) / 8 - 3 }
    let text = "[\(values.map { "\($0)" }.joined(separator: ","))]"
    try store.importLines([line("a", text), line("b", text)], snapshot: "s")
    #expect(try heads("s") == [Self.blob(values), Self.blob(values)])
    try store.importLines([line("a", "[1,2,3]")], snapshot: "t")
    #expect(try heads("t") == [Self.blob([1, 2, 3])])
  }

  @Test("are compared with those that are there, and replaced")
  func conflicts() throws {
    try store.importLines([line("a", "[1,2]"), line("b", nil)], snapshot: "s")
    #expect(try store.importLines([line("a", "[1.0,2e0]"), line("b", nil)], snapshot: "s").report.unchangedCount == 2)
    let others: [(String, String?)] = [("a", "[1,3]"), ("a", "[2,1]"), ("a", nil), ("b", "[1,2]")]
    for (model, heads) in others {
      let refusal = try store.refusal(of: [line(model, heads)], snapshot: "s")
      #expect(refusal?.message == "the estimate of \(model) for 'p' in the snapshot 's' is there already and differs")
      let twice = try store.refusal(of: [line("c", "[5,6]"), line("c", "[5,7]")], snapshot: "s", replaces: true)
      #expect(twice?.hint == "it stands twice in this import, and the two differ")
      #expect(twice?.place?.line == 2)
    }
    let swapped = [line("a", nil), line("b", "[-1,0]")]
    let (commit, report) = try store.importLines(swapped, snapshot: "s", replaces: true)
    #expect(report.added == [.estimates: 2] && report.retired == [.estimates: 2] && commit != nil)
    #expect(try heads("s") == [.null, Self.blob([-1, 0])])
    #expect(try heads("s", at: "HEAD~1") == [Self.blob([1, 2]), .null])
    #expect(try store.importLines(swapped, snapshot: "s", replaces: true).commit == nil)
    #expect(try store.isSound())
  }

  @Test("are as many for all responses of a snapshot that have any")
  func otherCount() throws {
    let hint = "all responses of a snapshot have the same heads; name another one with --snapshot"
    func message(_ count: Int, _ known: Int) -> String {
      "heads has \(count) numbers, and those before it in the snapshot 's' have \(known)"
    }
    let lines = [line("a", "[1,2]"), line("b", nil), line("c", "[1,2,3]")]
    let inFile = try store.refusal(of: lines, snapshot: "s")
    #expect(inFile?.kind == .badData && inFile?.message == message(3, 2) && inFile?.hint == hint)
    #expect(inFile?.place?.line == 3)
    #expect(try store.count(.estimates) == 0 && store.count(.snapshots) == 0)

    let files = [
      try store.file("x.jsonl", [line("a", "[1,2]")]), try store.file("y.jsonl", [line("b", nil), line("c", "[1]")]),
    ]
    let error = #expect(throws: AufdbError.self) { try store.importFiles(files, snapshot: "s") }
    #expect(error?.message == message(1, 2) && error?.place == .init(file: files[1], line: 2))
    #expect(try store.count(.estimates) == 0)

    try store.importLines([line("a", "[1,2]"), line("b", nil)], snapshot: "s")
    for replaces in [false, true] {
      let later = try store.refusal(of: [line("b", nil), line("a", "[1]")], snapshot: "s", replaces: replaces)
      #expect(later?.message == message(1, 2) && later?.hint == hint && later?.place?.line == 2)
    }
    #expect(try store.importLines([line("d", "[1]")], snapshot: "t").report.added[.estimates] == 1)
    #expect(try store.importLines([line("d", "[8,9]")], snapshot: "s").report.added == [.estimates: 1])
    #expect(try heads("s") == [Self.blob([1, 2]), .null, Self.blob([8, 9])])
  }

  static let bad = [
    ("1", "heads is a number, not a list of numbers"), (#""[1]""#, "heads is a string, not a list of numbers"),
    ("{}", "heads is an object, not a list of numbers"), ("true", "heads is true or false, not a list of numbers"),
    ("[]", "heads is empty"), ("[1,null]", "heads[1] is null, not a number"),
    (#"["1"]"#, "heads[0] is a string, not a number"), ("[1,2,[3]]", "heads[2] is an array, not a number"),
    ("[3.4028236e38]", "heads[0] is too large: estimates are in single precision"),
    ("[0,-1e39]", "heads[1] is too large: estimates are in single precision"),
    ("[1e999]", "a number that is too large"), ("[NaN]", "NaN or Infinity, which JSON does not have"),
    ("[-Infinity]", "NaN or Infinity, which JSON does not have"), ("[1,]", "a comma before a closing bracket"),
    ("[\(Array(repeating: "0", count: 4097).joined(separator: ","))]", "heads has more than 4096 numbers"),
    (#"[1],"heads":[1]"#, #"the key "heads" stands twice in one object"#),
  ]

  @Test("that can't be are refused, and nothing is changed", arguments: bad)
  func refused(heads: String, message: String) throws {
    let refusal = try store.refusal(of: [line("a", "[1]"), line("b", heads)], snapshot: "s")
    #expect(refusal?.kind == .badData && refusal?.message == message)
    #expect(refusal?.place == .init(file: store.folder.path("lines.jsonl"), line: 2))
    #expect(try store.count(.estimates) == 0 && store.count(.snapshots) == 0)
  }
}

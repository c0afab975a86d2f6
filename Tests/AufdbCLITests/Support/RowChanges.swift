// Changed rows for tests of how they are written, and writing them.

@testable import Aufdb
@testable import AufdbCLI

/// Whole rows of a few relations, with what a test doesn't care about left out.
enum Rows {
  static func prompt(_ promptID: String, _ text: String, source: String? = nil, metadata: String? = nil) -> [SQLValue] {
    [.text(promptID), optional(source), .text(text), .text("text"), optional(metadata)]
  }

  static func response(
    _ promptID: String, _ model: String, sample: Int64 = 0, _ text: String, metadata: String? = nil
  ) -> [SQLValue] {
    [.text(promptID), .text(model), .integer(sample), .text(text), .null, .null, optional(metadata)]
  }

  static func embedding(_ promptID: String, _ model: String?, encoder: String = "mini", _ vector: [UInt8]) -> [SQLValue]
  {
    [.text(encoder), .text(promptID), optional(model), .integer(0), .text("f16"), .blob(vector)]
  }

  static func score(
    _ promptID: String, _ model: String, judge: String = "overall", _ score: Double?, critique: String? = nil
  ) -> [SQLValue] {
    [
      .text(promptID), .text(model), .integer(0), .text(judge), score.map { .real($0) } ?? .null, .null,
      optional(critique),
    ]
  }

  static func label(
    _ promptID: String, _ chosen: String, _ rejected: String, samples: (Int64, Int64) = (0, 0),
    judge: String = "overall", tie: Bool = false, scores: (Double?, Double?) = (nil, nil)
  ) -> [SQLValue] {
    [
      .text(promptID), .text(chosen), .integer(samples.0), .text(rejected), .integer(samples.1), .text(judge),
      .integer(tie ? 1 : 0), scores.0.map { .real($0) } ?? .null, scores.1.map { .real($0) } ?? .null, .null, .null,
      .null,
    ]
  }

  static func selection(_ promptID: String, _ first: String, _ second: String, batch: Int64 = 1) -> [SQLValue] {
    [
      .text(promptID), .text(first), .integer(0), .text(second), .integer(0), .text("drts"), .integer(batch), .null,
      .integer(7), .text("{\"beta\":1}"),
    ]
  }

  static func rewardHead(_ name: String, state: [UInt8]) -> [SQLValue] {
    [.text(name), .text("linear"), .text("mini"), .text("{}"), .blob(state)]
  }

  /// An iteration whose indicators are unknown.
  static func progress(_ run: String, _ iteration: Int64) -> [SQLValue] {
    let known: [SQLValue] = [
      .text(run), .integer(iteration), .text("drts"), .integer(1), .null, .null, .integer(2), .integer(2), .integer(0),
    ]
    return known + Array(repeating: .null, count: Relation.progress.columns.count - known.count)
  }

  private static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
}

extension TestSurroundings {
  /// What a format makes of some changes.
  static func diff(
    _ changes: [RowChange], _ format: DiffFormat = .text, _ detail: DiffDetail = .wholeRows,
    terminalColumns: Int? = nil, environment: [String: String] = [:]
  ) throws -> String {
    let test = TestSurroundings()
    test.terminalColumns = terminalColumns
    test.environment = environment
    let surroundings = test.surroundings
    let renderer = format.renderer(detail, in: surroundings)
    for change in changes { try renderer.change(change) }
    try renderer.finish()
    try surroundings.output.flush()
    return test.output
  }

  /// What is written of some changes, counted.
  static func stat(_ changes: [RowChange], _ format: DiffFormat) throws -> String {
    let test = TestSurroundings()
    let surroundings = test.surroundings
    var stat = DiffStat()
    for change in changes { stat.count(change) }
    try DiffStatRenderer(stat: stat, surroundings: surroundings).write(format)
    try surroundings.output.flush()
    return test.output
  }
}

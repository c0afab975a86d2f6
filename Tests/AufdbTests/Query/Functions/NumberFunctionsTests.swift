// sigmoid, median and percentile: what they give, and what they refuse.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Functions on numbers") struct NumberFunctionsTests {
  private let test: TestQueryStore

  init() throws { test = try TestQueryStore() }

  private func real(_ sql: String) throws -> Double? {
    guard case .real(let real) = try test.rows("SELECT \(sql)").first?.first else { return nil }
    return real
  }

  @Test("sigmoid is between 0 and 1, symmetric, rises, and keeps its digits far out")
  func sigmoid() throws {
    #expect(try real("sigmoid(0)") == 0.5)
    #expect(try real("sigmoid(-1e400)") == 0)
    #expect(try real("sigmoid(1e400)") == 1)
    #expect(try real("sigmoid(1000)") == 1)
    // log 3, whose sigmoid is 3 / 4.
    let threeQuarters = try #require(try real("SIGMOID(1.0986122886681098)"))
    #expect(abs(threeQuarters - 0.75) < 1e-15)
    let tiny = try #require(try real("sigmoid(-700)"))
    #expect(abs(tiny / 9.859676543759770e-305 - 1) < 1e-12)
    let rows = try test.rows(
      """
      WITH RECURSIVE c(x) AS (SELECT -40 UNION ALL SELECT x + 0.37 FROM c LIMIT 200)
      SELECT sigmoid(x), sigmoid(-x) FROM c
      """)
    var last = 0.0
    for row in rows {
      guard case .real(let here) = row[0], case .real(let there) = row[1] else { continue }
      #expect(here >= last && here > 0 && here <= 1)
      #expect(abs(here + there - 1) < 1e-15)
      last = here
    }
    #expect(last > 0.5)
    #expect(try test.rows("SELECT sigmoid(NULL)") == [[.null]])
  }

  /// By the definition: order, rank, and the line between two neighbours.
  private func percentile(_ values: [Double], _ percent: Double) -> Double? {
    let sorted = values.sorted()
    guard let last = sorted.last else { return nil }
    let rank = Double(sorted.count - 1) * percent / 100
    let below = Int(rank.rounded(.down))
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (rank - Double(below)) * (sorted[below + 1] - sorted[below])
  }

  @Test("median and percentile of groups are those of the definition", arguments: [631, 632, 633] as [UInt64])
  func percentiles(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let percents = [0, 100, 50, 12.5, Double.random(in: 0...100, using: &generator)]
    var groups: [Int: [Double]] = [:]
    var rows: [String] = []
    for _ in 0..<200 {
      let group = Int.random(in: 0...8, using: &generator)
      // Few different values, so that some are equal.
      let value = Double(Int.random(in: -20...20, using: &generator)) / 4
      let isNull = Int.random(in: 0...5, using: &generator) == 0
      rows.append("(\(group), \(isNull ? "NULL" : "\(value)"))")
      groups[group, default: []] += isNull ? [] : [value]
    }
    let columns = percents.map { "percentile(x, \($0))" }.joined(separator: ", ")
    let found = try test.rows(
      """
      WITH t(g, x) AS (VALUES \(rows.joined(separator: ", ")))
      SELECT g, median(x), \(columns) FROM t GROUP BY g ORDER BY g
      """)
    #expect(found.count == groups.count)
    for row in found {
      guard case .integer(let group) = row[0], let values = groups[Int(group)] else { continue }
      let expected = [50] + percents
      #expect(
        Array(row.dropFirst()) == expected.map { percentile(values, $0).map { .real($0) } ?? .null },
        "seed \(seed), group \(group)")
    }
  }

  @Test("over windows that move, grow and stand, as aggregates of the same rows", arguments: [641] as [UInt64])
  func windows(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<60).map { _ in Double(Int.random(in: -9...9, using: &generator)) }
    let rows = values.enumerated().map { "(\($0), \($0 % 7 == 3 ? "NULL" : "\($1)"))" }.joined(separator: ", ")
    for frame in [
      "ROWS BETWEEN 4 PRECEDING AND 3 FOLLOWING", "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
      "ROWS BETWEEN 2 FOLLOWING AND UNBOUNDED FOLLOWING",
      "ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING EXCLUDE CURRENT ROW",
      "RANGE BETWEEN 3 PRECEDING AND 1 FOLLOWING",
    ] {
      let found = try test.rows(
        """
        WITH t(i, x) AS (VALUES \(rows))
        SELECT median(x) OVER w, percentile(x, 30) OVER w, group_concat(x, ' ') OVER w FROM t
        WINDOW w AS (ORDER BY i \(frame)) ORDER BY i
        """)
      #expect(found.count == values.count)
      for row in found {
        var inFrame: [Double] = []
        if case .text(let list) = row[2] { inFrame = list.split(separator: " ").compactMap { Double($0) } }
        #expect(row[0] == (percentile(inFrame, 50).map { .real($0) } ?? .null), "\(frame), \(row)")
        #expect(row[1] == (percentile(inFrame, 30).map { .real($0) } ?? .null), "\(frame), \(row)")
      }
    }
  }

  @Test("NULL where there is nothing, the value itself where there is one, and no overflow")
  func edges() throws {
    #expect(try test.rows("SELECT median(source), percentile(source, 5) FROM prompts") == [[.null, .null]])
    #expect(try test.rows("SELECT median(1), percentile(1, 5) FROM prompts WHERE 0") == [[.null, .null]])
    #expect(try real("median(7)") == 7)
    #expect(try real("percentile(-2.5, 99)") == -2.5)
    let huge = "(SELECT 1.7e308 AS x UNION ALL SELECT -1.7e308)"
    #expect(try test.rows("SELECT median(x), percentile(x, 100) FROM \(huge)") == [[.real(0), .real(1.7e308)]])
    #expect(try test.rows("SELECT median(x) FROM (SELECT -0.0 AS x)") == [[.real(0)]])
    #expect(
      try test.rows(
        "SELECT median(DISTINCT column1), median(column1) FILTER (WHERE column1 > 1) FROM (VALUES (1), (1), (4))")
        == [[.real(2.5), .real(4)]])
  }

  private static let wrong = [
    ("sigmoid()", "sigmoid takes one number"), ("sigmoid(1, 2)", "sigmoid takes one number"),
    ("sigmoid('1')", "sigmoid: the argument is not a number"),
    ("sigmoid(x'31')", "sigmoid: the argument is not a number"),
    ("median()", "median takes one number"), ("median(1, 2)", "median takes one number"),
    ("median('1')", "median: x is not a finite number"), ("median(x'01')", "median: x is not a finite number"),
    ("median(1e999)", "median: x is not a finite number"),
    ("percentile(1)", "percentile takes (x, p): a number, and a percentage"),
    ("percentile(1, 2, 3)", "percentile takes (x, p): a number, and a percentage"),
    ("percentile(1, -0.5)", "percentile: p is not a number from 0 to 100"),
    ("percentile(1, 100.1)", "percentile: p is not a number from 0 to 100"),
    ("percentile(1, NULL)", "percentile: p is not a number from 0 to 100"),
    ("percentile(NULL, '50')", "percentile: p is not a number from 0 to 100"),
    ("percentile('a', 50)", "percentile: x is not a finite number"),
    (
      "percentile(1, length(prompt_id) * length(prompt)) FROM prompts",
      "percentile: p is not the same in all rows of a group"
    ),
  ]

  @Test("what makes no sense is an error", arguments: wrong)
  func refuses(sql: String, message: String) throws {
    #expect(try test.error("SELECT \(sql)") == AufdbError(.refused, message), "\(sql)")
    #expect(try real("median(1)") == 1, "and the next query works")
  }
}

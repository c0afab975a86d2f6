// The parameters of a query and their values: each must find the other.

import Testing

@testable import Aufdb

@Suite struct QueryParametersTests {
  @Test(arguments: [":a", "@a", "$a"])
  func aNameFillsEveryMark(_ mark: String) throws {
    let test = try TestQueryStore()
    #expect(try test.rows("SELECT \(mark)", ["a": .text("x")]) == [[.text("x")]])
  }

  @Test func bindsEveryKindOfValue() throws {
    let test = try TestQueryStore()
    let values: [String: SQLValue] = [
      "i": .integer(-1), "r": .real(0.1), "t": .text("a\0'; DROP TABLE setting"), "e": .text(""), "b": .blob([0, 1]),
      "x": .blob([]), "n": .null,
    ]
    let rows = try test.rows("SELECT :i, :r, :t, :e, :b, :x, :n, :i", values)
    #expect(
      rows == [
        [
          .integer(-1), .real(0.1), .text("a\0'; DROP TABLE setting"), .text(""), .blob([0, 1]), .blob([]), .null,
          .integer(-1),
        ]
      ])
  }

  @Test(arguments: [
    ("SELECT :a + :b", "no value is given for the parameter :b"),
    ("SELECT $b", "no value is given for the parameter $b"),
    ("SELECT 1", "the SQL has no parameter named 'a'"), ("SELECT :A", "no value is given for the parameter :A"),
    ("SELECT ?", "the SQL has a parameter without a name: ?"),
    ("SELECT ?1", "the SQL has a parameter without a name: ?1"),
  ])
  func namesWhatFindsNoPartner(_ sql: String, _ message: String) throws {
    let error = try TestQueryStore().error(sql, ["a": .integer(1)])
    #expect(error?.kind == .usage)
    #expect(error?.message == message)
    #expect(error?.hint != nil)
  }
}

// What is told of SQL that is still being typed.

import Testing

@testable import Aufdb

@Suite struct SQLTypingTests {
  @Test(
    arguments: [
      ("SELECT 1;", true), ("SELECT 1", false), ("SELECT ';", false), ("SELECT ';';", true), ("SELECT 1; -- x", true),
      ("SELECT 1; /* x", false), ("", false), ("SELECT 1; SELECT 2", false), ("SELECT \"a;\n", false),
    ])
  func completeness(_ sql: String, _ isComplete: Bool) {
    #expect(SQLTyping.isComplete(sql) == isComplete)
  }

  @Test(
    arguments: [
      ("", true), (" \t\n;", true), ("-- x", true), ("/* x */ ;", true), ("-- x\nSELECT", false), ("x", false),
      ("'", false),
    ])
  func blankness(_ sql: String, _ isBlank: Bool) {
    #expect(SQLTyping.isBlank(sql) == isBlank)
  }

  @Test(
    arguments: [
      ("SELECT :a, @b, $c", ["a", "b", "c"]), ("SELECT ':a', \":b\", `:c`", []), ("SELECT 1 -- :a\n, :b", ["b"]),
      ("SELECT /* :a */ :b", ["b"]), ("SELECT 'it''s :a' || :b", ["b"]), ("SELECT ':a", []), ("SELECT :", []),
      ("SELECT a - :b / :c", ["b", "c"]), ("SELECT a$b, :é1", ["é1"]), ("", []),
    ])
  func parameters(_ sql: String, _ names: [String]) {
    #expect(SQLTyping.parameterNames(in: sql) == Set(names))
  }

  @Test func keywordsAreSQLites() {
    #expect(SQLTyping.keywords.contains("SELECT") && SQLTyping.keywords.contains("RECURSIVE"))
    #expect(SQLTyping.keywords.allSatisfy { $0 == $0.uppercased() })
  }
}

// What a query may not do, and what SQL that is wrong is answered.

import Foundation
import Testing

@testable import Aufdb

@Suite struct QuerySafetyTests {
  private static let writing = [
    "INSERT INTO prompts_all VALUES (9, 'x', NULL, 'x', 'text', NULL)", "INSERT INTO prompts VALUES (1, 2, 3, 4, 5)",
    "UPDATE prompts_all SET prompt = 'x'", "DELETE FROM prompts_all", "REPLACE INTO setting VALUES ('a', 1)",
    "DELETE FROM prompts_all RETURNING place", "WITH t AS (SELECT 1) DELETE FROM setting",
    "INSERT INTO setting VALUES ('a', 1) RETURNING value", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)",
    "CREATE TABLE t AS SELECT 1", "CREATE VIEW v AS SELECT 1", "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE INDEX i ON prompts_all (prompt)", "CREATE TEMP TRIGGER t INSERT ON main.setting BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE temp.t USING fts5(a)", "DROP TABLE prompts_all", "DROP VIEW prompts",
    "DROP VIEW temp.prompts", "ALTER TABLE prompts_all ADD COLUMN a", "ATTACH ':memory:' AS other",
    "ATTACH '/etc/passwd' AS other", "DETACH main", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT s", "RELEASE s", "VACUUM",
    "VACUUM INTO 'copy.db'", "ANALYZE", "REINDEX", "EXPLAIN DELETE FROM prompts_all", "EXPLAIN ATTACH 'x' AS y",
    "UPDATE sqlite_schema SET sql = ''", "DELETE FROM temp.visible_run", "DELETE FROM prompts",
  ]

  @Test func refusesWhatIsNotASelect() throws {
    let test = try TestQueryStore()
    let before = try Data(contentsOf: URL(filePath: test.path))
    for sql in Self.writing {
      let error = try test.error(sql)
      #expect(error?.kind == .refused, "\(sql)")
      #expect(error?.message == "only SELECT is allowed in a query", "\(sql)")
    }
    #expect(try Data(contentsOf: URL(filePath: test.path)) == before)
    #expect(try test.rows("SELECT count(*) FROM prompts") == [[.integer(3)]])
  }

  @Test func refusesPragmasThatDoMoreThanDescribe() throws {
    let test = try TestQueryStore()
    for sql in [
      "PRAGMA journal_mode", "PRAGMA journal_mode = DELETE", "PRAGMA query_only = OFF", "PRAGMA user_version = 7",
      "PRAGMA writable_schema = ON", "PRAGMA trusted_schema = ON", "PRAGMA temp_store_directory = 'x'",
      "PRAGMA wal_checkpoint", "PRAGMA application_id(3)", "PRAGMA main.page_size = 512", "PRAGMA no_such_pragma",
    ] {
      let error = try test.error(sql)
      #expect(error?.kind == .refused, "\(sql)")
      #expect(error?.message.hasPrefix("PRAGMA ") == true, "\(sql)")
      #expect(error?.message.hasSuffix(" is not allowed in a query") == true, "\(sql)")
    }
  }

  @Test func refusesFunctionsThatReachOutside() throws {
    let test = try TestQueryStore()
    for sql in [
      "SELECT load_extension('x')", "SELECT LOAD_EXTENSION('x', 'y')", "SELECT fts3_tokenizer('simple')",
      "SELECT 1 WHERE EXISTS (SELECT load_extension('x'))",
    ] {
      let error = try test.error(sql)
      #expect(error?.kind == .refused, "\(sql)")
      #expect(error?.message.hasSuffix(" is not allowed in a query") == true, "\(sql)")
    }
  }

  private static let wrong = [
    ("", "the SQL is empty"), ("   \n", "the SQL is empty"), ("-- nothing", "the SQL is empty"),
    (";", "the SQL is empty"),
    ("SELECT 1; SELECT 2", "more than one SQL statement"),
    ("SELECT 1; DROP TABLE setting", "more than one SQL statement"),
    ("SELEC 1", "near \"SELEC\": syntax error"), ("SELECT", "incomplete input"), ("SELECT 1 +", "incomplete input"),
    ("SELECT 'open", "unrecognized token: \"'open\""),
    ("SELECT count(1, 2)", "wrong number of arguments to function count()"),
    ("SELECT json('{')", "malformed JSON"), ("SELECT abs(-9223372036854775808)", "integer overflow"),
    ("SELECT readfile('/etc/passwd')", "no such function: readfile"),
  ]

  @Test func answersWrongSQLInSQLitesWords() throws {
    let test = try TestQueryStore()
    for (sql, message) in Self.wrong {
      let error = try test.error(sql)
      #expect(error?.kind == .refused, "\(sql)")
      #expect(error?.message == message, "\(sql)")
    }
  }

  private static let misspelt: [(sql: String, message: String, hint: String?)] = [
    ("SELECT * FROM prompt", "no such table: prompt", "did you mean prompts?"),
    ("SELECT * FROM lables", "no such table: lables", "did you mean labels?"),
    ("SELECT * FROM comits", "no such table: comits", "did you mean commits?"),
    ("SELECT p.respons FROM responses AS p", "no such column: p.respons", "did you mean response?"),
    ("SELECT weather FROM labels", "no such column: weather", nil),
    ("SELECT mesage FROM commits", "no such column: mesage", "did you mean message?"),
    ("SELECT * FROM weather", "no such table: weather", nil),
  ]

  @Test func namesTheNearestName() throws {
    let test = try TestQueryStore()
    for (sql, message, hint) in Self.misspelt {
      let error = try test.error(sql)
      #expect(error?.message == message, "\(sql)")
      #expect(hint == nil ? error?.hint != nil : error?.hint == hint, "\(sql)")
    }
  }
}

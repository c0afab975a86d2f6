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
    "UPDATE sqlite_schema SET sql = ''", "DELETE FROM temp.visible_run -- prompts", "DELETE FROM prompts",
    "INSERT INTO labels_diff VALUES (1)", "UPDATE prompts_diff SET change = 1", "DELETE FROM prompts_diff",
    "INSERT INTO setting SELECT change, 1 FROM prompts_diff('main~1')",
    "CREATE TABLE t AS SELECT * FROM prompts_diff('main~1')", "CREATE VIRTUAL TABLE temp.t USING prompts_diff",
    "CREATE TEMP VIEW v AS SELECT * FROM prompts_diff('main~1')", "DROP TABLE prompts_diff",
    "DELETE FROM prompts_all WHERE prompt_id IN (SELECT prompt_id FROM prompts_diff('main~1'))",
    "INSERT INTO prompts_history SELECT * FROM prompts_history", "DELETE FROM prompts_history",
    "UPDATE prompts_history SET prompt = 'x'", "DROP VIEW prompts_history", "DROP VIEW temp.prompts_history",
    "WITH d AS (SELECT * FROM prompts_diff('main~1')) DELETE FROM setting RETURNING (SELECT count(*) FROM d)",
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

  /// A function's own statements run while the guard is on, on the connection that it guards.
  @Test(arguments: [Store.Access.reading, .writing(waitSeconds: 0, command: "test")])
  func theGuardStaysUpAroundDifferences(_ access: Store.Access) throws {
    let test = try TestQueryStore(access)
    let before = try Data(contentsOf: URL(filePath: test.path))
    for sql in [
      "SELECT count(*) FROM prompts_diff('main~1') WHERE load_extension('x')",
      "SELECT load_extension(change) FROM prompts_diff('main~1')", "SELECT * FROM prompts_diff(load_extension('x'))",
      "SELECT * FROM prompts_diff('main~1'); DROP TABLE setting",
    ] { #expect(try test.error(sql)?.kind == .refused, "\(sql)") }
    // And in the middle of one.
    var count = 0
    try test.store.read { connection in
      let diffs = try DiffTables(.head, commit: connection.resolve(.head), in: connection)
      defer { diffs.unregister() }
      let sql = "SELECT change FROM prompts_diff('main~1')"
      try diffs.register(mentionedIn: QueryWords(sql))
      try QueryGuard.run(on: connection) { _ in
        let rows = try connection.statement(sql)
        while try rows.step() {
          count += 1
          for sql in ["CREATE TEMP TABLE t (a)", "DELETE FROM setting", "PRAGMA query_only = OFF"] {
            #expect(throws: AufdbError.self) { try connection.execute(sql) }
          }
        }
      }
    }
    #expect(count == 2)
    #expect(try test.rows("SELECT count(*) FROM temp.sqlite_schema WHERE name = 't'") == [[.integer(0)]])
    #expect(try Data(contentsOf: URL(filePath: test.path)) == before)
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
    ("SELECT 1; DROP TABLE setting", "only SELECT is allowed in a query"),
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
    ("SELECT * FROM lables_history", "no such table: lables_history", "did you mean labels_history?"),
    ("SELECT * FROM prompt_diff('main')", "no such table: prompt_diff", "did you mean prompts_diff?"),
    ("SELECT borned_by FROM labels_history", "no such column: borned_by", "did you mean born_by?"),
    ("SELECT avrg(tie) FROM labels", "no such function: avrg", "did you mean avg?"),
    (
      "SELECT cosin('f16', vector, vector) FROM embeddings", "no such function: cosin",
      "did you mean cosine(element, a, b)?"
    ),
    ("SELECT weather(1)", "no such function: weather", nil),
    ("SELEC 1", "near \"SELEC\": syntax error", "did you mean SELECT?"),
    ("SELECT * FORM labels", "near \"FORM\": syntax error", "did you mean FROM?"),
    ("SELECT FROM labels", "near \"FROM\": syntax error", nil),
    (
      "SELECT prompt_id FROM labels JOIN prompts ON 1", "ambiguous column name: prompt_id",
      "several tables have it: write TABLE.prompt_id"
    ),
    ("SELECT parents FROM labels", "no such column: parents", "commits has it"),
    ("SELECT l.source FROM labels AS l", "no such column: l.source", "prompts, pairs, coverage have it"),
    (
      "SELECT 1 FROM labels WHERE judge = \"overall\"", "no such column: overall",
      "a text stands in single quotes: 'overall'"
    ),
    (
      "SELECT 1 FROM labels WHERE judge = \"it's\"", "no such column: it's",
      "a text stands in single quotes: 'it''s'"
    ),
    (
      "SELECT \"jugde\" FROM labels", "no such column: jugde",
      "a text stands in single quotes: 'jugde'; as a column: did you mean judge?"
    ),
    (
      "SELECT \"parents\" FROM labels", "no such column: parents",
      "a text stands in single quotes: 'parents'; as a column: commits has it"
    ),
    ("SELECT old_prmpt FROM prompts_diff('main')", "no such column: old_prmpt", "did you mean old_prompt?"),
  ]

  @Test func namesTheNearestName() throws {
    let test = try TestQueryStore()
    for (sql, message, hint) in Self.misspelt {
      let error = try test.error(sql)
      #expect(error?.message == message, "\(sql)")
      let firstLine = error?.hint?.split(separator: "\n").first.map(String.init)
      #expect(hint == nil ? firstLine != nil : firstLine == hint, "\(sql)")
    }
  }
}

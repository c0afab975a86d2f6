// What a hostile query tries: to get round the guard, and to use up memory or time.

import Foundation
import Testing

@testable import Aufdb

@Suite("Hostile queries") struct QueryBombTests {
  private static let pragmas = [
    "analysis_limit = 1", "application_id = 1", "auto_vacuum = 1", "automatic_index = 0", "busy_timeout = 1",
    "cache_size = 1", "cache_spill = 0", "case_sensitive_like = 1", "cell_size_check = 0", "checkpoint_fullfsync = 1",
    "data_store_directory = 'x'", "defer_foreign_keys = 1", "encoding = 'UTF-16'", "foreign_keys = 1", "fullfsync = 1",
    "hard_heap_limit = 1", "ignore_check_constraints = 1", "incremental_vacuum(1)", "integrity_check",
    "journal_mode = DELETE", "journal_size_limit = 1", "legacy_alter_table = 1", "locking_mode = EXCLUSIVE",
    "max_page_count = 1", "mmap_size = 1000000000", "optimize", "page_size = 512", "query_only = 0",
    "\"query_only\"(0)",
    "quick_check", "read_uncommitted = 1", "recursive_triggers = 1", "reverse_unordered_selects = 1",
    "schema_version = 1", "secure_delete = 1", "shrink_memory", "soft_heap_limit = 1", "synchronous = 0",
    "temp.journal_mode = OFF", "temp_store = 2", "temp_store_directory = '/tmp'", "threads = 4", "trusted_schema = 1",
    "user_version = 1", "wal_autocheckpoint = 1", "wal_checkpoint", "wal_checkpoint(TRUNCATE)", "writable_schema = 1",
    "main.writable_schema = RESET",
  ]

  private static let waysRound =
    pragmas.map { "PRAGMA \($0)" } + pragmas.map { "EXPLAIN PRAGMA \($0)" }
    + pragmas.map { "EXPLAIN QUERY PLAN PRAGMA \($0)" } + pragmas.map { "SELECT 1; /**/pragma/**/\($0)" }
    + [
      "SELECT * FROM pragma_wal_checkpoint", "SELECT * FROM pragma_query_only(0)", "SELECT * FROM pragma_journal_mode",
      "SELECT * FROM pragma_optimize", "SELECT * FROM pragma_user_version(7)", "SELECT * FROM pragma_integrity_check",
      "SELECT * FROM pragma_writable_schema(1)", "SELECT * FROM pragma_journal_mode('off')",
      "SELECT * FROM pragma_temp_store_directory('x')",
      "WITH x AS (SELECT 1) INSERT INTO setting SELECT 'a', * FROM x", "EXPLAIN INSERT INTO setting VALUES ('a', 1)",
      "EXPLAIN QUERY PLAN UPDATE setting SET value = 1", "SELECT 1; ATTACH ':memory:' AS m",
      "SELECT 1 UNION ALL DELETE FROM setting", "SELECT (DELETE FROM setting)", "END", "BEGIN IMMEDIATE",
      "ROLLBACK TO s", "INSERT OR REPLACE INTO ref VALUES (1, 2, 3, 4, 5)",
      "UPDATE OR IGNORE prompts_all SET place = 1",
      "INSERT INTO setting VALUES ('a', 1) ON CONFLICT DO UPDATE SET value = 2",
      "ALTER TABLE setting RENAME TO s", "ALTER TABLE temp.visible_run RENAME TO s -- prompts", "REINDEX prompts_key",
      "ANALYZE main", "VACUUM main INTO 'copy.db'", "DROP INDEX prompts_key", "DROP TABLE temp.visible_run -- prompts",
      "INSERT INTO temp.visible_run VALUES (1, 1, 1) -- prompts", "CREATE TEMP TABLE x AS SELECT 1",
      "CREATE TRIGGER t INSERT ON setting BEGIN SELECT 1; END", "UPDATE main.sqlite_master SET sql = 'x'",
      "DELETE FROM sqlite_sequence", "DELETE FROM sqlite_stat1", "CREATE VIRTUAL TABLE t USING rtree(a, b, c)",
      "SELECT load_extension('/lib/x.so')", "SELECT fts3_tokenizer('x', x'00')", "SELECT writefile('x', 'y')",
      "SELECT readfile('/etc/passwd')", "SELECT edit('x')", "SELECT \"load_extension\"('x')",
      "SELECT * FROM (VALUES (1)) WHERE [load_extension]('x')", "SELECT * FROM zipfile('x')",
      "SELECT * FROM fsdir('/')",
    ]

  @Test(
    "no way round the guard leads anywhere",
    arguments: [
      Store.Access.reading, .writing(waitSeconds: 0, command: "test"),
    ])
  func guardHolds(_ access: Store.Access) throws {
    let test = try TestQueryStore(access)
    let (before, files) = (try Self.bytes(test), try Self.files(test))
    for sql in Self.waysRound {
      let error = #expect(throws: AufdbError.self, "\(sql)") { _ = try test.results(sql) }
      #expect(error?.kind == .refused, "\(sql): \(error?.message ?? "")")
    }
    #expect(try test.rows("SELECT count(*) FROM prompts") == [[.integer(3)]])
    #expect(try Self.bytes(test) == before)
    #expect(try Self.files(test) == files)
    let readOnly = try test.store.read { try $0.integer("PRAGMA query_only") }
    #expect(readOnly == 0, "the guard is down again")
  }

  private static func bytes(_ test: TestQueryStore) throws -> Data { try Data(contentsOf: URL(filePath: test.path)) }
  private static func files(_ test: TestQueryStore) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: test.folder.path).filter { !$0.hasSuffix("-shm") })
  }

  private static func nested(_ before: String, _ middle: String, _ after: String, _ count: Int) -> String {
    String(repeating: before, count: count) + middle + String(repeating: after, count: count)
  }

  /// With a piece of what each is answered; nil where it is stopped by the clock.
  private static let bombs: [(name: String, sql: String, message: String?)] = [
    ("zeroblob", "SELECT zeroblob(1000000000)", "larger than 256 MB"),
    ("randomblob", "SELECT length(randomblob(1000000000))", "larger than 256 MB"),
    ("hex", "SELECT length(hex(zeroblob(200000000)))", "larger than 256 MB"),
    (
      "replace", "SELECT replace(hex(zeroblob(10000)), '0', hex(zeroblob(10000)))", "larger than 256 MB"
    ),
    ("concatenation", "SELECT length(zeroblob(200000000) || zeroblob(200000000))", "larger than 256 MB"),
    (
      "group_concat",
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 300) "
        + "SELECT group_concat(hex(zeroblob(500000))) FROM c", "larger than 256 MB"
    ),
    ("recursion", "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c", nil),
    (
      "join",
      "SELECT count(*) FROM prompts a, prompts b, prompts c, prompts d, prompts e, prompts f, prompts g, "
        + "prompts h, prompts i, prompts j, prompts k, prompts l, prompts m, prompts n, prompts o, prompts p", nil
    ),
    ("brackets", "SELECT " + nested("(", "1", ")", 100_000), nil),
    ("minus", "SELECT " + nested("-", "1", "", 100_000), nil),
    ("not", "SELECT " + nested("NOT ", "1", "", 100_000), nil),
    ("sum", "SELECT 1" + nested("+1", "", "", 100_000), "too large (maximum depth 1000)"),
    ("pipes", "SELECT 'a'" + nested("||'a'", "", "", 100_000), "too large (maximum depth 1000)"),
    ("and", "SELECT 1" + nested(" AND 1", "", "", 100_000), "too large (maximum depth 1000)"),
    ("subqueries", "SELECT " + nested("(SELECT ", "1", ")", 10_000), nil),
    ("tables", nested("SELECT * FROM (", "SELECT 1", ")", 10_000), nil),
    ("functions", "SELECT " + nested("abs(", "1", ")", 10_000), nil),
    ("cases", "SELECT " + nested("CASE WHEN 1 THEN ", "1", " END", 10_000), nil),
    ("unions", "SELECT 1" + nested(" UNION ALL SELECT 1", "", "", 10_000), "too many terms in compound SELECT"),
    ("columns", "SELECT 1" + nested(", 1", "", "", 10_000), "too many columns in result set"),
    ("arguments", "SELECT max(1" + nested(", 1", "", "", 1000) + ")", "too many arguments on function max"),
    ("parameters", "SELECT ?1001", "variable number must be between ?1 and ?1000"),
    ("joins", "SELECT 1 FROM prompts" + nested(", prompts", "", "", 100), "at most 64 tables in a join"),
    ("text", "SELECT '" + nested("x", "", "", 10_000_000) + "'", "the SQL is longer than 4 MB"),
    ("statements", nested("SELECT 1;", "", "", 1001), "the SQL has more than 1000 statements"),
    ("LIKE", "SELECT 'a' LIKE '\(nested("%_", "", "", 1000))'", "a pattern of LIKE or GLOB is longer than 1000 bytes"),
    ("GLOB", "SELECT 'a' GLOB '\(nested("*?", "", "", 1000))'", "a pattern of LIKE or GLOB is longer than 1000 bytes"),
    ("JSON", "SELECT json('\(nested("[", "", "]", 100_000))')", "malformed JSON"),
  ]

  @Test("no query uses up memory or time", arguments: bombs.indices)
  func bombsAreDefused(_ index: Int) throws {
    let (name, sql, message) = Self.bombs[index]
    let test = try TestQueryStore()
    let error = #expect(throws: AufdbError.self, "\(name)") {
      // What a limit ends needs no clock, and a busy machine may take its time.
      _ = try test.results(sql, QueryOptions(timeoutSeconds: message == nil ? 0.05 : 600))
    }
    #expect(error?.kind == .refused, "\(name)")
    #expect(message.map { error?.message.contains($0) == true } ?? true, "\(name): \(error?.message.prefix(200) ?? "")")
    #expect(try test.rows("SELECT count(*) FROM prompts") == [[.integer(3)]])
  }

  @Test("wildcards alone don't make matching slow")
  func wildcards() throws {
    let test = try TestQueryStore()
    let sql = "SELECT hex(zeroblob(20000)) LIKE :like, hex(zeroblob(20000)) GLOB :glob"
    let rows = try test.rows(
      sql,
      at: .head,
      ["like": .text(Self.nested("%_", "1", "", 450)), "glob": .text(Self.nested("*?", "1", "", 450))])
    #expect(rows == [[.integer(0), .integer(0)]])
  }

  @Test("limits are those of before when a query is done")
  func limitsAreRestored() throws {
    let test = try TestQueryStore(.writing(waitSeconds: 0, command: "test"))
    func limits() throws -> [Int] { try test.store.read { QueryLimits.current($0.handle) } }
    let before = try limits()
    _ = try test.rows("SELECT 1")
    #expect(try test.error("SELECT x") != nil)
    #expect(try limits() == before)
  }
}

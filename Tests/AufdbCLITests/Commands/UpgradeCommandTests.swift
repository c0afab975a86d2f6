// `aufdb upgrade` as it is typed, and the way that people are shown to it.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct UpgradeCommandTests {
  let stage: CommandStage

  init() throws { stage = try CommandStage() }

  /// Makes an empty store of an old format with the first commit of a new one.
  private func makeOld(_ format: Int) throws {
    try stage.expectDone("init", stage.path("old.aufdb"))
    let store = try Store(stage.path("old.aufdb"), for: .writing(waitSeconds: 0, command: "test"))
    try store.withConnection { connection in
      let objects = try connection.all("SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC")
      {
        ($0.string(0), $0.string(1))
      }
      try connection.executeScript("CREATE TEMP TABLE kept AS SELECT * FROM commit_log")
      for (type, name) in objects where type != "index" { try connection.execute("DROP \(type) main.\(name)") }
      try connection.executeScript(
        [
          FormatOneSchema.sql, FormatTwoSchema.sql, FormatThreeSchema.sql, FormatFourSchema.sql, FormatFiveSchema.sql,
        ][format - 1])
      let (pruned, lane) = format == 1 ? ("", "") : (", pruned", ", 0")
      try connection.executeScript(
        """
        INSERT INTO commit_log SELECT seq, id, author, time, message, operation, change_digest\(pruned) FROM kept;
        INSERT INTO ref VALUES ('main', 'branch', 1, 0\(lane));
        UPDATE setting SET value = 1 WHERE name = 'next_lane';
        DROP TABLE kept;
        """)
    }
  }

  @Test(arguments: 1...5) func bringsAnOldStoreUpToDate(format: Int) throws {
    try makeOld(format)
    let store = stage.path("old.aufdb")
    for verb in ["log", "stats", "verify", "show"] {
      try stage.expectRefused(
        [verb, store], exitCode: 65, error: "{}/old.aufdb has format version \(format), and this aufdb knows 6",
        hint: "`aufdb upgrade STORE` brings it up to date; keep a copy")
    }
    let run = CommandStage.run(["upgrade", store])
    #expect(run.exitCode == 0 && run.output == "")
    #expect(run.error == "upgraded from format version \(format) to 6: 1 commit, 0 row versions\n")
    #expect(
      CommandStage.run(["upgrade", store]).error == "nothing to do: the store has format version 6 already\n")
    try stage.expectDone("verify", store)
    try stage.expectDone("import", store, stage.file("c.jsonl", CommandStage.completions))
  }

  @Test func refusesWhatIsNoOldStore() throws {
    try stage.expectRefused(
      ["upgrade", stage.path("no.aufdb")], exitCode: 66, error: "there is no store at {}/no.aufdb")
    try stage.file("text", "hello\n")
    try stage.expectRefused(
      ["upgrade", stage.path("text")], exitCode: 65, error: "{}/text is not an aufdb store: it isn't a SQLite file")
    var bytes = try stage.bytes("store.aufdb")
    bytes[63] = 7
    try stage.file("newer.aufdb", bytes)
    try stage.expectRefused(
      ["upgrade", stage.path("newer.aufdb")], exitCode: 65,
      error: "{}/newer.aufdb has format version 7, and this aufdb knows 6", hint: "use a newer aufdb")
    let holder = try Store(stage.store, for: .writing(waitSeconds: 0, command: "other"))
    #expect(CommandStage.run(["upgrade", stage.store, "--wait", "0"]).exitCode == 75)
    withExtendedLifetime(holder) {}
  }
}

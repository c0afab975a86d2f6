// What `aufdb upgrade` refuses; FormatFixtureTests.swift has what it upgrades.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct UpgradeCommandTests {
  let stage: CommandStage

  init() throws { stage = try CommandStage() }

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

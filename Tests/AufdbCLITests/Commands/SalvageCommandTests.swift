// `aufdb salvage` as it is typed: what it says of a sound store, a damaged one, and what is no store.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct SalvageCommandTests {
  let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private var new: String { stage.path("new.aufdb") }

  @Test func copiesASoundStoreWhole() throws {
    let run = CommandStage.run(["salvage", stage.store, new, "--format", "csv"])
    #expect(run.exitCode == 0)
    #expect(
      run.output == """
        table,proven,unproven,lost
        prompts,2,0,0
        responses,4,0,0
        scores,3,0,0
        snapshots,1,0,0
        estimates,2,0,0

        """)
    #expect(run.error == "\(new): 3 commits with their ids\nnothing was lost\n")
    try stage.expectDone("verify", new)
    let logs = [stage.store, new].map { CommandStage.run(["log", $0]).output }
    #expect(logs[0] == logs[1])
  }

  /// The store with one byte of a text changed.
  private func damage(_ text: String) throws {
    var bytes = try stage.bytes("store.aufdb")
    let place = try #require(bytes.firstRange(of: Array(text.utf8)))
    bytes[place.lowerBound] ^= 1
    try stage.file("store.aufdb", bytes)
  }

  @Test func saysWhatIsLostAndWhatIsNotProven() throws {
    // The row of p2's prompt: its id, its text and its format stand side by side.
    try damage("p2q2text")
    #expect(CommandStage.run(["verify", stage.store]).exitCode == 65)
    let run = CommandStage.run(["salvage", stage.store, new, "--format", "csv", "--author", "ada"])
    #expect(run.exitCode == 65)
    #expect(run.output.hasPrefix("table,proven,unproven,lost\nprompts,0,2,0\nresponses,0,4,0\n"))
    #expect(run.output.hasSuffix("snapshots,1,0,0\nestimates,2,0,0\n"))
    let lines = run.error.split(separator: "\n").map(String.init)
    #expect(lines[0] == "\(new): 1 commit with its id" && lines[1] == "2 commits made anew of what is left:")
    #expect(lines[2].hasSuffix("Import 2 prompts, 4 responses, 3 scores from completions.jsonl (unproven)"))
    #expect(lines[3].hasSuffix("Import 1 snapshot, 2 estimates from base.jsonl (all rows)"))
    #expect(lines[4] == "on main: Retire what stands twice, or refers to rows that are lost" && lines.count == 5)
    try stage.expectDone("verify", new)
    try FileManager.default.removeItem(atPath: new)
    let proven = CommandStage.run(["salvage", stage.store, new, "--format", "csv", "--proven"])
    #expect(proven.output.hasPrefix("table,proven,unproven,lost\nprompts,0,0,2\nresponses,0,0,4\nscores,0,0,3\n"))
    #expect(proven.exitCode == 65)
    try stage.expectDone("verify", new)
  }

  @Test func refusesWhatItCannotDo() throws {
    try stage.file("text", "hello\n")
    try stage.expectRefused(
      ["salvage", stage.path("text"), new], exitCode: 65, error: "this is not an aufdb store: it isn't a SQLite file",
      hint: "nothing in it says that it ever was one")
    try stage.expectRefused(
      ["salvage", stage.path("none"), new], exitCode: 66, error: "there is no store at {}/none")
    try stage.expectRefused(["salvage", stage.path(""), new], exitCode: 66, error: "{}/ is not a file")
    for name in ["store.aufdb", "text"] {
      try stage.expectRefused(
        ["salvage", stage.store, stage.path(name)], exitCode: 1, error: "{}/\(name) exists already",
        hint: "choose another name; aufdb never overwrites a store")
    }
    try stage.expectRefused(
      ["salvage", stage.store, stage.path("no/new.aufdb")], exitCode: 73,
      error: "can't be created: no such file or directory ({}/no/new.aufdb)")
    #expect(CommandStage.run(["salvage", stage.store]).exitCode == 64)
  }
}

// `aufdb prune`, and what other verbs say of what it left, as they are typed.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct PruneCommandTests {
  let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private func run(_ line: String) -> TestRun {
    CommandStage.run(line.split(separator: " ").map { $0 == "STORE" ? stage.store : String($0) })
  }

  /// Replaces the two estimates, twice; the first two versions of each are then past.
  private func replaceEstimates() throws {
    for number in 1...2 {
      let lines = CommandStage.estimates.replacing("\"upper\":1", with: "\"upper\":\(number + 1)")
      try stage.file("base.jsonl", lines)
      try stage.expectDone("import", stage.store, stage.path("base.jsonl"), "--replace", "--snapshot", "base")
    }
  }

  private func id(_ revision: String) -> String {
    String(run("log STORE --at \(revision) --limit 1 --format oneline").output.prefix(12))
  }

  @Test func saysWhatWouldGoAndThenWhatWent() throws {
    try replaceEstimates()
    let before = try stage.contents()
    let dry = run("prune STORE --keep 1 --dry-run --format csv")
    #expect(dry.exitCode == 0)
    // "base", "p1", a model's name and four numbers: 39 bytes a row.
    #expect(dry.output == "table,versions,bytes\nestimates,4,156\n")
    #expect(
      dry.error
        == "4 row versions (156 bytes) would be pruned; 2 commits can't be read any more, 1 commit kept\n")
    #expect(try stage.contents() == before)

    let size = try stage.bytes("store.aufdb").count
    let real = run("prune STORE --keep 1 --format csv")
    #expect(real.output == dry.output)
    let lines = real.error.split(separator: "\n")
    #expect(lines.first == "4 row versions (156 bytes) pruned; 2 commits can't be read any more, 1 commit kept")
    let sizeAfter = try stage.bytes("store.aufdb").count
    #expect(lines.last == "the file had \(size) bytes, and has \(sizeAfter)")
    #expect(lines.count == 2)

    let again = run("prune STORE --keep 1")
    #expect(again.output == "" && again.exitCode == 0)
    #expect(again.error == "nothing to prune: some kept commit sees each row version\n")
    #expect(run("verify STORE").error.hasPrefix("ok: 5 commits (2 pruned), "))
    #expect(run("verify STORE --quick").error.hasPrefix("ok so far: 5 commits (2 pruned)\n  not checked: "))
  }

  @Test func historyTellsThatItIsNotWhole() throws {
    try replaceEstimates()
    #expect(run("history STORE estimates base p1").error == "")
    let before = run("history STORE estimates base p1 --format jsonl").output.split(separator: "\n").count
    #expect(run("prune STORE --keep 1").exitCode == 0)
    let after = run("history STORE estimates base p1 --format jsonl")
    #expect(after.output.split(separator: "\n").count < before && after.exitCode == 0)
    #expect(after.error == "note: 2 commits were pruned, so older versions may be missing\n")
  }

  @Test func marksWhatCannotBeRead() throws {
    try replaceEstimates()
    let json = run("log STORE --format json").output
    let (pruned, whole) = (id("main~1"), id("main"))
    #expect(run("prune STORE --keep 1 --no-compact").exitCode == 0)
    let lines = run("log STORE --format oneline").output.split(separator: "\n")
    #expect(lines.map { $0.contains(" (pruned) ") } == [false, true, true, false, false])
    #expect(run("show STORE main~1").output.hasPrefix("commit \(pruned)"))
    #expect(run("show STORE main~1").output.split(separator: "\n").first?.hasSuffix(" (pruned)") == true)
    #expect(run("log STORE --format json").output == json)
    for line in [
      "query STORE VALUES(1) --at main~1", "stats STORE --at main~2~0", "branch create STORE b --at main~1",
      "tag create STORE t --at main~1", "export STORE dpo --output \(stage.path("out")) --at main~1",
      "select STORE --method random --at main~1",
    ] {
      let commit = line.contains("main~2") ? id("main~2") : pruned
      let words = line.split(separator: " ").map { $0 == "STORE" ? stage.store : String($0) }
      try stage.expectRefused(
        words, exitCode: 1, error: "commit \(commit) was pruned: some of its rows are gone",
        hint: "the oldest commit of 'main' that is kept is \(whole)")
    }
    #expect(run("stats STORE --at main~3").exitCode == 0)
  }

  @Test(arguments: [
    [], ["--keep"], ["--keep", "0"], ["--keep", "-1"], ["--keep", "x"], ["--keep", "1", "--wait", "x"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    let before = try stage.contents()
    let run = CommandStage.run(["prune", stage.store] + arguments)
    #expect(run.exitCode == 64)
    #expect(run.error.hasPrefix("error: ") && run.error.contains("\nhint: "))
    #expect(try stage.contents() == before)
  }

  @Test(
    "A disk without room to compact: the rows are gone all the same, and it says so",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func fullDisk() throws {
    let text = String(repeating: "lorem ipsum ", count: 20_000)
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 16 << 20) { disk in
      let store = "\(disk)/store.aufdb"
      try stage.expectDone("init", store)
      for version in 0..<3 {
        let lines = (0..<8).map { #"{"prompt_id":"p\#($0)","prompt":"\#(version) \#(text)","completions":[]}"# + "\n" }
        let file = try stage.file("prompts.jsonl", lines.joined())
        try stage.expectDone("import", store, file, "--replace")
      }
      #expect(TinyDisk.change(disk, "size=\(7 << 20)"))
      let run = CommandStage.run(["prune", store, "--keep", "1"])
      #expect(run.exitCode == 0)
      #expect(run.error.contains("16 row versions ("))
      #expect(run.error.contains("the file was not compacted: it needs "))
      try stage.expectDone("verify", store)
      #expect(TinyDisk.change(disk, "size=\(32 << 20)"))
      #expect(CommandStage.run(["prune", store, "--keep", "1"]).error.hasPrefix("nothing to prune"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["store.aufdb"])
    }
  }
}

// Branches, tags and switching, as they are typed.

import Testing

@testable import AufdbCLI

@Suite struct BranchCommandTests {
  let stage: CommandStage

  init() throws { stage = try CommandStage() }

  /// Runs a command line on the stage's store, which stands in for STORE.
  private func run(_ line: String) -> TestRun {
    CommandStage.run(line.split(separator: " ").map { $0 == "STORE" ? stage.store : String($0) })
  }

  @Test func aBranchForEachMethod() {
    for method in ["maxmin", "random"] {
      #expect(run("branch create STORE \(method)").exitCode == 0)
      #expect(run("select STORE --method \(method) --branch \(method)").exitCode == 0)
    }
    let count = "SELECT count(*) FROM selections"
    #expect(CommandStage.run(["query", stage.store, count, "--format", "csv"]).output == "count(*)\n0\n")
    let first = CommandStage.run(["query", stage.store, count, "--format", "csv", "--at", "maxmin"]).output
    #expect(first != "count(*)\n0\n")
    #expect(run("switch STORE maxmin").error == "on maxmin\n")
    #expect(CommandStage.run(["query", stage.store, count, "--format", "csv"]).output == first)
    let lines = run("branch list STORE --format tsv").output.split(separator: "\n")
    #expect(lines.map { $0.split(separator: "\t")[0] } == ["current", "main", "*", "random"])
    #expect(run("verify STORE").exitCode == 0)
  }

  @Test func tagsAndNames() {
    #expect(run("tag create STORE v1").exitCode == 0)
    #expect(run("log STORE --at v1 --limit 1 --format oneline").output.split(separator: "\n").count == 1)
    #expect(run("tag create STORE v1").exitCode == 1)
    #expect(run("tag delete STORE v2").error == "error: there is no tag 'v2'\nhint: there are: v1\n")
    #expect(run("tag delete STORE v1").error == "v1 is deleted\n")
    #expect(run("branch rename STORE main trunk").error == "main is trunk now\n")
    #expect(run("branch delete STORE trunk").error.hasPrefix("error: 'trunk' is the current branch\n"))
    #expect(run("branch create STORE a..b").exitCode == 64)
    #expect(run("branch create STORE x --at nowhere").exitCode == 1)
    #expect(run("switch STORE nowhere").error == "error: there is no branch 'nowhere'\nhint: there are: trunk\n")
    #expect(run("branch frobnicate STORE").exitCode == 64)
  }
}

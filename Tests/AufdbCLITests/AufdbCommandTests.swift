// The root of the command line: help, version, and what can't be parsed.

import Testing

@testable import AufdbCLI

@Suite struct AufdbCommandTests {
  @Test func versionAndHelpGoToStandardOutput() {
    for arguments in [["--version"], ["--help"], ["query", "--help"], ["help", "query"], []] {
      let test = TestSurroundings()
      #expect(AufdbCommand.run(arguments, in: test.surroundings) == 0)
      #expect(test.output.hasSuffix("\n"))
      #expect(test.error == "")
    }
    #expect(TestSurroundings().run("--version").output == AufdbCommand.configuration.version + "\n")
  }

  @Test(arguments: [
    ["query"], ["query", "a.aufdb"], ["query", "a", "b", "c"], ["query", "a", "b", "--format", "xml"],
    ["query", "a", "b", "--frobnicate", "csv"], ["--frobnicate"],
  ])
  func wrongUsage(_ arguments: [String]) {
    let test = TestSurroundings()
    #expect(AufdbCommand.run(arguments, in: test.surroundings) == 64)
    #expect(test.output == "")
    let lines = test.error.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("error: ") == true)
    #expect(lines.last?.hasPrefix("hint: usage: aufdb ") == true)
  }

  private static let verbs = AufdbCommand.configuration.subcommands.map { $0.configuration.commandName ?? "" }

  @Test(arguments: [
    ("qurey", "did you mean query?"), ("Import", "did you mean import?"),
    ("frobnicate", "verbs: \(verbs.joined(separator: ", ")), help"),
  ])
  func unknownVerb(verb: String, hint: String) {
    let test = TestSurroundings()
    #expect(AufdbCommand.run([verb, "a.aufdb"], in: test.surroundings) == 64)
    #expect(test.error == "error: there is no verb '\(verb)'\nhint: \(hint)\n")
  }

  @Test func aFileIsNoVerb() throws {
    let store = try EmptyStore()
    let run = TestSurroundings().run(store.path, "SELECT 1")
    #expect(run.exitCode == 64 && run.output == "")
    let path = store.path.shortened(to: 80)
    #expect(
      run.error == "error: there is no verb '\(path)', but there is a file\nhint: `aufdb query \(store.path) SQL`, or "
        + "`aufdb shell \(store.path)`\n")
    #expect(TestSurroundings().run("log", store.path).exitCode == 0)
  }

  @Test(arguments: [
    (["branch", "lst", "a.aufdb"], "branch lst", "did you mean list?"),
    (["tag", "frobnicate"], "tag frobnicate", "verbs: list, create, delete"),
    (["help", "qurey"], "qurey", "did you mean query?"),
    (["help", "bundle", "aply"], "bundle aply", "did you mean apply?"),
  ])
  func unknownVerbOfAVerb(_ arguments: [String], _ verb: String, _ hint: String) {
    let test = TestSurroundings()
    #expect(AufdbCommand.run(arguments, in: test.surroundings) == 64)
    #expect(test.error == "error: there is no verb '\(verb)'\nhint: \(hint)\n")
    #expect(test.output == "")
  }

  @Test(arguments: [
    (
      ["query", "a", "b", "--formt", "csv"], "Unknown option '--formt'",
      "did you mean --format? `aufdb query --help` says more"
    ),
    (
      ["query", "a", "b", "--forma", "csv"], "Unknown option '--forma'",
      "did you mean --format? `aufdb query --help` says more"
    ),
    (["log", "a", "--grph"], "Unknown option '--grph'", "did you mean --graph? `aufdb log --help` says more"),
    (
      ["branch", "delete", "a", "b", "--froce"], "Unknown option '--froce'",
      "did you mean --force? `aufdb branch delete --help` says more"
    ),
  ])
  func unknownOption(_ arguments: [String], _ message: String, _ hint: String) {
    let test = TestSurroundings()
    #expect(AufdbCommand.run(arguments, in: test.surroundings) == 64)
    #expect(test.error == "error: \(message)\nhint: \(hint)\n")
  }

  @Test func optionsThatAreTooFarAwayAreNotSuggested() {
    let test = TestSurroundings().run("query", "a", "b", "--fmt", "csv")
    #expect(test.error.hasPrefix("error: Unknown option '--fmt'\nhint: usage: aufdb query "))
  }

  @Test(arguments: [
    (["query", "a", "b", "--format", "cvs"], "csv"), (["export", "a", "dop", "--output", "x"], "dpo"),
    (["log", "a", "--format", "onelin"], "oneline"), (["completions", "bsh"], "bash"),
  ])
  func wrongValue(_ arguments: [String], _ meant: String) {
    let test = TestSurroundings()
    #expect(AufdbCommand.run(arguments, in: test.surroundings) == 64)
    let lines = test.error.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("error: The value '") == true)
    #expect(lines.last?.hasPrefix("hint: did you mean \(meant)? `aufdb ") == true)
  }
}

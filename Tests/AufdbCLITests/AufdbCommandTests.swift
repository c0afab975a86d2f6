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
    ["query", "a", "b", "--frmat", "csv"], ["--frobnicate"],
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
}

// The manual page: everything is in it, and no text of it is taken for a request.

import Testing

@testable import AufdbCLI

@Suite struct ManualPageTests {
  private let root: CommandDescription
  private let page: String

  init() throws {
    root = try CommandDescription.root()
    page = ManualPage.text(of: root)
  }

  @Test func everyVerbAndOptionIsThere() {
    func check(_ verb: CommandDescription, below names: [String]) {
      let path = (names + [verb.commandName]).joined(separator: " ")
      guard let start = page.firstRange(of: ".SS \"\(Roff.escaped(path))\"\n") else {
        Issue.record("\(path) is missing")
        return
      }
      let rest = page[start.upperBound...]
      let part = rest[..<(rest.firstRange(of: "\n.S")?.lowerBound ?? rest.endIndex)]
      #expect(part.contains(Roff.escaped(String((verb.abstract ?? "").prefix(20)))), "\(path)")
      for argument in verb.ownArguments {
        for name in argument.names ?? [] {
          #expect(part.contains(Roff.escaped("-\(name.name)")), "\(path) \(name.name)")
        }
      }
      for below in verb.verbs { check(below, below: names + [verb.commandName]) }
    }
    #expect(root.verbs.count == AufdbCommand.configuration.subcommands.count)
    for verb in root.verbs { check(verb, below: ["aufdb"]) }
  }

  @Test func everySectionIsThereOnce() {
    for section in [
      "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO",
    ] {
      #expect(page.split(separator: "\n").count { $0 == ".SH \(section)" } == 1, "\(section)")
    }
    for code in ["0", "1", "64", "65", "66", "70", "73", "74", "75"] { #expect(page.contains("\\fB\(code)\\fR\n")) }
  }

  @Test func requestsAreOurs() {
    let requests: Set<Substring> = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".ad", ".nh"]
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      #expect(!line.isEmpty && !line.hasPrefix("'"), "\(line)")
      if line.hasPrefix(".") { #expect(requests.contains(line.prefix { $0 != " " }), "\(line)") }
    }
  }

  @Test(
    arguments: [
      (".dot", "\\&.dot"), ("'quote", "\\(aqquote"), ("a\\b", "a\\eb"), ("--x-y", "\\-\\-x\\-y"), ("a\nb\tc", "a b c"),
      ("~^`\"", "\\(ti\\(ha\\(ga\\(dq"), ("", ""),
    ])
  func escapes(_ text: String, _ escaped: String) {
    #expect(Roff.escaped(text) == escaped)
  }

  @Test func aLineThatIsFilledCanBeginWithAPoint() {
    var roff = Roff()
    roff.text(Array(repeating: ".at", count: 40).joined(separator: " "))
    #expect(roff.text.split(separator: "\n").allSatisfy { $0.hasPrefix("\\&.at ") && $0.count < 80 })
  }

  @Test func theVerbPrintsIt() {
    let run = TestSurroundings().run("manual")
    #expect(run.output == page)
    #expect(run.exitCode == 0)
  }
}

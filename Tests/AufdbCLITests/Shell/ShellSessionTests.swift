// What the shell makes of lines, without a terminal or a store.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct ShellSessionTests {
  /// The actions that lines ask for.
  private static func actions(_ lines: String..., settings: ShellSettings = ShellSettings()) throws -> [ShellAction] {
    var session = ShellSession(settings, verbs: ["branch", "log", "select", "show"])
    return try lines.compactMap { line throws(AufdbError) in try session.take(line) }
      + [session.takeEnd()].compactMap { $0 }
  }

  @Test func aStatementEndsWithItsSemicolon() throws {
    #expect(try Self.actions("SELECT 1;") == [.run(sql: "SELECT 1;\n", line: 1)])
    #expect(
      try Self.actions("", "-- first", "SELECT", "  ';',", "-- ;", ".at", "1; -- done", "SELECT 2") == [
        .run(sql: "SELECT\n  ';',\n-- ;\n.at\n1; -- done\n", line: 3), .run(sql: "SELECT 2\n", line: 8),
      ])
    #expect(
      try Self.actions("/* one", ".quit", "*/ SELECT 1;") == [.run(sql: "/* one\n.quit\n*/ SELECT 1;\n", line: 1)])
    #expect(try Self.actions("SELECT 1; /* a", "b */") == [.run(sql: "SELECT 1; /* a\nb */\n", line: 1)])
    #expect(try Self.actions("-- nothing", "  ;", "/* nothing */") == [])
  }

  @Test func whatHasBegunCanBeDropped() throws {
    var session = ShellSession()
    #expect(try session.take("SELECT 'a") == nil)
    #expect(session.isContinuing)
    session.drop()
    #expect(!session.isContinuing)
    #expect(try session.take(".quit") == .quit)
    #expect(session.takeEnd() == nil)
  }

  @Test(
    arguments: [
      (".q", .quit), (".exit", .quit), ("quit", .quit), ("EXIT;", .quit), (".tab", .listTables),
      (".read 'a b.sql'", .read(path: "a b.sql")), (".output", .output(path: nil)),
      (".o x.csv", .output(path: "x.csv")),
      ("@top", .runSaved(name: "top")), ("@top;", .runSaved(name: "top")),
      (".schema labels", .verb("schema", ["labels"])),
      (".log", .verb("log", ["--format", "oneline", "-n", "10"])),
      (".log 3 --all", .verb("log", ["--format", "oneline", "-n", "3", "--all"])),
      (".diff", .verb("diff", ["HEAD~1", "HEAD", "--stat"])),
      (".diff --table labels", .verb("diff", ["HEAD~1", "HEAD", "--table", "labels", "--stat"])),
      (".diff main~3", .verb("diff", ["main~3", "HEAD", "--stat"])),
      (".diff a..b --format=csv", .verb("diff", ["a..b", "--format=csv"])),
      (".diff a b", .verb("diff", ["a", "b", "--stat"])),
    ] as [(String, ShellAction)])
  func commands(_ line: String, _ action: ShellAction) throws {
    #expect(try Self.actions(line) == [action])
  }

  @Test func theRevisionGoesIntoVerbs() throws {
    let settings = ShellSettings(revision: "v1")
    #expect(
      try Self.actions(".log", ".diff", settings: settings) == [
        .verb("log", ["--format", "oneline", "-n", "10", "--at", "v1"]), .verb("diff", ["v1~1", "v1", "--stat"]),
      ])
  }

  @Test func settingsChange() throws {
    var settings = ShellSettings()
    for (line, change, checked) in [
      (".at main~1", { $0.revision = "main~1" }, "main~1"), (".at -", { $0.revision = nil }, .head),
      (".format csv", { $0.format = .csv }, nil), (".timeout 1.5", { $0.timeoutSeconds = 1.5 }, nil),
      (".timeout 0", { $0.timeoutSeconds = nil }, nil), (".timer on", { $0.isTimed = true }, nil),
      (".param :n 5", { $0.parameters["n"] = .integer(5) }, nil),
      (".param t a b", { $0.parameters["t"] = .text("a b") }, nil), (".param n", { $0.parameters["n"] = nil }, nil),
      (".with past=main~5", { $0.others = [try! OtherRevision("past", "main~5")] }, "main~5"),
      (".with PAST=v1", { $0.others = [try! OtherRevision("PAST", "v1")] }, "v1"),
      (".with past=", { $0.others = [] }, nil),
    ] as [(String, (inout ShellSettings) -> Void, Revision?)] {
      var session = ShellSession(settings)
      change(&settings)
      #expect(try session.take(line) == .adopt(settings, checking: checked), "\(line)")
      #expect(session.settings != settings || line == ".at -", "a session waits until the revision is known: \(line)")
    }
  }

  @Test(
    arguments: [
      (".t", ".t can be more than one command", ".tables or .timeout or .timer"),
      (".fromat", "there is no command .fromat", "did you mean .format?"),
      (".", "there is no command .", ".help lists the commands"),
      (".frobnicate", "there is no command .frobnicate", ".help lists the commands"),
      (".read", ".read needs more", "usage: .read FILE"), (".at a b", ".at takes less", "usage: .at [REVISION | -]"),
      (".format cvs", "there is no format 'cvs'", "did you mean csv?"),
      (".timeout -1", ".timeout takes a number of seconds, not '-1'", "0: any time"),
      (".timer maybe", ".timer is on or off, not 'maybe'", nil), (".read 'a", "the quote ' isn't closed", nil),
      (".with x", ".with takes NAME=REVISION, not 'x'", "for example .with past=main~5"),
      (".with no=", "there is no revision of the name 'no'", ".with lists them"),
      ("log", "'log' is not SQL", "the shell's command is .log"),
      (
        "branch list x", "'branch' is not SQL", "outside of the shell there is `aufdb branch`; .help lists what is here"
      ),
      (
        "SHOW TABLES;", "'show' is not SQL",
        ".tables lists the tables; outside of the shell there is `aufdb show`; .help lists what is here"
      ),
    ] as [(String, String, String?)])
  func wrongCommands(_ line: String, _ message: String, _ hint: String?) {
    #expect(throws: AufdbError(.usage, message, hint: hint)) { try Self.actions(line) }
  }

  @Test func verbsThatAreSQLAreSQL() throws {
    for line in ["SELECT 1;", "with x AS (SELECT 1) SELECT * FROM x;", "select 1;"] {
      #expect(try Self.actions(line) == [.run(sql: line + "\n", line: 1)])
    }
  }

  @Test func helpNamesEveryCommand() throws {
    guard case .say(let text) = try Self.actions(".help").first else { throw AufdbError(.usage, "no help") }
    for command in DotCommand.allCases {
      #expect(text.contains(command.name + " ") || text.contains(command.name + "\n"))
    }
    guard case .say(let one) = try Self.actions(".help .at").first else { throw AufdbError(.usage, "no help") }
    #expect(one.hasPrefix(".at ") && one.split(separator: "\n").count == 1)
  }

  @Test func onlyParametersThatOccurArePassed() {
    let settings = ShellSettings(parameters: ["a": .integer(1), "b": .integer(2), "c": .integer(3)])
    let options = settings.options(for: "SELECT :a, ':b' -- :c", file: nil)
    #expect(options.parameters == ["a": .integer(1)])
  }
}

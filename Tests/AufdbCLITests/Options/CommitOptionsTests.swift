// The context of a commit, from options and environment.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct CommitOptionsTests {
  private func context(
    _ arguments: [String] = [], _ environment: [String: String] = [:]
  ) throws -> CommitContext {
    let test = TestSurroundings()
    test.environment = environment
    return try CommitOptions.parse(arguments).context(in: test.surroundings)
  }

  @Test func defaults() throws {
    let context = try context()
    #expect(context.branch == nil)
    #expect(context.message == nil)
    #expect(context.author == "somebody")
    #expect(context.milliseconds == 1_700_000_000_123)
    #expect(try CommitOptions.parse([]).waiting.seconds == 10)
  }

  @Test func whatIsGiven() throws {
    let context = try context(["--branch", "drts", "-m", "Say why", "--author", "Ada"], ["AUFDB_AUTHOR": "Bob"])
    #expect(context.branch == "drts")
    #expect(context.message == "Say why")
    #expect(context.author == "Ada")
  }

  @Test func theEnvironmentComesBeforeTheLogin() throws {
    let context = try context([], ["AUFDB_AUTHOR": "Bob", "SOURCE_DATE_EPOCH": "1600000000"])
    #expect(context.author == "Bob")
    #expect(context.milliseconds == 1_600_000_000_000)
  }

  @Test(arguments: ["", "soon", "-1", "1.5", "99999999999999999999", "9223372036854775807"])
  func refusesATimeThatIsNone(_ epoch: String) throws {
    let error = #expect(throws: AufdbError.self) { try context([], ["SOURCE_DATE_EPOCH": epoch]) }
    #expect(error?.kind == .usage)
  }

  @Test func refusesAnAuthorWithoutAName() throws {
    #expect(throws: AufdbError.self) { try context(["--author", " "]) }
    #expect(throws: AufdbError.self) { try context([], ["AUFDB_AUTHOR": ""]) }
  }

  @Test(arguments: ["-1", "nan", "inf", "soon"])
  func refusesAWaitThatIsNone(_ seconds: String) {
    #expect(throws: (any Error).self) { try CommitOptions.parse(["--wait=\(seconds)"]) }
  }
}

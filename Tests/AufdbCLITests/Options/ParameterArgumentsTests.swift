// `--param name=value`.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct ParameterArgumentsTests {
  @Test(
    arguments: [
      ("1", .integer(1)), ("-7", .integer(-7)), ("1.5", .real(1.5)), ("1e3", .real(1000)), ("-.5", .real(-0.5)),
      ("9223372036854775808", .real(9_223_372_036_854_775_808)), ("", .text("")), ("nan", .text("nan")),
      ("inf", .text("inf")), ("0x10", .text("0x10")), ("1e999", .text("1e999")), ("e", .text("e")), ("1 ", .text("1 ")),
      ("a=b", .text("a=b")), ("NULL", .text("NULL")),
    ] as [(String, SQLValue)])
  func aValueIsWhatItLooksLike(_ text: String, _ value: SQLValue) throws {
    #expect(try ParameterArguments.values(["k=\(text)"]) == ["k": value])
  }

  @Test(arguments: [":k=v", "@k=v", "$k=v", "k=v"])
  func theMarkMayBeWritten(_ argument: String) throws {
    #expect(try ParameterArguments.values([argument]) == ["k": .text("v")])
  }

  @Test(arguments: [["k"], ["=v"], [""], ["k=1", "k=2"], ["k=1", ":k=1"]])
  func refusesWhatIsNoPair(_ arguments: [String]) {
    let error = #expect(throws: AufdbError.self) { try ParameterArguments.values(arguments) }
    #expect(error?.kind == .usage)
  }
}

// Every parameter of every method has an option, and every option is some method's parameter.

import AufdbAcquisition
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct MethodOptionsTests {
  private static let registered = Set(SelectionMethods.all.flatMap { $0.parameterDefinitions.map(\.name) })

  @Test func optionsAndParametersAreTheSame() throws {
    let options = try MethodOptions.parse([])
    #expect(options.texts == [:])
    #expect(Set(options.given.keys) == Self.registered)
  }

  @Test(arguments: registered.sorted()) func anOptionReachesItsParameter(name: String) throws {
    #expect(try MethodOptions.parse(["--\(name)", "17"]).texts == [name: "17"])
    // A long name has its text on a line below.
    let help = AufdbCommand.helpMessage(for: SelectCommand.self, columns: 2000).replacing(
      />\n\s+/, with: "> ")
    let line = try #require(help.split(separator: "\n").first { $0.contains("  --\(name) <") })
    for method in SelectionMethods.all {
      let isNamed = line.contains(" \(method.name):") || line.contains(" \(method.name),")
      #expect(isNamed == method.parameterDefinitions.contains { $0.name == name }, "\(method.name): \(line)")
    }
  }
}

// `aufdb methods`: the selection methods there are, and what each of them does.

import ArgumentParser
import Aufdb
import AufdbAcquisition

struct MethodsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "List the selection methods, or explain one of them.",
    discussion: """
      In formulas, i and j are responses of one prompt, r is a reward, l and u are its lower and upper bound, s is \
      half the distance between them, and z is a random draw from -1 to 1.

      Examples:
        aufdb methods --format markdown
        aufdb methods drts
        aufdb methods deltaucb --format json
      """)

  @Argument(help: ArgumentHelp("The method to explain. (default: a list of all)", valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("How to write it. (default: a table; one method as text)", valueName: "format"))
  var format: OutputFormat?

  func run(in surroundings: Surroundings) throws {
    guard let name else {
      let rows = SelectionMethods.all.map { [SQLValue.text($0.name), .text($0.needsText), .text($0.summary)] }
      return try (format ?? .table).write(["method", "needs", "summary"], rows, in: surroundings)
    }
    let page = MethodPage(try SelectionMethods.named(name))
    guard let format else { return try surroundings.output.write(page.text) }
    try format.write(
      ["item", "value"], page.items.map { [SQLValue.text($0.name), .text($0.value)] }, in: surroundings)
  }
}

extension SelectionMethods {
  /// - Throws: `.usage` for a name that no method has.
  fileprivate static func named(_ name: String) throws(AufdbError) -> any SelectionMethod.Type {
    if let method = all.first(where: { $0.name == name }) { return method }
    do throws(MethodError) {
      return type(of: try make(name))
    } catch {
      throw AufdbError(.usage, "\(error)", hint: error.hint)
    }
  }
}

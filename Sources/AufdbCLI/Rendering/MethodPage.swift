// All that there is to know about one selection method, on a page.

import AufdbAcquisition

/// What a method says of itself, as items with a value each.
struct MethodPage {
  private let method: any SelectionMethod.Type

  init(_ method: any SelectionMethod.Type) { self.method = method }

  /// The items, those without a value left out; parameters come last, as they are given on the command line.
  var items: [(name: String, value: String)] { facts + parameters }

  private var facts: [(name: String, value: String)] {
    [
      ("method", method.name), ("summary", method.summary), ("formula", method.formula),
      ("compares", method.criterionFormula), ("needs", method.needsText), ("source", method.source),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  private var parameters: [(name: String, value: String)] {
    method.parameterDefinitions.map { parameter in
      let standard = parameter.defaultText.map { "default: \($0)" } ?? "no default: it must be given"
      return ("--\(parameter.name)", "\(parameter.summary) (\(parameter.allowed); \(standard))")
    }
  }

  /// The page: the facts, and then the parameters.
  var text: String {
    let width = items.map(\.name.count).max() ?? 0
    func line(_ item: (name: String, value: String)) -> String {
      "\(item.name)\(String(repeating: " ", count: width - item.name.count))  \(item.value)\n"
    }
    let none = method.parameterDefinitions.isEmpty ? "It has no parameters.\n" : ""
    return facts.map(line).joined() + "\n" + parameters.map(line).joined() + none
  }
}

// The methods' own parameters: one option for each that any method has. What it says in help is what the methods say.

import ArgumentParser
import AufdbAcquisition

/// Parameters as given, for the method to read.
struct MethodOptions: ParsableArguments {
  @Option(help: Self.help(of: "beta")) var beta: String?
  @Option(help: Self.help(of: "max-iterations")) var maxIterations: String?
  @Option(help: Self.help(of: "by")) var by: String?
  @Option(help: Self.help(of: "from")) var from: String?
  @Option(help: Self.help(of: "weight")) var weight: String?
  @Option(help: Self.help(of: "first-model")) var firstModel: String?
  @Option(help: Self.help(of: "second-model")) var secondModel: String?
  @Option(help: Self.help(of: "quantile")) var quantile: String?
  @Option(help: Self.help(of: "epsilon")) var epsilon: String?
  @Option(help: Self.help(of: "tolerance")) var tolerance: String?
  @Option(help: Self.help(of: "candidate-set")) var candidateSet: String?
  @Option(help: Self.help(of: "decision-buffer")) var decisionBuffer: String?

  /// Parameter name -> value, of those that were given.
  var texts: [String: String] { given.compactMapValues(\.self) }

  /// Every parameter that there is an option for, and its value where one was given.
  var given: [String: String?] {
    [
      "beta": beta, "max-iterations": maxIterations, "by": by, "from": from, "weight": weight,
      "first-model": firstModel, "second-model": secondModel, "quantile": quantile, "epsilon": epsilon,
      "tolerance": tolerance, "candidate-set": candidateSet, "decision-buffer": decisionBuffer,
    ]
  }

  /// What the methods that have a parameter say of it, methods that say the same together.
  private static func help(of name: String) -> ArgumentHelp {
    var meanings: [(text: String, methods: [String])] = []
    var valueName = "text"
    for method in SelectionMethods.all {
      guard let parameter = method.parameterDefinitions.first(where: { $0.name == name }) else { continue }
      valueName = parameter.valueName
      let text = parameter.summary + (parameter.defaultText.map { ". (default: \($0))" } ?? "; must be given.")
      if let place = meanings.firstIndex(where: { $0.text == text }) {
        meanings[place].methods.append(method.name)
      } else {
        meanings.append((text, [method.name]))
      }
    }
    let lines = meanings.map { "\($0.methods.joined(separator: ", ")): \($0.text)" }
    return ArgumentHelp("\(lines.joined(separator: " "))", valueName: valueName)
  }
}

extension ParameterDefinition {
  /// What stands for the value in usage and help.
  var valueName: String {
    switch kind {
    case .real, .integer: "number"
    case .word(let words): words.joined(separator: "|")
    case .text: "text"
    }
  }
}

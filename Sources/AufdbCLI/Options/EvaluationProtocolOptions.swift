// Every number of the protocol by which methods are compared.

import ArgumentParser
import Aufdb

/// A list of whole numbers, such as 50,100,200.
struct NumberList: ExpressibleByArgument {
  let numbers: [Int]

  init(_ numbers: [Int]) { self.numbers = numbers }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.contains(nil) else { return nil }
    numbers = parts.compactMap(\.self)
  }

  var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }
}

struct EvaluationProtocolOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Numbers of labels to compare at.", valueName: "numbers"))
  var budgets = NumberList(defaults.budgets)
  @Option(help: ArgumentHelp("Numbers of judged responses to compare at.", valueName: "numbers"))
  var judgeCosts = NumberList(defaults.judgeCosts)
  @Option(
    help: ArgumentHelp(
      "Labels to which random pairs are replayed, to find how many equal a method.", valueName: "number"))
  var curveLabels = defaults.curveLabelCount
  @Option(help: ArgumentHelp("Prompts between two trainings of the learner.", valueName: "number"))
  var outerBatch = defaults.outerBatchSize
  @Option(help: ArgumentHelp("Final models minimise their loss + ridge / 2 |w|^2.", valueName: "number"))
  var ridge = defaults.ridge
  @Option(help: ArgumentHelp("Test pairs have scores at least this far apart.", valueName: "number"))
  var gapThreshold = defaults.gapThreshold
  @Option(
    help: ArgumentHelp("Pairs whose logarithms of length differ by less are length-matched.", valueName: "number"))
  var lengthThreshold = defaults.lengthThreshold
  @Option(help: ArgumentHelp("Resamples for intervals.", valueName: "number"))
  var bootstrap = defaults.bootstrapCount
  @Option(
    help: ArgumentHelp("Responses of a prompt that the baseline with all pairs has judged.", valueName: "number"))
  var judged = defaults.judgedPerPrompt
  @Option(
    help: ArgumentHelp(
      "Random pairs before the first model of the baseline range, and prompts between two of its models.",
      valueName: "number"))
  var rangeInterval = defaults.rangeInterval

  private static let defaults = EvaluateOptions()

  func apply(to options: inout EvaluateOptions) {
    options.budgets = budgets.numbers
    options.judgeCosts = judgeCosts.numbers
    options.curveLabelCount = curveLabels
    options.outerBatchSize = outerBatch
    options.ridge = ridge
    options.gapThreshold = gapThreshold
    options.lengthThreshold = lengthThreshold
    options.bootstrapCount = bootstrap
    options.judgedPerPrompt = judged
    options.rangeInterval = rangeInterval
  }
}

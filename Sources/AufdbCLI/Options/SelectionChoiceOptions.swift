// Which prompts a selection asks, and how much it picks.

import ArgumentParser
import Aufdb

struct SelectionChoiceOptions: ParsableArguments {
  @Flag(help: "Every prompt, labelled or not; a pair that is labelled, or was picked before, isn't picked again.")
  var all = false

  @Flag(help: "Every prompt, as if nothing had been labelled or picked before.")
  var again = false

  @Option(help: ArgumentHelp("Only this judge's labels count as labels. (default: anybody's)", valueName: "judge"))
  var labelsBy: String?

  @Option(help: ArgumentHelp("Only prompts of which this is true, in SQL on the columns of prompts.", valueName: "sql"))
  var `where`: String?

  @Option(help: ArgumentHelp("At most so many prompts. (default: all)", valueName: "number"))
  var limit: Int?

  @Option(help: ArgumentHelp("At most so many pairs, each of which costs a label.", valueName: "number"))
  var budget: Int?

  @Option(
    help: ArgumentHelp(
      "At most so many responses that no label speaks of yet: the cost of a judge who rates each by itself.",
      valueName: "number"))
  var judgeBudget: Int?

  @Option(
    help: ArgumentHelp(
      "Which come first where not all are taken: random, uncertainty (the widest bounds of the two) or gap (the "
        + "largest difference of their rewards).", valueName: "order"))
  var order: SelectOptions.Order = .random

  @Option(help: ArgumentHelp("Judge so many responses of a prompt, and pick all pairs among them.", valueName: "m"))
  var judged = 2

  @Option(
    help: ArgumentHelp(
      "At most so many pairs of a prompt, counting those that are labelled or picked already. (default: one, or all "
        + "among those judged)", valueName: "number"))
  var maxPerPrompt: Int?

  var prompts: SelectOptions.Prompts { again ? .again : all ? .all : .unlabelled }

  func validate() throws {
    if all, again { throw ValidationError("--all and --again say different things: give one of them") }
  }
}

extension SelectOptions.Order: ExpressibleByArgument {}

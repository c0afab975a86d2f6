// `aufdb select`: a method picks the pairs that are worth annotating.

import ArgumentParser
import Aufdb
import AufdbAcquisition

struct SelectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Pick one pair of responses a prompt for annotation.",
    discussion: """
      A prompt's pair depends on its own numbers, the parameters and the seed, and on nothing else. Prompts that the \
      method has selected from before are passed over, unless --again is given.

      Methods:
      \(SelectionMethods.all.map { "  \($0.name) (needs \($0.needsText)): \($0.summary)" }.joined(separator: "\n"))

      Examples:
        aufdb select prefs.aufdb --method drts --snapshot base --seed 7
        aufdb select prefs.aufdb --method maxmin --judge overall --limit 1000
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("How to pick; see above.", valueName: "name"))
  var method: String

  @Option(help: ArgumentHelp("The snapshot whose estimates to use. (default: the newest)", valueName: "name"))
  var snapshot: String?

  @Option(help: ArgumentHelp("The judge whose scores to use. (default: the only one)", valueName: "name"))
  var judge: String?

  @Option(help: ArgumentHelp("The seed of all random draws.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("At most so many prompts, drawn by the seed. (default: all)", valueName: "number"))
  var limit: Int?

  @Option(help: ArgumentHelp("drts: how far a draw strays from the reward, in half widths.", valueName: "number"))
  var beta: String?

  @Option(help: ArgumentHelp("drts: how often to draw again for a second response.", valueName: "number"))
  var maxIterations: String?

  @Option(help: ArgumentHelp("ultrafeedback: rank by rewards or scores.", valueName: "what"))
  var by: String?

  @Flag(help: "Select again from prompts that the method has selected from before.")
  var again = false

  @OptionGroup var revision: RevisionOption
  @OptionGroup var options: CommitOptions

  /// The methods' own parameters, as given.
  private var parameters: [String: String] {
    ["beta": beta, "max-iterations": maxIterations, "by": by].compactMapValues(\.self)
  }

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForWriting("select", options.waiting)
    let (commit, report) = try store.select(
      SelectOptions(
        method: method, parameters: parameters, snapshot: snapshot, judge: judge, seed: seed,
        revision: revision.at.map { try Revision($0) }, limit: limit, again: again),
      context: options.context(in: surroundings))
    let nothing =
      report.alreadySelectedCount > 0
      ? "\(method) has selected from every prompt before (--again selects again)" : "no prompt has two candidates"
    try surroundings.writeError(
      CommitLine.text(commit, branch: options.branch ?? store.currentBranch(), nothing: nothing))
    if commit != nil {
      surroundings.writeError(CommitLine.note(report.alreadySelectedCount, "prompts were selected from before"))
    }
    surroundings.writeError(CommitLine.note(report.tooFewCount, "prompts have fewer than two candidates"))
    surroundings.writeError(CommitLine.note(report.withoutCandidatesCount, "prompts have no candidate at all"))
    surroundings.writeError(
      CommitLine.note(report.rewardsOutsideBoundsCount, "estimates have a reward outside their own bounds"))
  }
}

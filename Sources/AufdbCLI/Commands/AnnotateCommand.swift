// `aufdb annotate`: a judge labels the pending selections.

import ArgumentParser
import Aufdb

struct AnnotateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Label the selections that a judge has not labelled yet.",
    discussion: """
      Judges:
        scores:NAME  the response that NAME scored higher is chosen; equal scores are a tie, and stored as one
        random       either of the two, by the seed: a baseline

      Examples:
        aufdb annotate prefs.aufdb --judge scores:overall
        aufdb annotate prefs.aufdb --judge random --seed 7
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("Who labels.", valueName: "judge"))
  var judge: String

  @Option(help: ArgumentHelp("The seed of the judge random.", valueName: "number"))
  var seed: UInt64?

  @OptionGroup var options: CommitOptions

  func validate() throws {
    if seed != nil, judge != "random" { throw ValidationError("--seed means nothing to the judge \(judge)") }
  }

  func run(in surroundings: Surroundings) throws {
    let judge = try Judge(judge, seed: seed ?? 0)
    let store = try store.openForWriting("annotate", options.waiting)
    let (commit, report) = try store.annotate(judge, context: options.context(in: surroundings))
    let nothing =
      report.withoutScoreCount > 0
      ? "\(judge.name) has no scores of the selected responses" : "\(judge.name) has labelled every selection before"
    try surroundings.writeError(
      CommitLine.text(commit, branch: options.branch ?? store.currentBranch(), nothing: nothing))
    surroundings.writeError(CommitLine.note(report.withoutScoreCount, "selections lack a score"))
    if commit != nil {
      surroundings.writeError(CommitLine.note(report.alreadyLabelledCount, "selections were labelled before"))
    }
  }
}

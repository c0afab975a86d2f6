// `aufdb select`: a method picks the pairs that are worth annotating.

import ArgumentParser
import Aufdb
import AufdbAcquisition

struct SelectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Pick the pairs of responses that are worth annotating.",
    discussion: """
      One pair of each prompt that has no label yet, unless more or others are asked for. A prompt's pair depends on \
      its own numbers, the parameters and the seed, and on nothing else.

      With - as the store it is a filter: prompts come in as lines of {"prompt_id", "rewards": [...], "lower": [...], \
      "upper": [...]} (or scores, lengths, responses, models, heads, features: what the method needs), plain, .zst or \
      .gz, and pairs go out as lines of {"prompt_id", "first", "second"}, which count the prompt's responses from 0.

      Methods (`aufdb methods NAME` tells more):
      \(SelectionMethods.all.map { "  \($0.name) (needs \($0.needsText)): \($0.summary)" }.joined(separator: "\n"))

      Examples:
        aufdb select prefs.aufdb --method drts --snapshot base --seed 7
        zcat prompts.jsonl.gz | aufdb select - --method drts --seed 7 --skip-bad
        aufdb select prefs.aufdb --method deltaucb --limit 1000 --order gap --where 'length(prompt) < 2000'
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("How to pick; see above.", valueName: "name"))
  var method: String

  @OptionGroup(title: "What the method sees") var data: SelectionDataOptions
  @OptionGroup(title: "How much is picked") var choice: SelectionChoiceOptions
  @OptionGroup(title: "The methods' own parameters") var methodOptions: MethodOptions

  @Option(help: ArgumentHelp("The seed of all random draws.", valueName: "number"))
  var seed: UInt64 = 0

  @Flag(help: "Store with each selection why it was picked, and write it.")
  var explain = false

  @Flag(help: "With -: pass over bad lines, and count them.")
  var skipBad = false

  @OptionGroup var format: FormatOption
  @OptionGroup var revision: RevisionOption
  @OptionGroup var options: CommitOptions

  private var selection: SelectOptions {
    get throws {
      SelectOptions(
        method: method, parameters: methodOptions.texts, snapshot: data.snapshot, judge: data.judge,
        encoder: data.encoder, seed: seed, revision: try revision.at.map { try Revision($0) },
        prompts: choice.prompts, labelsBy: choice.labelsBy, condition: choice.where, limit: choice.limit,
        budget: choice.budget, judgeBudget: choice.judgeBudget, order: choice.order, judged: choice.judged,
        maxPerPrompt: choice.maxPerPrompt, allowsPartial: data.allowPartial, explains: explain)
    }
  }

  func run(in surroundings: Surroundings) throws {
    if isFilter { return try runFilter(in: surroundings) }
    guard !skipBad else {
      throw AufdbError(
        .usage, "--skip-bad is for the filter", hint: "give - instead of a store, and prompts on standard input")
    }
    guard explain || format.format == .table else {
      throw AufdbError(
        .usage, "--format is for the rows that --explain writes", hint: "give --explain as well, or leave it out")
    }
    let store = try store.openForWriting("select", options.waiting)
    // Before the commit: what fails after it would be taken for its failure.
    let branch = try options.branch ?? store.currentBranch()
    let (commit, report) = try store.select(selection, context: options.context(in: surroundings))
    surroundings.writeError(
      CommitLine.text(
        commit, branch: branch, nothing: SelectionNotes.nothing(report, method)))
    for note in SelectionNotes.lines(report, isNothing: commit == nil) { surroundings.writeError(note) }
    if explain, let commit {
      try SelectionNotes.writeReasons(of: report, at: commit, of: store, format.format, in: surroundings)
    }
  }
}

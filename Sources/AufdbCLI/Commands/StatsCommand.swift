// `aufdb stats`: how much of everything a revision holds, what each method picked, or how right snapshots are.

import ArgumentParser
import Aufdb

struct StatsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Summarise what a revision holds, what each method picked, or how right snapshots are.",
    discussion: """
      --selections has a row for each method, and for each judge where several labelled its pairs. Its columns, for \
      which NULL says that there is nothing to go by:

        branch                     the branch; NULL where --at names none
        method, selections         how many pairs the method selected
        prompts                    of how many prompts
        missing                    selections that lack an estimate or a score
        mean_gap                   reward of the first less that of the second
        mean_uncertainty_first     (upper - lower) / 2 of the first response
        mean_uncertainty_second    the same of the second
        mean_score_gap             score of the first less that of the second
        judge, labelled, ties      selections that the judge labelled, and ties
        agreed, agreement          those whose first it chose: number and share
        mean_uncertainty_chosen    that of the response that the judge chose
        mean_uncertainty_rejected  that of the response that it rejected
        mean_label_gap             its score of the chosen less the rejected one

      Rewards and bounds are those of the snapshot that the selection names, and mean_score_gap is of methods that saw \
      scores, by those of the judge that the parameters name; all as the revision has them. A selection of which any \
      of these isn't there any more is missing, and left out of the means over them. A label counts for every \
      selection of its pair, whichever asked for it. A tie chooses none: it is left out of what follows it, and \
      agreement is agreed / (labelled - ties).

      --models has a row for each method and model, and for each judge where several labelled the method's pairs. \
      first and second are how often the model was picked so, first_share and second_share that as a part of the \
      method's selections, and chosen and rejected how often the judge said so, ties left out.

      --calibration has a row for each snapshot and judge: the preferences that the snapshot's estimates predict, \
      against the judge's labels. A pair's probability is p = sigma(reward of the chosen - that of the rejected), and \
      each pair counts in both orders, as p and as 1 - p:

        labels, ties, missing      labels, ties, and labels that lack an estimate
        accuracy                   share whose chosen has the greater reward
        ece, mce                   mean and largest |mean p - share| in a bin
        brier                      mean of (1 - p)^2; 0.25 for p = 1/2
        bound_ece, bound_mce       the same, by which the lower ends exceed the share
        certain                    labels whose two bounds don't overlap
        certain_right              those of them that chose the higher one
        certain_wrong              those of them that chose the lower one

      Labels that a snapshot's model was trained on flatter it. --reliability has a row for each bin of probabilities: \
      what was predicted, and the share observed.

      The formats table and markdown show numbers to six digits; the others have them all.

      Examples:
        aufdb stats prefs.aufdb
        aufdb stats prefs.aufdb --at main~1 --format json
        aufdb stats prefs.aufdb --selections --all-branches --format csv
        aufdb stats prefs.aufdb --models
        aufdb stats prefs.aufdb --calibration --judge overall
        aufdb stats prefs.aufdb --reliability --snapshot base
      """)

  @OptionGroup var store: StoreArgument

  @Flag(help: "Show what each method picked: gaps, uncertainty, and whether the judges agree.")
  var selections = false

  @Flag(help: "Show how often each method picked each model, and what the judges made of it.")
  var models = false

  @Flag(help: "Show how well each snapshot predicts what each judge prefers.")
  var calibration = false

  @Flag(help: "Show that by predicted probability: a row for each bin.")
  var reliability = false

  @Option(
    help: ArgumentHelp("With --calibration or --reliability, only this snapshot.", valueName: "name"))
  var snapshot: String?

  @Option(help: ArgumentHelp("With --calibration or --reliability, only this judge's labels.", valueName: "name"))
  var judge: String?

  @Option(
    help: ArgumentHelp(
      "With --calibration or --reliability, how many bins of probabilities: 1 to 1000 (default: 10).",
      valueName: "count"))
  var bins: Int?

  @Flag(help: "Show all branches side by side, with --selections or --models.")
  var allBranches = false

  @OptionGroup var revision: RevisionOption
  @OptionGroup var format: FormatOption

  func validate() throws {
    let views = [
      (selections, "--selections"), (models, "--models"),
      (calibration || reliability, calibration ? "--calibration" : "--reliability"),
    ].filter(\.0).map(\.1)
    if views.count > 1 { throw ValidationError("\(views[0]) and \(views[1]) can't be given together") }
    if allBranches, revision.at != nil { throw ValidationError("--all-branches and --at can't be given together") }
    if allBranches, !selections, !models {
      throw ValidationError("--all-branches goes with --selections or --models")
    }
    let narrowings = [
      (snapshot != nil, "--snapshot"), (judge != nil, "--judge"), (bins != nil, "--bins"),
    ].filter(\.0).map(\.1)
    if let first = narrowings.first, !calibration, !reliability {
      throw ValidationError("\(first) goes with --calibration or --reliability")
    }
    if let bins, !(1...1000 ~= bins) { throw ValidationError("--bins is \(bins), not a number from 1 to 1000") }
  }

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForReading()
    if calibration || reliability {
      let stats = try store.calibration(
        of: snapshot, judge: judge, binCount: bins ?? 10, at: revision.revision())
      let table = reliability ? CalibrationTable(reliability: stats) : CalibrationTable(stats)
      try format.format.write(table.columns(for: format.format), table.rows(for: format.format), in: surroundings)
    } else if selections || models {
      let stats =
        try allBranches ? store.selectionStatsOfAllBranches() : store.selectionStats(at: revision.revision())
      let table = selections ? StatsTable(selections: stats) : StatsTable(models: stats)
      try format.format.write(table.columns, table.rows(for: format.format), in: surroundings)
    } else {
      let rows = try store.stats(at: revision.revision()).map {
        [SQLValue.text($0.item), .integer(Int64($0.count)), .text($0.detail)]
      }
      try format.format.write(["item", "count", "detail"], rows, in: surroundings)
    }
  }
}

// `aufdb export`: labels into a folder that a trainer reads.

import ArgumentParser
import Aufdb

struct ExportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a training set: a folder that load_dataset opens and TRL trains on.",
    discussion: """
      Formats:
        dpo  prompt, chosen and rejected as lists of messages, for DPOTrainer
        rm   chosen and rejected as whole conversations, for RewardTrainer

      The folder holds a card (README.md), the data files and manifest.json. The same commit and options give the same \
      bytes. Empty responses, pairs of equal texts, ties and all that the options exclude are left out, and counted by \
      the first reason that applies; nothing is ever cut.

      Examples:
        aufdb export prefs.aufdb dpo --output dpo
        aufdb export prefs.aufdb rm --output rm-old --at main~3 --judge overall --margin
        aufdb export prefs.aufdb dpo --output dpo --split train=0.95,test=0.05 --shards 8
        aufdb export prefs.aufdb dpo --output clean --dedupe --decontaminate truthfulqa.jsonl --max-chars 16000
        aufdb export prefs.aufdb dpo --output agreed --aggregate majority --judge ada --judge bob --judge cy
        aufdb export prefs.aufdb dpo --output evol --where "source = 'evol_instruct' AND batch > 1" --min-margin 1
        aufdb export prefs.aufdb dpo --output plain --compression none --shard-size 1GB
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "format"))
  var format: ExportFormat

  @Option(name: [.short, .long], help: ArgumentHelp("The folder to make.", valueName: "folder"))
  var output: String

  @Flag(help: "Replace an export of that name.")
  var force = false

  @OptionGroup var revision: RevisionOption
  @OptionGroup(title: "Which labels") var labels: ExportLabelOptions
  @OptionGroup(title: "Which pairs") var pairs: ExportPairOptions
  @OptionGroup(title: "Rows and files") var files: ExportFileOptions

  private var options: ExportOptions {
    get throws {
      var options = ExportOptions(format: format, directory: output, revision: try revision.revision(), force: force)
      labels.apply(to: &options)
      pairs.apply(to: &options)
      try files.apply(to: &options)
      return options
    }
  }

  func run(in surroundings: Surroundings) throws {
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let options = try options
    let report = try store.openForReading().export(options) { progress in
      bar.update(Double(progress.labelsRead) / Double(max(1, progress.labelCount)), "\(progress.labelsRead) labels")
    }
    bar.finish()
    for line in ExportSummary.lines(report, options) { surroundings.writeError(line + "\n") }
  }
}

extension ExportFormat: ExpressibleByArgument {}

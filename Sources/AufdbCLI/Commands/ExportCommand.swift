// `aufdb export`: labels into a folder that a trainer reads.

import ArgumentParser
import Aufdb

struct ExportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a training set: a folder that load_dataset opens and TRL trains on.",
    discussion: """
      Formats:
        dpo            prompt, chosen, rejected as messages: TRL's DPOTrainer
        rm             whole conversations: TRL's RewardTrainer
        kto            prompt, completion, label, two rows a pair: KTOTrainer
        strings        three plain texts; prompts of one message only
        llama-factory  with dataset_info.json; --style sharegpt or alpaca
        nemo           context and ranked completions: NeMo-RL
        ultrafeedback-binarized
                       the columns of that set, which TRL misreads
        completions    everything that can be imported, as it is imported

      A pair whose prompt a format can't say (a role that it doesn't know, turns in another order) is left out.

      The folder holds a card (README.md), the data files and manifest.json. The same commit and options give the same \
      bytes. Empty responses, pairs of equal texts, ties and all that the options exclude are left out, and counted by \
      the first reason that applies; nothing is ever cut.

      Examples:
        aufdb export prefs.aufdb dpo --output dpo
        aufdb export prefs.aufdb rm --output rm-old --at main~3 --margin
        aufdb export prefs.aufdb dpo --output dpo --split train=0.95,test=0.05
        aufdb export prefs.aufdb dpo --output clean --dedupe --max-chars 16000
        aufdb export prefs.aufdb dpo --output clean --decontaminate truthfulqa.jsonl
        aufdb export prefs.aufdb dpo --output agreed --aggregate majority
        aufdb export prefs.aufdb dpo --output short --where 'length(prompt) < 2000'
        aufdb export prefs.aufdb dpo --output plain --compression none --shard-size 1GB
        aufdb export prefs.aufdb llama-factory --output factory --style alpaca
        aufdb export prefs.aufdb completions --output everything --check
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "format"))
  var format: ExportFormat

  @Option(
    name: [.short, .long], help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory)
  var output: String

  @Flag(help: "Replace an export of that name.")
  var force = false

  @Flag(help: "Read again and check what was written, before the folder gets its name.")
  var check = false

  @OptionGroup var revision: RevisionOption
  @OptionGroup(title: "Which labels") var labels: ExportLabelOptions
  @OptionGroup(title: "Which pairs") var pairs: ExportPairOptions
  @OptionGroup(title: "Rows and files") var files: ExportFileOptions

  private var options: ExportOptions {
    get throws {
      var options = ExportOptions(format: format, directory: output, revision: try revision.revision(), force: force)
      options.checks = check
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
    if format == .completions { return try writeCompletions(CompletionsOptions(options), bar, surroundings) }
    if let warning = format.warning { surroundings.writeError("warning: \(warning)\n") }
    let report = try store.openForReading().export(options) { progress in
      bar.update(Double(progress.labelsRead) / Double(max(1, progress.labelCount)), "\(progress.labelsRead) labels")
    }
    bar.finish()
    for line in ExportSummary.lines(report, options) { surroundings.writeError(line + "\n") }
  }

  private func writeCompletions(
    _ options: CompletionsOptions, _ bar: ProgressBar, _ surroundings: Surroundings
  ) throws {
    let report = try store.openForReading().exportCompletions(options) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done) prompts")
    }
    bar.finish()
    surroundings.writeError("\(VisibleText.of(output)): \(report.contents) at \(report.commit.short)\n")
    if let judge = report.judge {
      surroundings.writeError("  beside the responses: scores of \(VisibleText.of(judge))\n")
    }
    if let omissions = report.omissions { surroundings.writeError("  left out: \(omissions)\n") }
  }
}

extension ExportFormat: ExpressibleByArgument {}

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

      The folder holds a card (README.md), data/*.jsonl.zst and manifest.json. The same commit and options give the \
      same bytes. Ties, empty responses and pairs of equal texts are left out, and counted.

      Examples:
        aufdb export prefs.aufdb dpo --output dpo
        aufdb export prefs.aufdb rm --output rm-old --at main~3 --judge overall
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("dpo or rm.", valueName: "format"))
  var format: ExportFormat

  @Option(name: [.short, .long], help: ArgumentHelp("The folder to make.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("Whose labels. (default: the only judge)", valueName: "name"))
  var judge: String?

  @Flag(help: "Keep ties, with the first response of the selection as the chosen one.")
  var keepTies = false

  @Flag(help: "Replace an export of that name.")
  var force = false

  @OptionGroup var revision: RevisionOption

  func run(in surroundings: Surroundings) throws {
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try store.openForReading().export(
      ExportOptions(
        format: format, directory: output, revision: revision.revision(), judge: judge, keepTies: keepTies, force: force
      )
    ) { progress in
      bar.update(Double(progress.labelsRead) / Double(max(1, progress.labelCount)), "\(progress.labelsRead) labels")
    }
    bar.finish()
    surroundings.writeError(
      "\(VisibleText.of(output)): \(report.rowCount) pairs of \(VisibleText.of(report.judge)) at \(report.commit.short)\n"
    )
    if let omissions = report.omissions { surroundings.writeError("  left out: \(omissions)\n") }
  }
}

extension ExportFormat: ExpressibleByArgument {}

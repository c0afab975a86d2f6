// `aufdb bundle`: commits as a file, from one store to another.

import ArgumentParser
import Aufdb

struct BundleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Carry commits from one store to another as a file.",
    discussion: """
      A bundle is one compressed file with branches and tags, their commits and all rows of these. The store that takes \
      it in has the same commits afterwards, with the same ids, or is left as it was.

      Examples:
        aufdb bundle create prefs.aufdb all.bundle
        aufdb bundle create prefs.aufdb new.bundle v1..main
        aufdb bundle apply copy.aufdb all.bundle
        aufdb bundle show new.bundle
      """,
    subcommands: [Create.self, Apply.self, Show.self])

  struct Create: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Write a bundle.",
      discussion: "BASE..BRANCH, or ^BASE beside BRANCH, leaves out what a receiver who has BASE has already.")
    @OptionGroup var store: StoreArgument
    @Argument(help: "The file to write; - is standard output.", completion: .file()) var file: String
    @Argument(
      help: ArgumentHelp("Branches and tags; ^REV or REV.. before one leaves out. (default: all)", valueName: "rev"))
    var revisions: [String] = []
    @Flag(help: "Replace a bundle of that name.") var force = false

    func run(in surroundings: Surroundings) throws {
      let selection = try BundleSelection(revisions)
      let bar = ProgressBar(in: surroundings)
      defer { bar.finish() }
      func progress(_ done: Int, _ all: Int) {
        bar.update(Double(done) / Double(max(1, all)), "\(done) of \(all) commits")
      }
      let store = try store.openForReading()
      let report =
        file == "-"
        ? try store.writeBundle(selection, progress: progress) { try surroundings.output.write($0) }
        : try store.createBundle(selection, at: file, force: force, progress: progress)
      bar.finish()
      let names = report.refs.map(\.name).joined(separator: ", ")
      surroundings.writeError(
        "\(VisibleText.of(file == "-" ? "standard output" : file)): \(names)\n"
          + "  \(report.commitCount) \(report.commitCount == 1 ? "commit" : "commits"), \(report.sizeBytes) bytes\n")
    }
  }

  struct Apply: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Take a bundle into a store, or make a store of it.",
      discussion: """
        Branches that are missing are made, and others move on. If one has gone another way here, nothing is changed; \
        --as brings it in beside.
        """)
    @OptionGroup var store: StoreArgument
    @Argument(help: "The bundle; - is standard input.", completion: .file()) var file: String
    @Option(
      name: .customLong("as"),
      help: ArgumentHelp("What the bundle's branch, if it has but one, is called here.", valueName: "name"))
    var newName: String?
    @Flag(help: "List the commits that would come, and change nothing.") var dryRun = false
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      let bar = ProgressBar(in: surroundings)
      defer { bar.finish() }
      let report = try Store.applyBundle(
        BundleOptions(file, as: newName.map { name throws(AufdbError) in try RefName(name) }, isDryRun: dryRun),
        toStoreAt: store.path, waitSeconds: waiting.seconds, command: "aufdb bundle apply", progress: bar.showBytes)
      bar.finish()
      try TransferText.write(report, isDryRun: dryRun, in: surroundings)
    }
  }

  struct Show: Verb {
    static let configuration = CommandConfiguration(
      abstract: "Check a bundle, and say what is in it.",
      discussion: "A prerequisite is a commit that a store must have to take the bundle in.")
    @Argument(help: "The bundle; - is standard input.", completion: .file()) var file: String
    @OptionGroup var format: FormatOption

    func run(in surroundings: Surroundings) throws {
      let summary = try BundleSummary(ofBundleAt: file)
      var rows: [[SQLValue]] = summary.refs.map { ref in
        let isCurrent = ref.kind == .branch && ref.name == summary.currentBranch
        return [
          .text(isCurrent ? "current branch" : ref.kind.rawValue), .text(ref.name), .text(ref.commit.description),
          .null,
        ]
      }
      rows += summary.prerequisites.map { [.text("prerequisite"), .null, .text($0.description), .null] }
      rows.append([.text("commits"), .null, .null, .integer(Int64(summary.commitCount))])
      for (item, counts) in [("added", summary.added), ("retired", summary.retired)] {
        for relation in Relation.allCases {
          guard let count = counts[relation], count > 0 else { continue }
          rows.append([.text(item), .text(relation.name), .null, .integer(Int64(count))])
        }
      }
      try format.format.write(["item", "name", "commit", "count"], rows, in: surroundings)
    }
  }
}

extension ProgressBar {
  /// Shows how much of a bundle was read.
  func showBytes(_ read: Int, of size: Int?) {
    update(size.map { Double(read) / Double(max(1, $0)) }, "\(read >> 20) MiB")
  }
}

// `aufdb show`: one commit.

import ArgumentParser
import Aufdb

struct ShowCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one commit: who, when, what was done, and how many rows it changed.",
    discussion: """
      Examples:
        aufdb show prefs.aufdb
        aufdb show prefs.aufdb main~2 --format json
        aufdb show prefs.aufdb 'main@{2026-11-01}'
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp("The commit. (default: the current branch's head)", valueName: "revision"), completion: .revision
  )
  var revision: String?

  @Option(help: ArgumentHelp("How to write it.", valueName: "format"))
  var format: CommitFormat = .text

  func run(in surroundings: Surroundings) throws {
    let revision = try revision.map { try Revision($0) }
    try store.openForReading().log(LogOptions(revision: revision, limit: 1)) { entry in
      if format == .json { return try surroundings.output.write(entry.commit.json + "\n") }
      var text = CommitText(format, in: surroundings)
      try text.write(entry)
      if format == .text {
        try surroundings.output.write("\n    \(VisibleText.of(entry.commit.operation))\n")
      }
    }
  }
}

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
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("The commit. (default: the current branch's head)", valueName: "revision"))
  var revision: String?

  @Option(help: ArgumentHelp("How to write it.", valueName: "format"))
  var format: CommitFormat = .text

  func run(in surroundings: Surroundings) throws {
    let commit = try store.openForReading().commit(revision.map { try Revision($0) } ?? .head)
    switch format {
    case .json: try surroundings.output.write(commit.json + "\n")
    case .text:
      try CommitText.write([commit], as: .text, in: surroundings)
      try surroundings.output.write("\n    \(VisibleText.of(commit.operation))\n")
    case .oneline, .jsonl: try CommitText.write([commit], as: format, in: surroundings)
    }
  }
}

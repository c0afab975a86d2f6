// `aufdb log`: the history of a revision.

import ArgumentParser
import Aufdb

/// How commits are written.
enum CommitFormat: String, CaseIterable, ExpressibleByArgument {
  case text, oneline, json, jsonl
}

struct LogCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show the commits that a revision descends from, the newest first.",
    discussion: """
      As JSON, a commit is {id, parents, author, time, message, operation, changes: {table: {added, retired}}}.

      Examples:
        aufdb log prefs.aufdb --format oneline --limit 10
        aufdb log prefs.aufdb --at main~3 --format json
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var revision: RevisionOption

  @Option(help: ArgumentHelp("At most so many commits. (default: all)", valueName: "number"))
  var limit: Int?

  @Option(help: ArgumentHelp("How to write them.", valueName: "format"))
  var format: CommitFormat = .text

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number that is not negative") }
  }

  func run(in surroundings: Surroundings) throws {
    let commits = try store.openForReading().log(revision.revision(), limit: limit)
    try CommitText.write(commits, as: format, in: surroundings)
  }
}

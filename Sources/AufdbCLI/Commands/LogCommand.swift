// `aufdb log`: the history of a revision, or of all of them.

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
      The newest is the one that came into this store last; no commit comes before those that descend from it. Behind a \
      commit's id stand the branches and tags that are at it, the current branch first. As JSON, a commit is {id, \
      parents, author, time, message, operation, changes: {table: {added, retired}}}.

      A date is absolute, and in UTC without an offset: 2026-11-01, 2026-11-01T12:30, 2026-11-01T12:30:05+01:00. A day, \
      a minute or a second counts whole, for --since, for --until, and in main@{2026-11-01}.

      Examples:
        aufdb log prefs.aufdb --format oneline -n 10
        aufdb log prefs.aufdb --at main~3 --format json
        aufdb log prefs.aufdb --all --graph --format oneline
        aufdb log prefs.aufdb --table labels --author ada --since 2026-11-01
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var revision: RevisionOption

  @Flag(help: "Begin at every branch and tag, and not only at one revision.")
  var all = false

  @OptionGroup var tables: TableOption

  @Option(
    help: ArgumentHelp(
      "Only commits whose author has this text in the name, in upper or lower case.", valueName: "text"))
  var author: String?

  @Option(help: ArgumentHelp("Only commits of this date or later.", valueName: "date"))
  var since: String?

  @Option(help: ArgumentHelp("Only commits of this date or earlier.", valueName: "date"))
  var until: String?

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp(
      "At most so many of the commits that the other options leave. (default: all)", valueName: "number"))
  var limit: Int?

  @Flag(help: "Draw the lines of history beside the commits. Commits that filters leave out take no line of their own.")
  var graph = false

  @Option(help: ArgumentHelp("How to write them.", valueName: "format"))
  var format: CommitFormat = .text

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number that is not negative") }
    if graph, format == .json || format == .jsonl {
      throw ValidationError("--graph goes with --format text or oneline, not with \(format.rawValue)")
    }
  }

  func run(in surroundings: Surroundings) throws {
    let options = LogOptions(
      revision: try revision.at.map { try Revision($0) }, isAll: all, relations: try tables.relations() ?? [],
      author: author,
      since: try since.map { try RevisionDate($0) }, until: try until.map { try RevisionDate($0) }, limit: limit)
    var text = CommitText(format, hasGraph: graph, in: surroundings)
    try store.openForReading().log(options) {
      text.passOver($0)
    } _: {
      try text.write($0)
    }
    try text.finish()
  }
}

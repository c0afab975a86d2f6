// `--save`, `--forget` and `--list`: the queries that a store keeps.

import ArgumentParser
import Aufdb

struct SavedQueryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Save the SQL under a name instead of running it; @NAME runs it.", valueName: "name"))
  var save: String?

  @Option(
    name: .customLong("description"),
    help: ArgumentHelp("With --save: what the query is for; '' removes it.", valueName: "text"))
  var about: String?

  @Option(help: ArgumentHelp("Forget a saved query.", valueName: "name"))
  var forget: String?

  @Flag(help: "List the saved queries; @ alone does the same.")
  var list = false

  @OptionGroup var commit: CommitOptions

  /// Whether the store is to be changed.
  var isWriting: Bool { save != nil || forget != nil }

  func validate() throws {
    guard [save != nil, forget != nil, list].filter({ $0 }).count <= 1 else {
      throw ValidationError("query takes one of --save, --forget and --list")
    }
    guard about == nil || save != nil else { throw ValidationError("--description goes with --save only") }
    let isCommitTold =
      commit.branch != nil || commit.author.message != nil || commit.author.author != nil
      || commit.waiting.seconds != WaitOption.defaultSeconds
    guard isWriting || !isCommitTold else {
      throw ValidationError("--message, --author, --branch and --wait go with --save and --forget only")
    }
  }
}

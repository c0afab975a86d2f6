// What every verb that commits lets its user say about the commit.

import ArgumentParser
import Aufdb

/// Where to commit, in whose name, with which message, and how long to wait for another writer.
struct CommitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The branch to commit to. (default: the current branch)", valueName: "name"))
  var branch: String?

  @OptionGroup var author: AuthorOptions

  @Option(
    name: .customLong("wait"),
    help: ArgumentHelp("How long to wait while somebody else writes to the store.", valueName: "seconds"))
  var waitSeconds: Double = 10

  func validate() throws {
    guard waitSeconds >= 0, waitSeconds.isFinite else {
      throw ValidationError("--wait takes a number of seconds that is not negative")
    }
  }

  /// The context of the commit to make; see `AuthorOptions`.
  func context(in surroundings: Surroundings) throws(AufdbError) -> CommitContext {
    try author.context(branch: branch, in: surroundings)
  }
}

// What every verb that commits lets its user say about the commit.

import ArgumentParser
import Aufdb

/// Where to commit, in whose name, with which message, and how long to wait for another writer.
struct CommitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The branch to commit to. (default: the current branch)", valueName: "name"),
    completion: .revision)
  var branch: String?

  @OptionGroup var author: AuthorOptions

  @OptionGroup var waiting: WaitOption

  /// The context of the commit to make; see `AuthorOptions`.
  func context(in surroundings: Surroundings) throws(AufdbError) -> CommitContext {
    try author.context(branch: branch, in: surroundings)
  }
}

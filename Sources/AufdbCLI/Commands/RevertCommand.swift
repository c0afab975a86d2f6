// `aufdb revert`: a commit that undoes another one.

import ArgumentParser
import Aufdb

struct RevertCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "revert",
    abstract: "Undo what a commit did, with a new commit.",
    discussion: """
      History stays as it is: the new commit brings back what the old one removed, and removes what it added. Where \
      later commits changed its rows again, or refer to them, these are listed, a line each; nothing is changed, and \
      the exit code is 1. There, ours is the row now, base as the commit left it, theirs as it was before.

      Examples:
        aufdb revert prefs.aufdb main~2
        aufdb revert prefs.aufdb 35bb16de593c --dry-run
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("The commit to undo.", valueName: "revision"), completion: .revision)
  var revision: String

  @Option(help: ArgumentHelp("Of a merge: which of its parents to go back to.", valueName: "number"))
  var parent: Int = 1

  @Flag(name: .customLong("dry-run"), help: "Only say what would happen.")
  var isDryRun = false

  @Option(help: ArgumentHelp("How to write what is in the way: text, json or jsonl.", valueName: "format"))
  var format: ConflictFormat = .text

  @OptionGroup var options: CommitOptions

  func run(in surroundings: Surroundings) throws {
    let context = try options.context(in: surroundings)
    let store = try store.openForWriting("revert", options.waiting)
    let branch = try context.branch ?? store.currentBranch()
    let conflicts = ConflictRenderer(format, in: surroundings)
    let outcome = try store.revert(
      Revision(revision), parent: parent, isDryRun: isDryRun, context: context, onConflict: conflicts.conflict)
    try conflicts.finish()
    switch outcome {
    case .reverted(let commit):
      surroundings.writeError(
        isDryRun
          ? "\(branch) would be without it: \(commit.message)\n" : CommitLine.text(commit, branch: branch, nothing: ""))
    case .nothingToDo:
      surroundings.writeError("nothing to commit: \(branch) shows nothing of it any more\n")
    case .conflicts(let count):
      try surroundings.output.flush()
      throw AufdbError(
        .refused, "\(count) \(count == 1 ? "row was" : "rows were") changed again or used since: nothing was changed",
        hint: "revert the later commits first, the newest before the others")
    }
  }
}

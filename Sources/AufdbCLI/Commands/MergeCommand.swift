// `aufdb merge`: another line of history into a branch.

import ArgumentParser
import Aufdb

extension MergeSide: ExpressibleByArgument {}

struct MergeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge a revision into a branch.",
    discussion: """
      Three-way, by natural key, over all tables: what one side alone changed since the two went apart is taken over. \
      A row that both changed, to different ends, is a conflict: then the conflicts are listed, a line each, nothing is \
      changed, and the exit code is 1. --prefer settles all of them one side's way.

      A branch that has nothing of its own is moved on, without a commit. Merging what the branch has already changes \
      nothing.

      As JSON, a conflict is {table, key, reason, base, ours, theirs}, with whole rows.

      Examples:
        aufdb merge prefs.aufdb drts
        aufdb merge prefs.aufdb drts --dry-run --format json
        aufdb merge prefs.aufdb drts --branch main --prefer theirs
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("What to merge: a branch, mostly.", valueName: "revision"), completion: .revision)
  var revision: String

  @Option(help: ArgumentHelp("Whose row is right where both sides changed it: ours or theirs.", valueName: "side"))
  var prefer: MergeSide?

  @Flag(name: .customLong("dry-run"), help: "Only say what would happen.")
  var isDryRun = false

  @Flag(name: .customLong("no-ff"), help: "Make a commit even where moving the branch on would do.")
  var makesCommit = false

  @Option(help: ArgumentHelp("How to write conflicts: text, json or jsonl.", valueName: "format"))
  var format: ConflictFormat = .text

  @OptionGroup var options: CommitOptions

  func run(in surroundings: Surroundings) throws {
    let context = try options.context(in: surroundings)
    let store = try store.openForWriting("merge", options.waiting)
    let branch = try context.branch ?? store.currentBranch()
    let conflicts = ConflictRenderer(format, in: surroundings)
    let outcome = try store.merge(
      MergeOptions(
        Revision(revision), preferring: prefer, isDryRun: isDryRun, allowsFastForward: !makesCommit),
      context: context, onConflict: conflicts.conflict)
    try conflicts.finish()
    switch outcome {
    case .upToDate:
      surroundings.writeError("\(branch) has all of \(VisibleText.of(revision)) already\n")
    case .fastForward(let from, let to):
      surroundings.writeError(
        "\(branch) \(isDryRun ? "would move" : "moves") on from \(from.id.short) to \(to.id.short)\n")
    case .merged(let commit, let resolved):
      let settled = resolved == 0 ? "" : ", \(resolved) \(resolved == 1 ? "conflict" : "conflicts") settled"
      surroundings.writeError(
        isDryRun
          ? "\(branch) would merge without conflicts\(settled)\n"
          : CommitLine.text(commit, branch: branch, nothing: "")
            + CommitLine.note(resolved, "\(resolved == 1 ? "conflict" : "conflicts") settled"))
    case .conflicts(let count):
      try surroundings.output.flush()
      throw AufdbError(
        .refused, "\(count) \(count == 1 ? "conflict" : "conflicts"): nothing was changed",
        hint: prefer == nil
          ? "--prefer ours or --prefer theirs settles all of them; or change the rows on one side first"
          : "rows refer to what the other side removed, and no side can be preferred there")
    }
  }
}

// `aufdb pull`: what this store lacks comes from another one.

import ArgumentParser
import Aufdb

struct PullCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Bring in what another store has of a branch, and merge it.",
    discussion: """
      Moves the branch on, or makes it. Where both stores have gone on, the two are merged; a row that both changed is \
      a conflict, and then nothing is changed, unless --prefer says whose is right.

      Examples:
        aufdb pull prefs.aufdb /shared/prefs.aufdb
        aufdb pull prefs.aufdb /shared/prefs.aufdb main --prefer theirs
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var transfer: TransferArguments

  @Option(help: ArgumentHelp("Whose row is right where both changed it.", valueName: "side"))
  var prefer: MergeSide?

  @OptionGroup var author: AuthorOptions
  @OptionGroup var waiting: WaitOption

  func run(in surroundings: Surroundings) throws {
    let other = try transfer.openOther(for: .reading)
    let store = try store.openForWriting("pull", waiting)
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let conflicts = ConflictRenderer(.text, in: surroundings)
    let report = try store.pull(
      from: other, transfer.options, preferring: prefer, context: author.context(in: surroundings),
      progress: bar.showBytes, onConflict: conflicts.conflict)
    bar.finish()
    if case .conflicts(let count) = report.merge {
      throw AufdbError(
        .refused, "\(count) \(count == 1 ? "conflict" : "conflicts"): nothing was changed",
        hint: prefer == nil
          ? "--prefer ours or --prefer theirs settles all of them; or change the rows on one side first"
          : "rows refer to what the other side removed, and no side can be preferred there")
    }
    try TransferText.write(report.arrived, isDryRun: transfer.dryRun, in: surroundings)
    guard case .merged(let commit, let resolved) = report.merge, !transfer.dryRun else { return }
    surroundings.writeError(CommitLine.text(commit, branch: report.branch, nothing: ""))
    surroundings.writeError(CommitLine.note(resolved, "\(resolved == 1 ? "conflict" : "conflicts") settled"))
  }
}

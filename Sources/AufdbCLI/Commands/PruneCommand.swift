// `aufdb prune`: old row versions go.

import ArgumentParser
import Aufdb

struct PruneCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Drop the row versions that only old commits see.",
    discussion: """
      Kept are the tips of all branches, all tags, and the newest commits of each branch: whatever they show stays as it \
      is. Commits that saw something that went stay in the log, marked as pruned, and their ids can still be checked; \
      but nobody can read, compare or export them any more, and what `aufdb query` tells of history is what is left. \
      Pruning is no commit, and can't be undone.

      The file is then written anew, which needs room for it a second time; --no-compact leaves its size, and what \
      comes next uses the room inside.

      Examples:
        aufdb prune prefs.aufdb --keep 20 --dry-run
        aufdb prune prefs.aufdb --keep 1 --no-compact
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("How many of each branch's newest commits are kept: at least 1.", valueName: "number"))
  var keep: Int

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @Flag(help: "Don't make the file smaller.")
  var noCompact = false

  @OptionGroup var format: FormatOption
  @OptionGroup var waiting: WaitOption

  func validate() throws {
    guard keep >= 1 else { throw ValidationError("--keep takes a number of at least 1") }
  }

  func run(in surroundings: Surroundings) throws {
    let store = try dryRun ? store.openForReading() : store.openForWriting("prune", waiting)
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try store.prune(PruneOptions(keepCount: keep, isDryRun: dryRun, compacts: !noCompact)) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done) of \(all) past row versions")
    }
    bar.finish()
    guard !report.isEmpty else {
      return surroundings.writeError("nothing to prune: some kept commit sees each row version\n")
    }
    let rows = report.dropped.map {
      [SQLValue.text($0.relation.name), .integer(Int64($0.rowCount)), .integer(Int64($0.sizeBytes))]
    }
    try format.format.write(["table", "versions", "bytes"], rows, in: surroundings)
    // What is written in rows comes out before what is said of it.
    try surroundings.output.flush()
    surroundings.writeError(Self.summary(report))
  }

  /// "1200 row versions pruned, of 20 commits; 30 commits are kept", and what became of the file.
  static func summary(_ report: PruneReport) -> String {
    func commits(_ count: Int) -> String { "\(count) \(count == 1 ? "commit" : "commits")" }
    let (rows, bytes) = (report.rowCount, report.sizeBytes)
    let isDone = report.fileBytes != nil
    var text = "\(rows) row \(rows == 1 ? "version" : "versions") (\(bytes) bytes) "
    text += isDone ? "pruned; " : "would be pruned; "
    text += "\(commits(report.prunedCount)) can't be read any more, \(commits(report.keptCount)) kept\n"
    if let file = report.fileBytes { text += "the file had \(file.before) bytes, and has \(file.after)\n" }
    if let failure = report.compactionFailure {
      text += "the file was not compacted: \(VisibleText.of(failure))\n"
    }
    return text
  }
}

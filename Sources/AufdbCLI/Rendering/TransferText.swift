// What arrived in a store, for the person who sent for it.

import Aufdb

enum TransferText {
  /// Says which branches and tags are new or have moved, and how many commits came; in a dry run lists these on standard
  /// output, the newest first.
  static func write(_ report: TransferReport, isDryRun: Bool, in surroundings: Surroundings) throws(StreamError) {
    guard report.changesStore else { return surroundings.writeError("nothing to do: everything is there already\n") }
    if isDryRun {
      for commit in report.commits {
        try surroundings.output.write("\(commit.id.short) \(VisibleText.of(commit.subject))\n")
      }
    }
    for change in report.refs { surroundings.writeError(line(change)) }
    let count = "\(report.commitCount) \(report.commitCount == 1 ? "commit" : "commits")"
    surroundings.writeError(isDryRun ? "  \(count) would come; nothing was changed\n" : "  \(count)\n")
  }

  private static func line(_ change: TransferReport.RefChange) -> String {
    let name = VisibleText.of(change.name)
    guard let old = change.old else { return "new \(change.kind.rawValue) \(name) at \(change.new.short)\n" }
    return "\(name) moved from \(old.short) to \(change.new.short)\n"
  }
}

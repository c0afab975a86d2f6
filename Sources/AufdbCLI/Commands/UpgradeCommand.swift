// `aufdb upgrade`: a store of an older format becomes one of today's.

import ArgumentParser
import Aufdb

struct UpgradeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Bring a store of an older format up to date.",
    discussion: """
      All of it happens at once, after every commit was computed anew in the new format: where anything is wrong with \
      the store, it stays as it was. Commits keep their ids. An older aufdb can't read the store afterwards, so keep a \
      copy. It needs room for the store a second time.

      Examples:
        aufdb upgrade prefs.aufdb
        aufdb upgrade prefs.aufdb --wait 60
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var waiting: WaitOption

  func run(in surroundings: Surroundings) throws {
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try Store.upgrade(store.path, waitSeconds: waiting.seconds) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done) of \(all) commits checked")
    }
    bar.finish()
    guard report.oldVersion != report.newVersion else {
      return surroundings.writeError("nothing to do: the store has format version \(report.newVersion) already\n")
    }
    surroundings.writeError(
      """
      upgraded from format version \(report.oldVersion) to \(report.newVersion): \
      \(report.commitCount) \(report.commitCount == 1 ? "commit" : "commits"), \(report.rowCount) row versions\n
      """)
    if let failure = report.compactionFailure {
      surroundings.writeError("the file was not compacted: \(VisibleText.of(failure))\n")
    }
  }
}

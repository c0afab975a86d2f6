// `aufdb verify`: is the store what its history says?

import ArgumentParser
import Aufdb

struct VerifyCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute every commit from its rows and check the whole store.",
    discussion: """
      Says what is wrong, a line each, and then exits with 65. With --quick it checks history and not the rows, which \
      takes about a second whatever the store's size, and says what it passed over.

      Examples:
        aufdb verify prefs.aufdb
        aufdb verify prefs.aufdb --quick
        aufdb verify prefs.aufdb && cp prefs.aufdb backup/
      """)

  @OptionGroup var store: StoreArgument

  @Flag(help: "Check only what takes about a second.")
  var quick = false

  func run(in surroundings: Surroundings) throws {
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try store.openForReading().verify(quick: quick) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done) of \(all) commits")
    }
    bar.finish()
    for problem in report.problems { try surroundings.output.write("\(VisibleText.of(problem))\n") }
    guard report.isSound else {
      let count = report.problems.count
      throw AufdbError(
        .badData, "the store is damaged: \(count) \(count == 1 ? "problem" : "problems")",
        hint: "restore it from a copy; without one, `aufdb salvage STORE NEW` makes a store of what can be read")
    }
    let pruned = report.prunedCount == 0 ? "" : " (\(report.prunedCount) pruned)"
    guard quick else {
      return surroundings.writeError("ok: \(report.commitCount) commits\(pruned), \(report.rowCount) row versions\n")
    }
    surroundings.writeError("ok so far: \(report.commitCount) commits\(pruned)\n")
    for part in report.unchecked { surroundings.writeError("  not checked: \(part)\n") }
  }
}

// `aufdb stats`: how much of everything a revision holds.

import ArgumentParser
import Aufdb

struct StatsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Summarise what a revision holds.",
    discussion: """
      Examples:
        aufdb stats prefs.aufdb
        aufdb stats prefs.aufdb --at main~1 --format json
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var revision: RevisionOption
  @OptionGroup var format: FormatOption

  func run(in surroundings: Surroundings) throws {
    let lines = try store.openForReading().stats(at: revision.revision())
    let rows = lines.map { [SQLValue.text($0.item), .integer(Int64($0.count)), .text($0.detail)] }
    try format.format.write(["item", "count", "detail"], rows, in: surroundings)
  }
}

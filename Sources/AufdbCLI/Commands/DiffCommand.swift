// `aufdb diff`: what differs between two revisions.

import ArgumentParser
import Aufdb

struct DiffCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show the rows that differ between two revisions.",
    discussion: """
      FROM and TO are revisions; without TO, it is the current branch's head. FROM..TO says the same in one word. \
      FROM...TO compares with the commit at which the two parted: it shows what TO did since. A side left out of these \
      is HEAD.

      Rows are told apart by their natural keys; the pair of a label or selection is the same pair in either order.

      Formats:
        text   + added, - removed, ~ modified, with the columns as old -> new
        json   an array of {table, key, change, columns, old, new}
        jsonl  the same, an object a line
        csv    table,change,key,column,old,new: a line a changed column

      On a terminal, text shows a long value around its change, with [-deleted-] and {+inserted+} words marked so or \
      by colours. In JSON, old and new are whole rows, or null, and modified rows have columns, the names of those that \
      differ.

      With --name-only, that is {table, key}; with --stat, {table, judge, added, removed, modified, flipped}: one for \
      each table, and one for each judge's labels. Flipped labels are counted as modified, too.

      Examples:
        aufdb diff prefs.aufdb main~1
        aufdb diff prefs.aufdb main...drts --table labels --stat
        aufdb diff prefs.aufdb v1 v2 --format jsonl
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp("A revision, or two with .. or ... between them.", valueName: "from"), completion: .revision)
  var from: String

  @Argument(
    help: ArgumentHelp("Another revision. (default: the current branch's head)", valueName: "to"), completion: .revision
  )
  var to: String?

  @OptionGroup var tables: TableOption

  @Flag(help: "Only count: the changed rows of each table, and for each judge the labels that flipped.")
  var stat = false

  @Flag(help: "Only name the changed rows: table and key, a line each.")
  var nameOnly = false

  @Option(help: ArgumentHelp("How to write it.", valueName: "format"))
  var format: DiffFormat = .text

  @Flag(name: .customLong("exit-code"), help: "Exit with 1 if anything differs, and with 0 if nothing does.")
  var exitsByDifference = false

  func validate() throws {
    if stat, nameOnly { throw ValidationError("--stat and --name-only can't be given together") }
  }

  func run(in surroundings: Surroundings) throws {
    let range = try DiffRange(from, to)
    let relations = try tables.relations() ?? Set(Relation.allCases)
    let reader = try store.openForReading()
    var isDifferent = false
    if stat {
      let counted = try reader.diffStat(range, relations: relations)
      isDifferent = !counted.rows.isEmpty
      try DiffStatRenderer(stat: counted, surroundings: surroundings).write(format)
    } else {
      let renderer = format.renderer(nameOnly ? .names : .wholeRows, in: surroundings)
      try reader.diff(range, relations: relations) { change in
        isDifferent = true
        try renderer.change(change)
      }
      try renderer.finish()
    }
    guard exitsByDifference, isDifferent else { return }
    // Here, because an output that can't be written is an error that goes before the exit code.
    try surroundings.output.flush()
    throw ExitCode(1)
  }
}

extension DiffFormat: ExpressibleByArgument {}

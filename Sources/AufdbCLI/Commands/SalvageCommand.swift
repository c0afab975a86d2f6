// `aufdb salvage`: a new store of what is left of a damaged one.

import ArgumentParser
import Aufdb

struct SalvageCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "salvage",
    abstract: "Make a new store of all that can be read of a damaged one.",
    discussion: """
      The damaged store is only read, page by page, whatever is broken in it: indices, the schema, or pages in the middle \
      of a table. NEW is made whole or not at all, and verified.

      Commits whose rows are all there, with all that they go on from, are copied as they are and keep their ids; so do \
      branches and tags that are at them, and kept answers. Any other commit is made anew of the rows that are left, \
      with its author, time and message; it says which commit it was, and what is lost. Of a commit that a row is lost \
      or damaged of, no other row can be proven, so these are counted apart: all but the damaged ones are right. \
      --proven leaves them out.

      Rows that stand twice at a branch's tip then, or that refer to rows that are lost, are retired there by one more \
      commit, and still found in history. What answers no commit depends on can't be read is gone.

      Written is a row for each table. The exit code is 0 when nothing was lost, and 65 otherwise. While somebody \
      writes to the store, copy nothing from it.

      Examples:
        aufdb salvage damaged.aufdb rescued.aufdb
        aufdb salvage damaged.aufdb rescued.aufdb --proven --format json
        aufdb salvage copy.aufdb rescued.aufdb --without-log
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: "Where to make the new store; nothing may have that name yet.", completion: .file())
  var new: String

  @Flag(name: .customLong("proven"), help: "Leave out the rows that can't be proven to be what they were.")
  var onlyProven = false

  @Flag(
    name: .customLong("without-log"),
    help: "Read the file alone: what stands in a -wal or -journal file beside it belongs to another store.")
  var isWithoutLog = false

  @OptionGroup var format: FormatOption

  @Option(
    help: ArgumentHelp("Who makes further commits. (default: $AUFDB_AUTHOR, or the login name)", valueName: "name"))
  var author: String?

  func run(in surroundings: Surroundings) throws {
    let context = try AuthorOptions.context(author: author, in: surroundings)
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try Store.salvage(
      store.path, to: new,
      options: SalvageOptions(onlyProven: onlyProven, withLog: !isWithoutLog, context: context)
    ) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done * 100 / max(1, all)) % of two passes over all commits")
    }
    bar.finish()
    let rows = report.rows.map { rows in
      [SQLValue.text(rows.relation.name)] + [rows.proven, rows.unproven, rows.lost].map { .integer(Int64($0)) }
    }
    try format.format.write(["table", "proven", "unproven", "lost"], rows, in: surroundings)
    try surroundings.output.flush()
    surroundings.writeError(SalvageText.of(report, new))
    if !report.isWhole { throw ExitCode(65) }
  }
}

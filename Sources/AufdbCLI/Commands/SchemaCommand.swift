// `aufdb schema`: what can be queried, and what its columns mean.

import ArgumentParser
import Aufdb

struct SchemaCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Explain what can be queried: tables, columns, and an example for each.",
    discussion: """
      Without a table it explains all of them, and X_history and X_diff, of which there is one for each versioned \
      table X. --format lists the columns instead, a row each.

      Examples:
        aufdb schema prefs.aufdb
        aufdb schema prefs.aufdb pairs leaderboard
        aufdb schema prefs.aufdb labels_history --format markdown
        aufdb schema prefs.aufdb --sql | less
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("Only these tables.", valueName: "table"))
  var tables: [String] = []

  @Option(help: ArgumentHelp("How to write the columns, a row each. (default: explained as text)", valueName: "format"))
  var format: OutputFormat?

  @Flag(help: "Print the SQL that makes a store, with its comments: how versions are kept, table by table.")
  var sql = false

  func validate() throws {
    if sql, format != nil { throw ValidationError("--sql and --format can't be given together") }
    if sql, let table = tables.first { throw ValidationError("--sql prints the whole schema, and not only \(table)") }
  }

  func run(in surroundings: Surroundings) throws {
    // Opening it makes sure that the store has this very format.
    _ = try store.openForReading()
    if sql { return try surroundings.output.write(Schema.text) }
    let pages = try tables.map { name throws(AufdbError) in try RelationPage.named(name) }
    guard let format else {
      let text = SchemaText(style: TextStyle(in: surroundings), columnCount: surroundings.terminalColumns)
      return try surroundings.output.write(pages.isEmpty ? text.overview() : text.pages(pages))
    }
    let rows = (pages.isEmpty ? RelationPage.all : pages).flatMap { page in
      page.columns.map { column in
        [.text(page.name), .text(column.name), column.type.map(SQLValue.text) ?? .null, .text(column.meaning)]
      }
    }
    try format.write(["table", "column", "type", "meaning"], rows, in: surroundings)
  }
}

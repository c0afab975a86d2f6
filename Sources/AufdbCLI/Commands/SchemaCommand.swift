// `aufdb schema`: what can be queried, and what its columns mean.

import ArgumentParser
import Aufdb

struct SchemaCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Explain what can be queried: tables, columns, functions, and an example for each.",
    discussion: """
      Without a name it explains all of them, and X_history and X_diff, of which there is one for each versioned \
      table X. It is the same for every store, which needn't be named. --format lists the columns of tables instead, a \
      row each.

      Examples:
        aufdb schema
        aufdb schema pairs leaderboard
        aufdb schema prefs.aufdb nearest
        aufdb schema prefs.aufdb labels_history --format markdown
        aufdb schema --sql | less
      """)

  @Argument(
    help: ArgumentHelp("A store, to make sure that it is of this very format.", valueName: "store"), completion: .file()
  )
  var store: String?

  @Argument(help: ArgumentHelp("Only these tables and functions.", valueName: "name"))
  var names: [String] = []

  @Option(
    help: ArgumentHelp(
      "How to write the columns of tables, a row each. (default: explained as text)", valueName: "format"))
  var format: OutputFormat?

  @Flag(help: "Print the SQL that makes a store, with its comments: how versions are kept, table by table.")
  var sql = false

  func run(in surroundings: Surroundings) throws {
    let names = try checkedNames()
    if sql {
      guard names.isEmpty, format == nil else {
        throw AufdbError(.usage, "--sql prints the whole schema: neither names nor --format go with it")
      }
      return try surroundings.output.write(Schema.text)
    }
    let pages = try names.map { name throws(AufdbError) in try SchemaPage.named(name) }
    if let format { return try list(pages, as: format, in: surroundings) }
    let text = SchemaText(style: TextStyle(in: surroundings), columnCount: surroundings.terminalColumns)
    try surroundings.output.write(pages.isEmpty ? text.overview() : text.pages(pages))
  }

  /// The names that were given. What stands in the store's place is one if it isn't a file, and reads like one.
  ///
  /// - Throws: as opening a store does, and `.cannotOpenInput` for what is neither a store nor a name.
  private func checkedNames() throws -> [String] {
    guard let store else { return names }
    if !StoreArgument.isFile(store) {
      if SchemaPage.find(store) != nil { return [store] + names }
      if let name = SchemaPage.nearest(to: store) {
        throw AufdbError(
          .cannotOpenInput, "there is no store, table or function \(store.quoted)", hint: "did you mean \(name)?")
      }
    }
    // Opening it makes sure that the store has this very format.
    _ = try Store(store, for: .reading)
    return names
  }

  private func list(_ pages: [SchemaPage], as format: OutputFormat, in surroundings: Surroundings) throws {
    let tables = try pages.map { page throws(AufdbError) in
      switch page {
      case .relation(let relation): return relation
      case .function(let function):
        throw AufdbError(
          .usage, "--format lists the columns of tables, and \(function.name) is a function", hint: "leave it out")
      }
    }
    let rows = (tables.isEmpty ? RelationPage.all : tables).flatMap { page in
      page.columns.map { column in
        [.text(page.name), .text(column.name), column.type.map(SQLValue.text) ?? .null, .text(column.meaning)]
      }
    }
    try format.write(["table", "column", "type", "meaning"], rows, in: surroundings)
  }
}

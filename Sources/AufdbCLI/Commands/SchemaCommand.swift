// `aufdb schema`: what the tables and columns mean.

import ArgumentParser
import Aufdb

struct SchemaCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the schema with its explanations.",
    discussion: """
      Examples:
        aufdb schema prefs.aufdb
        aufdb schema prefs.aufdb | grep -A12 'CREATE TABLE labels_all'
      """)

  @OptionGroup var store: StoreArgument

  func run(in surroundings: Surroundings) throws {
    // Opening it makes sure that the store has this very format.
    _ = try store.openForReading()
    try surroundings.output.write(Schema.text)
  }
}

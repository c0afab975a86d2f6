// `aufdb tag`: names that stay where they are.

import ArgumentParser
import Aufdb

struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "List, create and delete tags.",
    discussion: """
      A tag is a name for a commit that stays there: for what was published.

      Examples:
        aufdb tag create prefs.aufdb v1
        aufdb tag list prefs.aufdb --format json
      """,
    subcommands: [List.self, Create.self, Delete.self])

  struct List: Verb {
    static let configuration = CommandConfiguration(abstract: "List the tags.")
    @OptionGroup var store: StoreArgument
    @OptionGroup var format: FormatOption

    func run(in surroundings: Surroundings) throws {
      let rows = try store.openForReading().refs(.tag).map { [SQLValue.text($0.name), .text($0.commit.description)] }
      try format.format.write(["tag", "commit"], rows, in: surroundings)
    }
  }

  struct Create: Verb {
    static let configuration = CommandConfiguration(abstract: "Tag a revision.")
    @OptionGroup var store: StoreArgument
    @Argument(help: "Its name.") var name: String
    @OptionGroup var revision: RevisionOption
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      let commit = try store.openForWriting("tag create", waiting).createRef(
        .tag, RefName(name), at: revision.revision())
      surroundings.writeError("\(name) is at \(commit.id.short)\n")
    }
  }

  struct Delete: Verb {
    static let configuration = CommandConfiguration(abstract: "Delete a tag; its commit stays.")
    @OptionGroup var store: StoreArgument
    @Argument(help: "Its name.", completion: .revision) var name: String
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      try store.openForWriting("tag delete", waiting).deleteRef(.tag, name)
      surroundings.writeError("\(VisibleText.of(name)) is deleted\n")
    }
  }
}

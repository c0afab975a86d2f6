// `aufdb branch`: the lines of history that a store has.

import ArgumentParser
import Aufdb

struct BranchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "branch",
    abstract: "List, create, delete and rename branches.",
    discussion: """
      A branch is a name for a commit, and moves on with each commit to it. Branches share every row, and making one \
      takes no time: import once, then a branch for each method.

      Examples:
        aufdb branch create prefs.aufdb drts --at main~1
        aufdb branch delete prefs.aufdb drts --force
      """,
    subcommands: [List.self, Create.self, Delete.self, Rename.self])

  struct List: Verb {
    static let configuration = CommandConfiguration(abstract: "List the branches; * marks the current one.")
    @OptionGroup var store: StoreArgument
    @OptionGroup var format: FormatOption

    func run(in surroundings: Surroundings) throws {
      let rows = try store.openForReading().refs(.branch).map {
        [SQLValue.text($0.isCurrent ? "*" : ""), .text($0.name), .text($0.commit.description)]
      }
      try format.format.write(["current", "branch", "commit"], rows, in: surroundings)
    }
  }

  struct Create: Verb {
    static let configuration = CommandConfiguration(abstract: "Make a branch at a revision.")
    @OptionGroup var store: StoreArgument
    @Argument(help: "Its name.") var name: String
    @OptionGroup var revision: RevisionOption
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      let commit = try store.openForWriting("branch create", waiting).createRef(
        .branch, RefName(name), at: revision.revision())
      surroundings.writeError("\(name) is at \(commit.id.short)\n")
    }
  }

  struct Delete: Verb {
    static let configuration = CommandConfiguration(abstract: "Delete a branch; its commits stay.")
    @OptionGroup var store: StoreArgument
    @Argument(help: "Its name.", completion: .revision) var name: String
    @Flag(help: "Delete it though no other branch or tag has its commits.") var force = false
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      try store.openForWriting("branch delete", waiting).deleteRef(.branch, name, force: force)
      surroundings.writeError("\(VisibleText.of(name)) is deleted\n")
    }
  }

  struct Rename: Verb {
    static let configuration = CommandConfiguration(abstract: "Give a branch another name.")
    @OptionGroup var store: StoreArgument
    @Argument(help: "Its name.", completion: .revision) var name: String
    @Argument(help: "Its name from now on.") var newName: String
    @OptionGroup var waiting: WaitOption

    func run(in surroundings: Surroundings) throws {
      try store.openForWriting("branch rename", waiting).renameBranch(name, to: RefName(newName))
      surroundings.writeError("\(VisibleText.of(name)) is \(newName) now\n")
    }
  }
}

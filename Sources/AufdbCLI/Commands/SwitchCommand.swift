// `aufdb switch`: another current branch.

import ArgumentParser
import Aufdb

struct SwitchCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "switch",
    abstract: "Make another branch the current one.",
    discussion: """
      Verbs commit to the current branch and read its head unless they are told otherwise, and other SQLite tools see \
      it in the views.

      Examples:
        aufdb switch prefs.aufdb drts
        aufdb switch prefs.aufdb main
      """)

  @OptionGroup var store: StoreArgument
  @Argument(help: "The branch.", completion: .revision) var branch: String
  @OptionGroup var waiting: WaitOption

  func run(in surroundings: Surroundings) throws {
    try store.openForWriting("switch", waiting).switchBranch(to: branch)
    surroundings.writeError("on \(VisibleText.of(branch))\n")
  }
}

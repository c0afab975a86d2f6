// `aufdb init`: a new, empty store.

import ArgumentParser
import Aufdb

struct InitCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a new store.",
    discussion: """
      A store is one SQLite file. It begins with one commit on the branch main.

      Examples:
        aufdb init prefs.aufdb
        aufdb init prefs.aufdb --author 'Ada Lovelace' -m 'Preferences for release 2'
      """)

  @Argument(
    help: ArgumentHelp("Where to make it; nothing may have that name yet.", valueName: "store"), completion: .file())
  var path: String

  @OptionGroup var author: AuthorOptions

  func run(in surroundings: Surroundings) throws {
    let commit = try Store.create(at: path, context: try author.context(in: surroundings))
    surroundings.writeError(CommitLine.text(commit, branch: "main", nothing: ""))
  }
}

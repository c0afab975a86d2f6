// `aufdb manual`: the manual page, from the same definitions as the help.

import ArgumentParser

struct ManualCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the manual page, for man.",
    discussion: """
      Examples:
        aufdb manual | man -l -
        aufdb manual > ~/.local/share/man/man1/aufdb.1
      """)

  func run(in surroundings: Surroundings) throws {
    try surroundings.output.write(ManualPage.text(of: CommandDescription.root()))
  }
}

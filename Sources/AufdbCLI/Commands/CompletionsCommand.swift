// `aufdb completions`: what makes a shell complete aufdb's command lines.

import ArgumentParser

struct CompletionsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print a script that lets a shell complete aufdb's verbs, options, files and revisions.",
    discussion: """
      Branches and tags come from the store on the line, and only where it can be read at once.

      Examples:
        aufdb completions bash > ~/.local/share/bash-completion/completions/aufdb
        aufdb completions zsh > ~/.zfunc/_aufdb
        aufdb completions fish > ~/.config/fish/completions/aufdb.fish
      """)

  /// The shells that there are scripts for.
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
  var shell: Shell

  func run(in surroundings: Surroundings) throws {
    let known: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    try surroundings.output.write(AufdbCommand.completionScript(for: known) + "\n")
  }
}

// The command line as data: what the argument parser knows of each verb, as it gives it to other programs.

import FoundationEssentials

/// A verb, or the whole command.
struct CommandDescription: Decodable {
  struct Argument: Decodable {
    enum Kind: String, Decodable {
      case positional, option, flag
    }

    struct Name: Decodable {
      enum Kind: String, Decodable {
        case long, short, longWithSingleDash
      }

      var kind: Kind
      var name: String
    }

    var kind: Kind
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var allValues: [String]?
    var abstract: String?
  }

  var commandName: String
  var abstract: String?
  var discussion: String?
  var subcommands: [CommandDescription]?
  var arguments: [Argument]?

  private struct Tool: Decodable {
    var command: CommandDescription
  }

  /// `aufdb` with all its verbs.
  static func root() throws -> CommandDescription {
    try JSONDecoder().decode(Tool.self, from: Data(AufdbCommand._dumpHelp().utf8)).command
  }

  /// The verbs, or what a verb has below it, `help` apart.
  var verbs: [CommandDescription] { (subcommands ?? []).filter { $0.commandName != "help" } }

  /// What is its own: not what every command has.
  var ownArguments: [Argument] {
    (arguments ?? []).filter { argument in
      argument.shouldDisplay && argument.names?.contains { $0.name == "help" || $0.name == "version" } != true
    }
  }
}

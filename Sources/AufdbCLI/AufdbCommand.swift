// The command `aufdb`: its verbs, and the one way in which each of them is run.

import ArgumentParser
import Aufdb
import AufdbAcquisition

/// A verb of the command line: it parses its arguments, calls one function of the library, and renders the result.
protocol Verb: ParsableCommand {
  /// Does it. Data goes to `surroundings.output`, all else to the library; errors are thrown.
  func run(in surroundings: Surroundings) throws
}

extension Verb {
  // Only for whoever runs a verb through the argument parser; `AufdbCommand.run` doesn't.
  func run() throws { try run(in: .process()) }
}

/// The root of the command line.
struct AufdbCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aufdb",
    abstract: "Active preference learning in one SQLite file, under version control.",
    version: AufdbVersion.current,
    subcommands: [
      InitCommand.self, ImportCommand.self, LogCommand.self, ShowCommand.self, HistoryCommand.self, DiffCommand.self,
      QueryCommand.self, SearchCommand.self, ShellCommand.self,
      SelectCommand.self, MethodsCommand.self, AnnotateCommand.self, TrainCommand.self, ScoreCommand.self,
      ModelCommand.self, GenerateCommand.self, EmbedCommand.self, BatchCommand.self,
      RunCommand.self, EvaluateCommand.self, ExportCommand.self, VerifyExportCommand.self,
      BranchCommand.self, TagCommand.self, SwitchCommand.self, MergeCommand.self, RevertCommand.self,
      BundleCommand.self, PushCommand.self, PullCommand.self,
      VerifyCommand.self, SalvageCommand.self, PruneCommand.self, UpgradeCommand.self,
      StatsCommand.self, SchemaCommand.self, CompletionsCommand.self, ManualCommand.self,
    ])

  /// Runs one command line, and says what to exit with.
  ///
  /// - Parameter arguments: without the program's name.
  static func run(_ arguments: [String], in surroundings: Surroundings) -> Int32 {
    do {
      var command = try parsed(arguments)
      if let verb = command as? any Verb {
        try verb.run(in: surroundings)
      } else {
        try command.run()
      }
      try surroundings.output.flush()
      return 0
    } catch {
      return report(error, in: surroundings)
    }
  }

  /// The command that the arguments ask for.
  ///
  /// A verb is parsed by itself, which spares the parser all the others. Where that isn't enough, because help is asked
  /// for or something is wrong, the whole command line is parsed, whose messages begin with the root.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    guard let name = arguments.first, !name.hasPrefix("-") else { return try parseAsRoot(arguments) }
    if let verb = configuration.subcommands.first(where: { $0.verbName == name }),
      let command = try? verb.parseAsRoot(Array(arguments.dropFirst())), command is any Verb
    {
      return command
    }
    try WrongVerb.check(arguments)
    return try parseAsRoot(arguments)
  }

  private static func report(_ error: any Error, in surroundings: Surroundings) -> Int32 {
    let rendering = ErrorRendering(error)
    do {
      // What was written before the error comes out before it.
      try surroundings.output.write(rendering.standardOutput)
      try surroundings.output.flush()
    } catch {
      guard rendering.exitCode == 0 else { return finish(rendering, in: surroundings) }
      return finish(ErrorRendering(error), in: surroundings)
    }
    return finish(rendering, in: surroundings)
  }

  private static func finish(_ rendering: ErrorRendering, in surroundings: Surroundings) -> Int32 {
    surroundings.writeError(rendering.standardError)
    return rendering.exitCode
  }
}

extension ParsableCommand {
  /// How it is called: by its type's name, where it says nothing else.
  static var verbName: String { configuration.commandName ?? String(describing: self).lowercased() }
}

// The store that a verb works on: the first argument of every verb.

import ArgumentParser
import Aufdb

/// The path of a store.
struct StoreArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The store: the SQLite file that `aufdb init` made.", valueName: "store"), completion: .file())
  var path: String

  /// Opens it for reading. A reader never waits.
  func openForReading() throws -> Store { try Store(path, for: .reading) }

  /// Opens it for writing.
  ///
  /// - Parameter verb: what others who want to write are told that this process does.
  func openForWriting(_ verb: String, _ waiting: WaitOption) throws -> Store {
    try Store(path, for: .writing(waitSeconds: waiting.seconds, command: "aufdb \(verb)"))
  }
}

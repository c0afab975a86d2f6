// The store that a verb works on: the first argument of every verb.

import ArgumentParser
import Aufdb
import Glibc

/// The path of a store.
struct StoreArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The store: the SQLite file that `aufdb init` made.", valueName: "store"), completion: .file())
  var path: String

  /// Opens it for reading. A reader never waits.
  func openForReading() throws -> Store { try Store(path, for: .reading) }

  /// What opens it for one transaction of a verb that takes long otherwise, and waits for others as long as they need.
  func writer(_ verb: String) -> @Sendable () throws -> Store {
    let path = path
    return { try Store(path, for: .writing(waitSeconds: 86_400, command: "aufdb \(verb)")) }
  }

  /// Opens it for reading, and where it isn't there says if what follows it on the command line is a file: then the two
  /// were swapped.
  ///
  /// - Parameter kind: what should follow, in a word: "SQL".
  func openForReading(before following: String?, _ kind: String) throws -> Store {
    do {
      return try openForReading()
    } catch let error as AufdbError where error.kind == .cannotOpenInput {
      guard !Self.isFile(path), let following, Self.isFile(following) else { throw error }
      var error = error
      error.hint = "the store comes before the \(kind), and \(following) is a file"
      throw error
    }
  }

  /// Whether there is a file of this name, of whatever content.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Opens it for writing.
  ///
  /// - Parameter verb: what others who want to write are told that this process does.
  func openForWriting(_ verb: String, _ waiting: WaitOption) throws -> Store {
    try Store(path, for: .writing(waitSeconds: waiting.seconds, command: "aufdb \(verb)"))
  }
}

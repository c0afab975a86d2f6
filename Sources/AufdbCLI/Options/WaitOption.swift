// `--wait`: what every verb that writes takes.

import ArgumentParser

/// How long to wait for another writer.
struct WaitOption: ParsableArguments {
  @Option(
    name: .customLong("wait"),
    help: ArgumentHelp("How long to wait while somebody else writes to the store.", valueName: "seconds"))
  var seconds: Double = Self.defaultSeconds

  static let defaultSeconds = 10.0

  func validate() throws {
    guard seconds >= 0, seconds.isFinite else {
      throw ValidationError("--wait takes a number of seconds that is not negative")
    }
  }
}

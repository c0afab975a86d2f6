// `--limit` and `--timeout`: how much of an answer is wanted, and how long it may take.

import ArgumentParser

struct QueryBounds: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many rows of each statement.", valueName: "rows"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "How long each statement may take, the writing of its rows apart; 0: any time.",
      valueName: "seconds"))
  var timeout: Double = Self.defaultSeconds

  private static let defaultSeconds = 60.0

  /// Nil for any time.
  var timeoutSeconds: Double? { timeout == 0 ? nil : timeout }

  /// Whether neither was given.
  var isDefault: Bool { limit == nil && timeout == Self.defaultSeconds }

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number of rows that is not negative") }
    guard timeout >= 0, timeout.isFinite else {
      throw ValidationError("--timeout takes a number of seconds that is not negative")
    }
  }
}

// What every verb that asks a server takes: how much may be asked, and how.

import ArgumentParser
import Aufdb
import AufdbModels

/// What was taken from the bounds so far.
struct AskingSpent {
  var cost = 0.0
  var requestCount = 0
  var seconds = 0.0
}

/// The bounds of a run that asks a server.
struct AskingOptions: ParsableArguments {
  @Flag(help: "Ask nothing: count the requests, and estimate their tokens and cost.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Send nothing that could take the cost above this, by the prices of the definition.", valueName: "amount"))
  var maxCost: Double?

  @Option(help: ArgumentHelp("Send no more requests than these, repeated ones included.", valueName: "number"))
  var maxRequests: Int?

  @Option(help: ArgumentHelp("Send nothing after so long.", valueName: "seconds"))
  var maxTime: Double?

  @Option(
    help: ArgumentHelp(
      "How many requests are under way at most. (default: the definition's, which is 16 where it says nothing)",
      valueName: "number"))
  var concurrency: Int?

  @Flag(help: "Send the key over http to another machine.")
  var insecure = false

  @Option(
    help: ArgumentHelp("The certificates to trust, as PEM, in place of the system's.", valueName: "file"),
    completion: .file())
  var caFile: String?

  var isGiven: Bool {
    dryRun || insecure || maxCost != nil || maxRequests != nil || maxTime != nil || concurrency != nil || caFile != nil
  }

  func validate() throws {
    for (value, option) in [(maxCost, "--max-cost"), (maxTime, "--max-time")] {
      guard value.map({ $0 >= 0 && $0.isFinite }) ?? true else {
        throw ValidationError("\(option) takes a number that is not negative")
      }
    }
    guard maxRequests.map({ $0 >= 0 }) ?? true else {
      throw ValidationError("--max-requests takes a number that is not negative")
    }
    guard concurrency.map({ $0 >= 1 && $0 <= 10_000 }) ?? true else {
      throw ValidationError("--concurrency takes a number from 1 to 10000")
    }
  }

  /// Who asks the server of a definition, with its key.
  ///
  /// - Parameter spent: what earlier jobs of the same verb took from the bounds.
  /// - Throws: `.usage` and `.cannotOpenInput` as `ModelKey` and `ModelAsker` do.
  func asker(
    of access: ModelAccess, after spent: AskingSpent, in surroundings: Surroundings
  ) throws(AufdbError) -> ModelAsker {
    var options = AskOptions()
    options.concurrency = concurrency
    options.maximumCost = maxCost.map { max(0, $0 - spent.cost) }
    options.maximumRequests = maxRequests.map { max(0, $0 - spent.requestCount) }
    options.totalTimeoutSeconds = maxTime.map { max(0, $0 - spent.seconds) }
    options.isInsecureAllowed = insecure
    options.certificateFile = caFile
    options.proxy = try ModelProxy.chosen(for: access.baseURL, environment: surroundings.environment)
    let key: ModelKey? =
      if let source = access.key { try ModelKey(source, environment: surroundings.environment) } else { nil }
    return try ModelAsker(access, key: key, options)
  }
}

// `aufdb push`: what another store lacks goes there.

import ArgumentParser
import Aufdb

/// What push and pull move.
struct TransferArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The other store.", valueName: "other"))
  var other: String

  @Argument(
    help: ArgumentHelp("The branch. (default: the store's current one)", valueName: "branch"), completion: .revision)
  var branch: String?

  @Flag(help: "Move all tags, too, with their commits.")
  var tags = false

  @Flag(help: "List the commits that would come, and change nothing.")
  var dryRun = false

  var options: TransferOptions { TransferOptions(branch: branch, includesTags: tags, isDryRun: dryRun) }

  /// Opens the other store; whoever has none there is told how to make it.
  func openOther(for access: Store.Access) throws -> Store {
    do {
      return try Store(other, for: access)
    } catch var error as AufdbError where error.kind == .cannotOpenInput && error.hint != nil {
      error.hint = "`aufdb bundle create` and `aufdb bundle apply` make a store that goes on from this one"
      throw error
    }
  }
}

struct PushCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "push",
    abstract: "Send another store what it lacks of a branch.",
    discussion: """
      Moves the other store's branch of that name on, or makes it. If it has gone another way there, nothing is \
      changed: pull first.

      Examples:
        aufdb push prefs.aufdb /shared/prefs.aufdb
        aufdb push prefs.aufdb /shared/prefs.aufdb drts --tags --dry-run
      """)

  @OptionGroup var store: StoreArgument
  @OptionGroup var transfer: TransferArguments
  @OptionGroup var waiting: WaitOption

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForReading()
    let other = try transfer.openOther(for: .writing(waitSeconds: waiting.seconds, command: "aufdb push"))
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try store.push(to: other, transfer.options, progress: bar.showBytes)
    bar.finish()
    try TransferText.write(report, isDryRun: transfer.dryRun, in: surroundings)
  }
}

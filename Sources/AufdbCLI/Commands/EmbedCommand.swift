// `aufdb embed`: an encoder makes vectors of responses.

import ArgumentParser
import Aufdb

struct EmbedCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Let an encoder embed the responses that lack a vector of it.",
    discussion: """
      Encoders are defined by `aufdb model add`: dimensions, float16 or float32, and whether they see the response \
      alone or the prompt, too. A vector of other dimensions is refused. Texts go in batches; empty responses get none.

      Every vector is kept in the store as it arrives, and at the end they become embeddings, with one commit. A run \
      that was stopped anywhere goes on when it is started again. The encoder's name in the rows is NAME@VERSION.

      Examples:
        aufdb embed prefs.aufdb --encoder minilm
        aufdb embed prefs.aufdb --encoder minilm --where 'length(prompt) < 2000' --dry-run
      """)

  @OptionGroup var store: StoreArgument
  @Option(help: ArgumentHelp("A defined encoder, NAME or NAME@VERSION.", valueName: "name"))
  var encoder: String
  @Option(help: ArgumentHelp("Only these prompts: an SQL condition on their columns.", valueName: "sql"))
  var `where`: String?
  @Flag(help: "Send again what failed.")
  var retryFailed = false
  @OptionGroup(title: "Asking") var asking: AskingOptions
  @OptionGroup var options: CommitOptions

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForReading()
    let encoder = try store.encoderDefinition(encoder, at: options.branch.map { try Revision($0) } ?? .head)
    let scope = AskScope(where: `where`, retriesFailures: retryFailed)
    try ModelWork.embedding(encoder, scope).run(
      self.store, verb: "embed", ModelAsking(asking, verb: "embed", options.waiting, in: surroundings), options,
      in: surroundings)
  }
}

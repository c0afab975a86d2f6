// What is generated.

import ArgumentParser
import Aufdb

struct GenerationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many responses each prompt is to have of a model.", valueName: "number"))
  var samples = 1

  @Option(
    help: ArgumentHelp(
      "A file of principles with their system prompts, or ultrafeedback. (default: none)", valueName: "file"),
    completion: .file())
  var principles: String?

  @Option(help: ArgumentHelp("The seed of the draws of principles.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Only these prompts: an SQL condition on their columns.", valueName: "sql"))
  var `where`: String?

  @Flag(help: "Ask again for what failed.")
  var retryFailed = false

  /// Whether something is asked for that only models do.
  var isOfModels: Bool { samples != 1 || principles != nil || seed != 0 }

  func validate() throws {
    guard samples >= 1 else { throw ValidationError("--samples takes a number from 1 up") }
  }

  var scope: AskScope { AskScope(where: `where`, retriesFailures: retryFailed) }

  func options() throws -> GenerateOptions {
    var options = GenerateOptions()
    options.sampleCount = samples
    options.seed = seed
    options.scope = scope
    options.principles = try principles.map { try Principles(named: $0) }
    return options
  }
}

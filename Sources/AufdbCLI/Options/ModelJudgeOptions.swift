// What a model that judges is asked about.

import ArgumentParser
import Aufdb

struct ModelJudgeOptions: ParsableArguments {
  @Flag(help: "Rate every response that the judge hasn't rated, instead of labelling pairs; for pointwise judges.")
  var allResponses = false

  @Option(
    help: ArgumentHelp("With --all-responses: only these prompts: an SQL condition on their columns.", valueName: "sql")
  )
  var `where`: String?

  @Flag(help: "Ask again about what the model gave no usable answer to.")
  var retryFailed = false

  var isGiven: Bool { allResponses || `where` != nil || retryFailed }

  func validate() throws {
    guard `where` == nil || allResponses else { throw ValidationError("--where is for --all-responses") }
  }

  func work(for judge: JudgeDefinition) -> ModelWork {
    .judging(judge, allResponses: allResponses, AskScope(where: `where`, retriesFailures: retryFailed))
  }
}

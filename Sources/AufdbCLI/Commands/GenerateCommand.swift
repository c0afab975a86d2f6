// `aufdb generate`: models answer prompts.

import ArgumentParser
import Aufdb

struct GenerateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Let models answer the prompts that lack a response of theirs.",
    discussion: """
      Models are defined by `aufdb model add`. Each prompt gets --samples responses of each model; a prompt of several \
      turns is sent as these turns. With --principles each response is made under a system prompt that is drawn, by \
      the seed, from a file of principles (`ultrafeedback` stands for those that aufdb has: helpfulness, honesty, \
      truthfulness, verbalized_calibration); the response's row says which.

      Every answer is kept in the store as it arrives, and at the end they become responses, with one commit for each \
      model. A run that was stopped anywhere (Ctrl-C, kill, a limit) goes on when it is started again, and asks only \
      for what is missing. The column metadata says what made a response, why it ended (finish_reason: length, if it \
      was cut) and what it took; where there is no answer, why ("failure"), with an empty response that no export has.

      Examples:
        aufdb generate prefs.aufdb --model ember --model flint --principles ultrafeedback
        aufdb generate prefs.aufdb --model ember --where 'length(prompt) < 2000' --samples 2 --max-cost 5
        aufdb generate prefs.aufdb --model ember --dry-run
      """)

  @OptionGroup var store: StoreArgument
  @Option(help: ArgumentHelp("A defined model, NAME or NAME@VERSION; may be given several times.", valueName: "name"))
  var model: [String]
  @OptionGroup var generation: GenerationOptions
  @OptionGroup(title: "Asking") var asking: AskingOptions
  @OptionGroup var options: CommitOptions

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForReading()
    let tip = try options.branch.map { try Revision($0) } ?? .head
    let generate = try generation.options()
    let asking = ModelAsking(asking, verb: "generate", options.waiting, in: surroundings)
    for model in try model.map({ try store.modelDefinition($0, at: tip) }) {
      try ModelWork.generation(model, generate).run(self.store, verb: "generate", asking, options, in: surroundings)
    }
  }
}

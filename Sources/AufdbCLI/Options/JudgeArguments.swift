// Who judges, and what belongs to some kinds of judge only.

import ArgumentParser
import Aufdb

struct JudgeArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Who labels: \(Judge.kinds), or the NAME of a model that judges.", valueName: "judge"))
  var judge: String

  @Option(help: ArgumentHelp("The seed of the judge random.", valueName: "number"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The name that the labels of a command or a file bear. (default: the command's first word, or the file's name, "
        + "without folder and endings)", valueName: "name"))
  var judgeName: String?

  @Option(
    help: ArgumentHelp(
      "How long a command may go on without an answer before it is killed. (default: 600)", valueName: "seconds"))
  var judgeTimeout: Double?

  @Option(
    help: ArgumentHelp(
      "How many times in a row, without an answer in between, a command that died or hung is started again. "
        + "(default: 2)", valueName: "number"))
  var judgeRestarts: Int?

  @Flag(help: "End a command's input after each batch of 256 pairs: for one that reads to the end before it answers.")
  var judgeReadsToEnd = false

  @Flag(help: "Write a file of pairs that doesn't show which response is whose.")
  var blind = false

  @Flag(help: "Let an answer of a file that differs from the label in the store become its new version.")
  var replace = false

  func validate() throws {
    let kind = judge.prefix { $0 != ":" }
    let given: [(isGiven: Bool, option: String, kinds: [Substring])] = [
      (seed != nil, "--seed", ["random"]), (judgeName != nil, "--judge-name", ["command", "file"]),
      (judgeTimeout != nil, "--judge-timeout", ["command"]), (judgeRestarts != nil, "--judge-restarts", ["command"]),
      (judgeReadsToEnd, "--judge-reads-to-end", ["command"]), (blind, "--blind", ["file"]),
      (replace, "--replace", ["file"]),
    ]
    for (isGiven, option, kinds) in given where isGiven && !kinds.contains(kind) {
      throw ValidationError("\(option) means nothing to the judge \(judge)")
    }
  }

  /// Whether it is the name of a definition.
  var isModel: Bool { Judge.isModel(judge) }

  /// - Throws: `.usage` for a judge that doesn't exist.
  func parsed() throws(AufdbError) -> Judge {
    var options = JudgeOptions(
      seed: seed ?? 0, name: judgeName, readsToEnd: judgeReadsToEnd, isBlind: blind, replaces: replace)
    if let judgeTimeout { options.timeoutSeconds = judgeTimeout }
    if let judgeRestarts { options.restartLimit = judgeRestarts }
    return try Judge(judge, options)
  }
}

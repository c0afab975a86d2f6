// `aufdb run`: the whole loop, one commit an iteration.

import ArgumentParser
import Aufdb

struct RunCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the active learning loop: estimate, select, annotate, train; one commit an iteration.",
    discussion: """
      Prompts are taken in a seeded order, some an iteration: their responses are estimated (a snapshot), a method picks \
      a pair of each, the judge labels the pairs, and the ensemble is trained on all labels so far. The relation \
      progress has a row for each iteration.

      A run that was killed goes on from its last commit when the same command is given again, and ends with the same \
      commits as if nothing had happened.

      With models, a run needs nothing but prompts: the defined models answer those that it will go through, and the \
      encoder embeds the responses, before the first iteration. A judge that is a defined model is asked in each \
      iteration. All answers are kept as they come.

      The configuration is YAML; each key below may stand in it, and each may be given as --set key=value, which goes \
      before the file. Another method than the file's begins without the file's method-parameters. version: 1 says which \
      keys it knows.

      \(RunKey.all.map { "  \($0.name): \($0.defaultText)  \($0.summary)" }.joined(separator: "\n"))

      Examples:
        aufdb run prefs.aufdb --config loop.yaml
        aufdb run prefs.aufdb --config loop.yaml --method deltaucb --branch deltaucb
        aufdb run prefs.aufdb --judge scores:overall --budget 200 --set outer-batch=32
        aufdb run prefs.aufdb --judge helpful --encoder minilm --set models=ember,flint --max-cost 20
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("The configuration; - for standard input.", valueName: "file"), completion: .file())
  var config: String?

  @Option(help: ArgumentHelp("Sets a key of the configuration; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Sets the key name.", valueName: "name")) var name: String?
  @Option(help: ArgumentHelp("Sets the key method.", valueName: "name")) var method: String?
  @Option(help: ArgumentHelp("Sets the key judge.", valueName: "judge")) var judge: String?
  @Option(help: ArgumentHelp("Sets the key encoder.", valueName: "name")) var encoder: String?
  @Option(help: ArgumentHelp("Sets the key seed.", valueName: "number")) var seed: String?
  @Option(help: ArgumentHelp("Sets the key budget.", valueName: "number")) var budget: String?

  @OptionGroup var threads: ThreadsOption
  @OptionGroup(title: "Asking models") var asking: AskingOptions
  @OptionGroup var options: CommitOptions

  func validate() throws {
    guard !asking.dryRun else { throw ValidationError("a run can't be tried without asking; --max-cost bounds it") }
  }

  private func configuration(in surroundings: Surroundings) throws -> RunConfiguration {
    var configuration = RunConfiguration()
    if let config {
      configuration =
        config == "-"
        ? try RunConfiguration(yaml: surroundings.readStandardInput(), file: "standard input")
        : try RunConfiguration(file: config)
    }
    for (key, value) in [
      ("name", name), ("method", method), ("judge", judge), ("encoder", encoder), ("seed", seed), ("budget", budget),
    ] {
      if let value { try configuration.set(key, value) }
    }
    for argument in set {
      guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
        throw AufdbError(.usage, "--set takes key=value, not '\(argument)'", hint: "for example --set outer-batch=32")
      }
      try configuration.set(String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }
    return configuration
  }

  func run(in surroundings: Surroundings) throws {
    let configuration = try configuration(in: surroundings)
    let store = try store.openForWriting("run", options.waiting)
    let asking = ModelAsking(asking, verb: "run", options.waiting, in: surroundings)
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    // Before the commits: what fails after them would be taken for their failure.
    let branch = try options.branch ?? store.currentBranch()
    var last: Commit?
    let report = try store.run(
      configuration, threadCount: threads.count, context: { try options.context(in: surroundings) },
      models: RunModels { name, job in
        bar.finish()
        guard let (_, report) = try asking.ask(name, job) else { return }
        try ModelAsking.requireAll(report)
      },
      progress: { progress in
        last = progress.commit
        bar.update(progress.fraction, Self.text(progress, bar.timeLeft(progress.fraction)))
      })
    bar.finish()
    for line in RunText.lines(report, last, branch: branch) { surroundings.writeError(line) }
    if case .waiting = report.end { throw ExitCode(1) }
  }

  private static func text(_ progress: RunProgress, _ timeLeft: String?) -> String {
    let accuracy = progress.heldoutAccuracy.map { ", held-out accuracy \(Percent.text($0))" } ?? ""
    let left = timeLeft.map { ", \($0) left" } ?? ""
    return "iteration \(progress.iteration), \(progress.labelCount) labels\(accuracy)\(left)"
  }
}

// What a run does: every setting of `aufdb run`, with its default. RunKey.swift has the names and the meanings.

/// The settings of one run of the loop.
public struct RunConfiguration: Sendable, Equatable {
  /// The newest version of configuration files that this aufdb reads.
  public static let version = 1

  /// What its rows, snapshots and reward head are called; nil: the method's name.
  public var name: String?
  public var method = "drts"
  /// The method's own parameters, as text.
  public var methodParameters: [String: String] = [:]
  /// Who labels, as `annotate --judge` takes it. There is no default.
  public var judge: String?
  /// The name that the judge's labels bear; nil: what follows from the judge.
  public var judgeName: String?
  public var judgeTimeoutSeconds = 600.0
  public var judgeRestartCount = 2
  /// A defined encoder, or one whose embeddings are there; nil: the only one there is.
  public var encoder: String?
  /// Defined models that answer the run's prompts before it begins.
  public var models: [String] = []
  /// How many responses each of them gives to a prompt.
  public var sampleCount = 1
  /// The principles under which they do: a file, or a name of shipped ones; nil: none.
  public var principles: String?
  public var features: [InputFeature] = [.embedding]
  public var seed = 0
  /// Prompts an iteration.
  public var outerBatch = 16
  /// SQL over the columns of the view prompts; nil: all.
  public var condition: String?
  /// Whether responses may lack an embedding; they are no candidates then.
  public var allowsPartial = false
  /// How many prompts are set aside, and a random pair of each labelled, to measure accuracy on.
  public var heldoutCount = 0
  /// Stop before there are more labels than this; nil: no such bound.
  public var budget: Int?
  /// Stop after so many prompts.
  public var promptLimit: Int?
  /// Stop after so many iterations without a better accuracy on held-out labels.
  public var patience: Int?
  public var learner = LearnerSettings()
  /// The reward head is stored every so many iterations, and at the end.
  public var checkpointInterval = 50

  public init() {}

  /// What its rows, snapshots and reward head are called.
  public var runName: String { name ?? method }

  /// Refuses settings that don't go together.
  func check() throws(AufdbError) {
    try Store.checkName(runName, "run")
    guard judge != nil else {
      throw AufdbError(
        .usage, "the run has no judge", hint: "add a line 'judge: scores:NAME' to the configuration, or --judge")
    }
    guard !models.isEmpty || (sampleCount == 1 && principles == nil) else {
      throw AufdbError(.usage, "samples and principles are of models, and the run has none")
    }
    guard patience == nil || heldoutCount > 0 else {
      throw AufdbError(
        .usage, "patience needs held-out labels to see an improvement in", hint: "set heldout to a number of prompts")
    }
    guard learner.headCount >= 2 else {
      throw AufdbError(.usage, "heads must be at least 2: a single one has no uncertainty")
    }
  }

  /// What decides about the content of the run's commits, as JSON: two runs of equal texts do the same, given the same
  /// labels. Of the judge that is the name: a command may be mended, and people may answer in another file.
  func decisive(by judge: Judge) -> String {
    json(RunKey.all.filter(\.decides), and: ["judged-by": .text(judge.name)])
  }

  /// All settings as JSON; those of models only where there are some, so that a run without has the commits that it had
  /// before runs knew of them.
  var recorded: String { json(models.isEmpty ? RunKey.ofEveryRun : RunKey.all) }

  private func json(_ keys: [RunKey], and more: [String: Operation.Value] = [:]) -> String {
    let values = Dictionary(uniqueKeysWithValues: keys.map { ($0.name, $0.value(in: self)) })
    return Operation.object(values.merging(more) { value, _ in value })
  }
}

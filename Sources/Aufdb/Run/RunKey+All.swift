// The keys, in the order in which help shows them.

extension RunKey {
  /// Every key but `version`.
  public static let all: [RunKey] = pool + ofEveryRun

  /// All but those of the models that make the responses.
  static let ofEveryRun: [RunKey] = picking + stopping + model + training

  private static let most = Int.max

  private static let pool: [RunKey] = [
    .names("models", \.models, "defined models that answer the prompts first; []: the responses are there"),
    .integer("samples", \.sampleCount, 1...1_000, decides: false, "how many responses each of them gives to a prompt"),
    .optionalText(
      "principles", \.principles, decides: false, "under which they do: a file, or ultrafeedback; null: none"),
  ]

  private static let picking: [RunKey] = [
    .optionalText("name", \.name, "what the run's rows, snapshots and reward head are called; null: the method's name"),
    .text("method", \.method, "how pairs are picked: `aufdb methods` lists the methods"),
    .map("method-parameters", \.methodParameters, "the method's own parameters, {beta: 1}"),
    .optionalText(
      "judge", \.judge, decides: false,
      "who labels, as for annotate: scores:NAME, random, command:CMD, file:PATH, or a defined judge's NAME"),
    .optionalText("judge-name", \.judgeName, decides: false, "the name that the judge's labels bear"),
    .real(
      "judge-timeout", \.judgeTimeoutSeconds, above: 0, decides: false, "how many seconds a command may take to answer"),
    .integer(
      "judge-restarts", \.judgeRestartCount, 0...1000, decides: false, "how often a command that fails is started again"
    ),
    .optionalText("encoder", \.encoder, "whose embeddings the reward head sees; null: the only encoder's"),
    .features("features", \.features, "what the reward head sees: embedding, log-length"),
    .integer("seed", \.seed, 0...most, "the seed of all random draws"),
    .integer("outer-batch", \.outerBatch, 1...1_000_000, "prompts an iteration"),
    .optionalText("where", \.condition, "which prompts, in SQL on the columns of prompts; null: all"),
    .flag("allow-partial", \.allowsPartial, "pass over responses without an embedding instead of refusing them"),
    .integer(
      "heldout", \.heldoutCount, 0...1_000_000,
      "prompts to set aside first, with a random pair of each labelled, to measure accuracy on"),
  ]

  private static let stopping: [RunKey] = [
    .optionalInteger("budget", \.budget, 1...most, decides: false, "stop at so many labels; null: no bound"),
    .optionalInteger("prompts", \.promptLimit, 1...most, decides: false, "stop after so many prompts; null: all"),
    .optionalInteger(
      "patience", \.patience, 1...most, decides: false,
      "stop after so many iterations without a better accuracy on the held-out labels; null: never"),
  ]

  private static let model: [RunKey] = [
    .integer("heads", \.learner.headCount, LearnerSettings.headCounts, "heads of the ensemble"),
    .integer("hidden", \.learner.hiddenCount, LearnerSettings.hiddenCounts, "width of a hidden layer"),
    .integer(
      "layers", \.learner.layerCount, LearnerSettings.layerCounts, "weight layers before the output; 1 is a linear head"
    ),
    .real("beta", \.learner.beta, above: 0, "bounds are the heads' mean less and plus beta standard deviations"),
    .real(
      "input-mean-square", \.learner.inputMeanSquare, above: 0,
      "what the mean square of an embedding's elements is scaled to"),
  ]

  private static let training: [RunKey] = [
    .real("learning-rate", \.learner.learningRate, above: 0, "AdamW's learning rate at an iteration's first step"),
    .integer("batch", \.learner.batchSize, LearnerSettings.batchSizes, "pairs a step"),
    .integer("steps", \.learner.stepCount, LearnerSettings.stepCounts, "steps an iteration, at most"),
    .flag("repeat", \.learner.repeats, "go over few labels again until all steps are done"),
    .optionalInteger(
      "replay", \.learner.replayCount, LearnerSettings.replayCounts,
      "how many labels are trained on, the newest ones; null: all"),
    .real("centre", \.learner.centre, above: 0, allowsLeast: true, "weight that keeps rewards near 0"),
    .real(
      "regularisation", \.learner.regularisation, above: 0, allowsLeast: true,
      "pull towards the initial weights at the beginning"),
    .word(
      "regularisation-decay", \.learner.regularisationDecay,
      "how the pull fades with the share of prompts done: exponential, regularisation * base^(scaler * share), or linear"
    ),
    .real("regularisation-base", \.learner.regularisationBase, above: 0, "base of the exponential decay"),
    .real(
      "regularisation-scaler", \.learner.regularisationScaler, above: 0, allowsLeast: true,
      "scaler of the exponential decay"),
    .integer(
      "checkpoint-every", \.checkpointInterval, 1...1_000_000, decides: false,
      "store the reward head every so many iterations, and at the end"),
  ]
}

// The active learner's settings, by the names that a run's configuration gives them.

import ArgumentParser
import Aufdb

/// How the learner that picks is made and trained; it is never the model that is measured.
struct EvaluationLearnerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Heads of the ensemble.", valueName: "number")) var heads = defaults.headCount
  @Option(help: ArgumentHelp("Width of a hidden layer.", valueName: "number")) var hidden = defaults.hiddenCount
  @Option(help: ArgumentHelp("Hidden layers.", valueName: "number")) var layers = defaults.layerCount
  @Option(
    help: ArgumentHelp("Bounds are the heads' mean less and plus so many standard deviations.", valueName: "number"))
  var headBeta = defaults.beta
  @Option(
    help: ArgumentHelp("What the mean square of an embedding's elements is scaled to.", valueName: "number"))
  var inputMeanSquare = defaults.inputMeanSquare
  @Option(help: ArgumentHelp("AdamW's learning rate at an iteration's first step.", valueName: "number"))
  var learningRate = defaults.learningRate
  @Option(help: ArgumentHelp("Pairs a step.", valueName: "number")) var batch = defaults.batchSize
  @Option(help: ArgumentHelp("Steps an iteration, at most.", valueName: "number")) var steps = defaults.stepCount
  @Flag(help: "Go over each label once an iteration, instead of again until all steps are done.")
  var noRepeat = false
  @Option(
    help: ArgumentHelp("How many labels are trained on, the newest ones. (default: all)", valueName: "number"))
  var replay: Int?
  @Option(help: ArgumentHelp("Weight that keeps rewards near 0.", valueName: "number")) var centre = defaults.centre
  @Option(help: ArgumentHelp("Pull towards the initial weights at the beginning.", valueName: "number"))
  var regularisation = defaults.regularisation
  @Option(
    help: ArgumentHelp(
      "How the pull fades with the share s of prompts done: exponential, regularisation * base^(scaler * s), or linear.",
      valueName: "word"))
  var regularisationDecay = defaults.regularisationDecay
  @Option(help: ArgumentHelp("Base of the exponential decay.", valueName: "number"))
  var regularisationBase = defaults.regularisationBase
  @Option(help: ArgumentHelp("Scaler of the exponential decay.", valueName: "number"))
  var regularisationScaler = defaults.regularisationScaler

  private static let defaults = LearnerSettings()

  var settings: LearnerSettings {
    var settings = LearnerSettings()
    settings.headCount = heads
    settings.hiddenCount = hidden
    settings.layerCount = layers
    settings.beta = headBeta
    settings.inputMeanSquare = inputMeanSquare
    settings.learningRate = learningRate
    settings.batchSize = batch
    settings.stepCount = steps
    settings.repeats = !noRepeat
    settings.replayCount = replay
    settings.centre = centre
    settings.regularisation = regularisation
    settings.regularisationDecay = regularisationDecay
    settings.regularisationBase = regularisationBase
    settings.regularisationScaler = regularisationScaler
    return settings
  }
}

extension LearnerSettings.Decay: ExpressibleByArgument {}

// `aufdb train`: a reward head from the labels at a branch's tip.

import ArgumentParser
import Aufdb

struct TrainCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a reward head on the labels of a branch.",
    discussion: """
      Kinds of heads:
        ensemble         many small networks from different beginnings, whose disagreement is the uncertainty
        linear           one linear map on the embedding, with a Gaussian posterior
        pairwise-prior   a linear map on features in which unlabelled candidates vary, from preferences
        pointwise-prior  the same from the scores that labels carry: the strongest with few labels

      Ties are left out. Without labels the head is untrained: its estimates tell nothing but how unsure it is. The \
      same labels, options and seed give the same head, whatever the number of threads.

      Examples:
        aufdb train prefs.aufdb --head base
        aufdb train prefs.aufdb --head prior --kind pointwise-prior --score-range 0,10
        aufdb train prefs.aufdb --head base --continue --epochs 5
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("The head's name; what stands under it is replaced.", valueName: "name"))
  var head: String

  @Option(help: "What kind of head.")
  var kind: HeadKind = .ensemble

  @Option(help: ArgumentHelp("Whose embeddings it sees. (default: the only encoder's)", valueName: "name"))
  var encoder: String?

  @Option(help: ArgumentHelp("What it sees of a response: embedding, or embedding,log-length.", valueName: "list"))
  var features: String = InputFeature.embedding.rawValue

  @Option(help: ArgumentHelp("Whose labels. (default: the only judge's)", valueName: "name"))
  var judge: String?

  @Option(help: ArgumentHelp("The seed of initial weights and of the order of labels.", valueName: "number"))
  var seed: UInt64 = 0

  @Flag(name: .customLong("continue"), help: "Train the ensemble of that name further, instead of a new one.")
  var continues = false

  @OptionGroup(title: "Ensembles") var ensemble: EnsembleOptions

  @Option(
    help: ArgumentHelp("Heads that are no ensemble: the precision of the prior on weights.", valueName: "number"))
  var ridge: Double = 3

  @Option(
    help: ArgumentHelp("pointwise-prior: the least and the greatest score that the judge gives.", valueName: "low,high")
  )
  var scoreRange: String = "0,1"

  @Flag(help: "Leave out labels of responses without an embedding.")
  var allowPartial = false

  @OptionGroup var threads: ThreadsOption
  @OptionGroup var options: CommitOptions

  func validate() throws {
    if kind != .ensemble, let name = ensemble.firstGiven {
      throw ValidationError("--\(name) means nothing to a \(kind.rawValue) head")
    }
  }

  private func training() throws -> TrainOptions {
    let range = scoreRange.split(separator: ",").compactMap { Double($0) }
    guard range.count == 2, range[0] < range[1] else {
      throw AufdbError(.usage, "--score-range takes two numbers, the smaller one first, not '\(scoreRange)'")
    }
    return TrainOptions(
      head: head, kind: kind, encoder: encoder, features: try InputFeature.list(features), judge: judge, seed: seed,
      learner: ensemble.settings, epochCount: ensemble.epochCount, ridge: ridge, continues: continues,
      allowsPartial: allowPartial, scoreRange: range[0]...range[1])
  }

  func run(in surroundings: Surroundings) throws {
    let training = try training()
    let store = try store.openForWriting("train", options.waiting)
    // Before the commit: what fails after it would be taken for its failure.
    let branch = try options.branch ?? store.currentBranch()
    let (commit, report) = try store.train(
      training, threadCount: threads.count, context: options.context(in: surroundings))
    surroundings.writeError(
      CommitLine.text(
        commit, branch: branch, nothing: "the head \(head) is there already, just so"))
    surroundings.writeError(CommitLine.note(report.tieCount, "ties teach nothing, and were left out"))
    surroundings.writeError(CommitLine.note(report.missingCount, "labels lack an embedding of a response"))
    if let accuracy = report.accuracy {
      surroundings.writeError("  it ranks \(Percent.text(accuracy)) of these labels as the judge did\n")
    } else {
      surroundings.writeError(
        "  there are no labels yet: the head is untrained, and knows nothing but how unsure it is\n")
    }
  }
}

/// How an ensemble is made and trained.
struct EnsembleOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many heads. (default: 20)", valueName: "number")) var heads: Int?
  @Option(help: ArgumentHelp("Width of a hidden layer. (default: 64)", valueName: "number")) var hidden: Int?
  @Option(
    help: ArgumentHelp("Hidden layers; 1 makes the heads linear. (default: 2)", valueName: "number")) var layers: Int?
  @Option(
    help: ArgumentHelp("How many times to go over the labels. (default: 30)", valueName: "number")) var epochs: Int?
  @Option(help: ArgumentHelp("Pairs a step. (default: 32)", valueName: "number")) var batch: Int?
  @Option(help: ArgumentHelp("AdamW's first learning rate. (default: 0.003)", valueName: "number"))
  var learningRate: Double?
  @Option(
    help: ArgumentHelp(
      "Bounds are the mean less and plus so many standard deviations. (default: 1)", valueName: "number")
  ) var beta: Double?

  var epochCount: Int { epochs ?? 30 }

  var settings: LearnerSettings {
    var settings = LearnerSettings()
    settings.headCount = heads ?? settings.headCount
    settings.hiddenCount = hidden ?? settings.hiddenCount
    settings.layerCount = layers ?? settings.layerCount
    settings.batchSize = batch ?? settings.batchSize
    settings.learningRate = learningRate ?? settings.learningRate
    settings.beta = beta ?? settings.beta
    return settings
  }

  /// The first option that was given and that only ensembles know.
  var firstGiven: String? {
    let given: [(String, Bool)] = [
      ("heads", heads != nil), ("hidden", hidden != nil), ("layers", layers != nil), ("epochs", epochs != nil),
      ("batch", batch != nil), ("learning-rate", learningRate != nil),
    ]
    return given.first { $0.1 }?.0
  }
}

extension HeadKind: ExpressibleByArgument {}

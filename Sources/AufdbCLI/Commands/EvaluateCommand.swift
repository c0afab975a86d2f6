// `aufdb evaluate`: selection methods compared fairly, on data that is judged already.

import ArgumentParser
import Aufdb
import AufdbAcquisition

struct EvaluateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare selection methods by the reward models that their labels train.",
    discussion: """
      Needs prompts whose responses all have a score and an embedding. Each method's loop is replayed in memory with \
      the scores as the judge; fresh reward models are trained on what it collects, and measured on prompts that no \
      method selects from. Random pairs always take part, and so do plain baselines: far, all pairs among four random \
      responses, range (greedy pairs of a model with a prior), the first principal component, and length alone. The \
      store is only read, and the same seed gives the same report.

        (a)  of test pairs with a gap of score, the share that the model orders as the judge does
        (a') the same among pairs of about the same length
        (b)  the mean score of each test prompt's response with the highest reward
        (c)  the mean gap of score of the collected pairs
        (d)  the mean score of their chosen responses

      Examples:
        aufdb evaluate prefs.aufdb --html report.html
        aufdb evaluate prefs.aufdb --methods drts,deltaucb --holdout 0.2 --seeds 40 --format json
        aufdb evaluate prefs.aufdb --methods bald,dopt --test-where 'length(prompt) < 200' --judge overall
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("The methods to compare, with commas between them.", valueName: "names"))
  var methods = EvaluateOptions.defaultMethods.joined(separator: ",")

  @Option(help: ArgumentHelp("The share of prompts that are kept for testing. (default: 0.3)", valueName: "share"))
  var holdout: Double?

  @Option(
    help: ArgumentHelp(
      "Keep the prompts for testing of which this is true, in SQL on the columns of prompts.", valueName: "sql"))
  var testWhere: String?

  @Option(help: ArgumentHelp("How many times each method is replayed.", valueName: "number"))
  var seeds = 20

  @Option(help: ArgumentHelp("The first seed.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The judge whose scores to use. (default: the only one)", valueName: "name"))
  var judge: String?

  @Option(help: ArgumentHelp("The encoder whose embeddings to use. (default: the only one)", valueName: "name"))
  var encoder: String?

  @OptionGroup var revision: RevisionOption

  @Option(help: ArgumentHelp("Write the report as a page as well, to this file.", valueName: "file"))
  var html: String?

  @Flag(help: "Replace the file of --html.")
  var force = false

  @OptionGroup var format: FormatOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup(title: "The protocol") var protocolOptions: EvaluationProtocolOptions
  @OptionGroup(title: "The active learner") var learner: EvaluationLearnerOptions
  @OptionGroup(title: "The methods' own parameters") var methodOptions: MethodOptions

  func validate() throws {
    if holdout != nil, testWhere != nil { throw ValidationError("--holdout and --test-where can't be given together") }
    if force, html == nil { throw ValidationError("--force goes with --html") }
  }

  private var options: EvaluateOptions {
    get throws {
      var options = EvaluateOptions()
      options.methods = methods.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      options.parameters = methodOptions.texts
      options.judge = judge
      options.encoder = encoder
      options.revision = try revision.revision()
      options.test = testWhere.map { .condition($0) } ?? .holdout(holdout ?? 0.3)
      options.seedCount = seeds
      options.seed = seed
      options.threadCount = threads.count
      options.learner = learner.settings
      protocolOptions.apply(to: &options)
      return options
    }
  }

  func run(in surroundings: Surroundings) throws {
    let store = try store.openForReading()
    // Made first, so that no work is lost to a folder that isn't there.
    var page = try html.map { try PageFile(at: $0, force: force) }
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let report = try store.evaluate(options) { done, total in
      bar.update(Double(done) / Double(total), "\(done) of \(total) replays")
    }
    bar.finish()
    switch format.format {
    case .table: try surroundings.output.write(EvaluationText.text(of: report))
    case .json: try surroundings.output.write(report.json)
    case .vertical, .csv, .tsv, .jsonl, .markdown:
      try format.format.write(EvaluationRows.columns, EvaluationRows.rows(of: report), in: surroundings)
    }
    try page?.publish(report.page)
    if let html { surroundings.writeError("\(VisibleText.of(html)): the report as a page\n") }
  }
}

// What a verb wants of a model, from the question to the rows: what generate, embed, annotate and batch share.

import ArgumentParser
import Aufdb
import AufdbModels

/// Work for one model.
enum ModelWork {
  case generation(ModelDefinition, GenerateOptions)
  case embedding(EncoderDefinition, AskScope)
  case rating(JudgeDefinition, AskScope)
  /// Labels of the selected pairs.
  case judging(JudgeDefinition, retriesFailures: Bool)

  /// What a judge does: ratings of all responses in scope, or labels of the selected pairs.
  static func judging(_ judge: JudgeDefinition, allResponses: Bool, _ scope: AskScope) -> ModelWork {
    allResponses ? .rating(judge, scope) : .judging(judge, retriesFailures: scope.retriesFailures)
  }

  /// Who does it: "ember@2".
  var name: String {
    switch self {
    case .generation(let model, _): model.reference
    case .embedding(let encoder, _): encoder.reference
    case .rating(let judge, _), .judging(let judge, _): judge.reference
    }
  }

  /// What is to be asked.
  func job(_ store: Store, _ argument: StoreArgument, verb: String, branch: String?) throws -> ModelJob {
    let writing = argument.writer(verb)
    switch self {
    case .generation(let model, let options):
      return try store.generating(by: model, options, branch: branch, writing: writing)
    case .embedding(let encoder, let scope):
      return try store.embedding(by: encoder, scope, branch: branch, writing: writing)
    case .rating(let judge, let scope):
      return try store.rating(by: judge, scope, branch: branch, writing: writing)
    case .judging(let judge, let retries):
      return try store.judging(by: judge, retriesFailures: retries, branch: branch, writing: writing)
    }
  }

  /// Asks the server, and makes rows of all answers that there are; or, for a dry run, tells what would be asked.
  ///
  /// - Throws: at the end, what kept the server from answering all of it.
  func run(
    _ argument: StoreArgument, verb: String, _ asking: ModelAsking, _ options: CommitOptions,
    in surroundings: Surroundings
  ) throws {
    let store = try argument.openForReading()
    let asked = try asking.ask(name) {
      try job(store, argument, verb: verb, branch: options.branch)
    }
    guard let (job, report) = asked else { return }
    try settle(job, argument, verb: verb, options, in: surroundings)
    try ModelAsking.finish(report)
  }

  /// Makes rows of all answers that there are, with one commit, and tells of it.
  func settle(
    _ job: ModelJob, _ argument: StoreArgument, verb: String, _ options: CommitOptions,
    in surroundings: Surroundings
  ) throws {
    if case .judging(let judge, _) = self {
      return try Self.label(by: .model(judge), argument, options, in: surroundings)
    }
    // Before the commit: what fails after it would be taken for its failure.
    let branch = try options.branch ?? argument.openForReading().currentBranch()
    let (commit, counts) = try job.settle(options.context(in: surroundings))
    let nothing = counts.missingCount + counts.failedCount > 0 ? "there are no answers" : nothingMissing
    surroundings.writeError(CommitLine.text(commit, branch: branch, nothing: nothing))
    for line in SettledNotes.lines(counts) { surroundings.writeError(line) }
  }

  /// Why there is nothing to do. A model's responses bear its name, so that those of an earlier version are there, too.
  private var nothingMissing: String {
    if case .generation(let model, _) = self { return "each prompt has its responses of \(VisibleText.of(model.name))" }
    return "\(VisibleText.of(name)) has been asked about everything"
  }

  /// Labels the pending selections with one commit, and tells of it.
  static func label(
    by judge: Judge, _ argument: StoreArgument, _ options: CommitOptions, in surroundings: Surroundings
  ) throws {
    let store = try argument.openForWriting("annotate", options.waiting)
    let branch = try options.branch ?? store.currentBranch()
    let (commit, report) = try store.annotate(judge, context: options.context(in: surroundings))
    surroundings.writeError(
      CommitLine.text(
        commit, branch: branch, nothing: AnnotateNotes.nothing(report, judge)))
    for line in AnnotateNotes.lines(report, judge, isNothing: commit == nil) { surroundings.writeError(line) }
    if let failure = report.failure { throw failure }
  }
}

// Asking what a job wants to know, while a person watches: progress, Ctrl-C, and what came of it.
//
// The first Ctrl-C lets what is under way come in, because it is paid for; the second drops it. Either way all answers
// that came are kept, and become rows: the next run asks for the rest.

import ArgumentParser
import Aufdb
import AufdbModels

/// One verb that asks, once or several times within the same bounds.
final class ModelAsking {
  private let options: AskingOptions
  private let verb: String
  private let waiting: WaitOption
  private let surroundings: Surroundings
  private var spent = AskingSpent()
  private let start: Int64

  /// - Parameter waiting: how long to wait while another process asks the same model about the same store.
  init(_ options: AskingOptions, verb: String, _ waiting: WaitOption, in surroundings: Surroundings) {
    (self.options, self.verb, self.waiting) = (options, verb, waiting)
    self.surroundings = surroundings
    start = surroundings.now()
  }

  /// Asks; or, for a dry run, writes what would be asked.
  ///
  /// - Parameters:
  ///   - name: who is asked, such as "ember@2".
  ///   - job: makes the job.
  /// - Returns: the job and what came of it; nil for a dry run.
  /// - Throws: what a definition, a key or the store is to blame for. What a server does is in the report.
  func ask(_ name: String, _ job: () throws -> ModelJob) throws -> (job: ModelJob, report: AskReport)? {
    if options.dryRun {
      try write(job().estimate(), of: name)
      return nil
    }
    let isWatched = surroundings.isErrorTerminal
    let job = try job()
    try job.claim(waitSeconds: waiting.seconds, command: "aufdb \(verb)")
    let missingCount = isWatched ? try job.missingCount() : 0
    let bar = ProgressBar(in: surroundings)
    Interruption.watch()
    defer { Interruption.unwatch() }
    spent.seconds = Double(surroundings.now() - start) / 1000
    let report = try options.asker(of: job.access, after: spent, in: surroundings).ask(
      next: job.next, split: \.parts, read: ModelQuestions.answers, keep: job.keep,
      progress: { progress in
        let done = Double(progress.report.answeredCount + progress.report.failedCount)
        let total = missingCount - job.keptBeforeCount
        let fraction = total <= 0 ? nil : min(1, done / Double(total))
        let left = fraction.flatMap(bar.timeLeft).map { ", \($0) left" } ?? ""
        bar.update(fraction, AskingText.progress(progress) + left)
      },
      wish: { Self.wish(after: Interruption.count) })
    bar.finish()
    spent.cost += report.cost ?? 0
    spent.requestCount += report.requestCount
    try job.finishKeeping()
    for line in AskingText.lines(report, name, keptBeforeCount: job.keptBeforeCount) {
      surroundings.writeError(line)
    }
    return (job, report)
  }

  private static func wish(after interruptions: Int) -> AskWish {
    switch interruptions {
    case 0: .goOn
    case 1: .finish
    default: .abandon
    }
  }

  /// Ends a verb as its asking ended: with an error where not all was answered that could be.
  ///
  /// - Throws: the server's refusal; the exit code of an interruption, or of questions that were given up.
  static func finish(_ report: AskReport) throws {
    switch report.end {
    case .refused(let error): throw error
    case .interrupted: throw ExitCode(130)
    case .done, .cost, .requests, .time:
      if report.failedCounts[.gaveUp, default: 0] > 0 { throw ExitCode(1) }
    }
  }

  /// Goes on only where everything was answered that can be.
  static func requireAll(_ report: AskReport) throws {
    try finish(report)
    if report.end != .done { throw ExitCode(1) }
  }

  private func write(_ estimate: JobEstimate, of name: String) throws {
    let rows: [[SQLValue]] = [
      [
        .text(name), .integer(Int64(estimate.requestCount)), .integer(Int64(estimate.questionCount)),
        .integer(Int64(estimate.keptBeforeCount)), .integer(Int64(estimate.inputTokens)),
        .integer(Int64(estimate.outputTokens)), estimate.cost.map { .real($0) } ?? .null,
      ]
    ]
    try OutputFormat.vertical.write(
      ["model", "requests", "questions", "answered_before", "input_tokens", "output_tokens", "cost"], rows,
      in: surroundings)
  }
}

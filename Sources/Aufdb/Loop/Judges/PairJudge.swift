// Judges at work. A judge is asked about pairs, in batches that the caller bounds, and gives a verdict on each, or none
// yet. It reads scores and texts from the store by itself; of selections and labels it knows nothing, so that `annotate`
// and the loop ask in the same way:
//
//   let judge = try judge.open(in: connection)
//   for each batch { let verdicts = try judge.verdicts(on: batch) ... }
//   try judge.finish(&report)
//
// No verdict may be kept before `finish` has come back: a judge that contradicts itself may show it only there.

/// Two responses to a prompt that a judge is to compare.
struct PendingPair: Equatable {
  var promptID: String
  var first: ResponseKey
  var second: ResponseKey

  /// Whether the other pair is of the same responses, in either order.
  func isSamePair(as other: PendingPair) -> Bool {
    promptID == other.promptID
      && (first == other.first && second == other.second || first == other.second && second == other.first)
  }

  /// The pair in words, for a message.
  var name: String { "\(first.name) and \(second.name) for '\(promptID)'" }
}

/// Which of two responses is better.
public enum PairChoice: String, Sendable {
  case first
  case second
  case tie
}

/// What a judge says of a pair.
struct Verdict: Equatable {
  var choice: PairChoice
  /// The judge's scores of the two, where it gives any.
  var firstScore: Double?
  var secondScore: Double?
  /// Who said so, where it isn't the judge of the name that was asked.
  var annotator: String?
  /// Where in the judge's file it stands.
  var line: Int?
  /// What is behind it, as JSON: the column `details` of labels.
  var details: String?
}

/// Gives verdicts on pairs. It is made by `Judge.open` and used by one thread.
protocol PairJudge: AnyObject {
  /// The name that its labels bear.
  var name: String { get }

  /// Its verdicts in the order of the pairs; nil where it has none: no score, no answer yet.
  ///
  /// - Throws: `JudgeFailure` with what it said before it failed; an `AufdbError` where nothing that it ever said is to
  ///   be kept.
  func verdicts(on pairs: [PendingPair]) throws -> [Verdict?]

  /// Ends the judging after the last batch, and adds what only the judge knows to the report.
  ///
  /// - Throws: an `AufdbError` where nothing that it ever said is to be kept.
  func finish(_ report: inout AnnotateReport) throws
}

extension PairJudge {
  func finish(_ report: inout AnnotateReport) throws {}
}

/// A judge went away, or didn't answer in time. What it had said is good.
struct JudgeFailure: Error {
  /// Its verdicts on the pairs of the batch, nil for those that it never came to.
  var verdicts: [Verdict?]
  /// Why it can't go on.
  var cause: AufdbError
}

extension Judge {
  /// Gets a judge ready.
  ///
  /// - Parameters:
  ///   - connection: shows what the judge may see; it must outlive the judge.
  ///   - prefix: of the views to read.
  /// - Throws: `.refused` for scores of a judge who has none; what a bad file of answers gives.
  func open(in connection: Connection, prefix: String = "") throws -> any PairJudge {
    switch self {
    case .scores(let name): try ScoresJudge(name, in: connection, prefix: prefix)
    case .random(let seed): RandomJudge(seed: seed)
    case .command(let command): try CommandJudge(command, in: connection, prefix: prefix)
    case .file(let file): try FileJudge(file, in: connection, prefix: prefix)
    case .model(let definition): try AnswersJudge(definition, in: connection)
    }
  }
}

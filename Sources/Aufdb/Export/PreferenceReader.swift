// Reads the labels of one judge, each with the texts that it speaks of, in the order of their birth: commit by commit in
// an order that history alone decides, and within a commit as it bore them, which its id covers. So the order is the
// same in every store that holds the commit; and it is mostly the order of the file, where reading by prompt would go
// back and forth in it (measured on 60,000 pairs: twice the CPU time).
//
// The texts come by three point lookups a label through the relations' indexes. One join would do the same lookups, but
// leaves it to SQLite's planner to do them, and its sorter would carry the texts. Measured on 60,000 pairs, the lookups
// are a tenth of the time that compression takes.
//
// Nothing is copied: a pair's bytes lie where SQLite has them, until the next step.

import Glibc

/// Goes through the labels of one judge at the revision that the connection shows.
final class PreferenceReader {
  /// What became of a label.
  enum Step {
    case pair(PreferencePair)
    case omitted(OmissionReason)
  }

  static let labelsSQL = """
    SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, tie, chosen_score, rejected_score
    FROM labels WHERE judge = ?1 AND id BETWEEN ?2 AND ?3 ORDER BY id
    """
  static let promptSQL = "SELECT prompt, format, source FROM prompts WHERE prompt_id = ?1"
  static let responseSQL = "SELECT response FROM responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3"

  private let labels: SQLStatement
  private let prompt: SQLStatement
  private let chosen: SQLStatement
  private let rejected: SQLStatement
  private let keepsTies: Bool
  // Runs of label ids that are still to be read, the next one last.
  private var runs: [ClosedRange<Int64>]

  /// - Parameter connection: shows the revision of `commit`, with the rows' ids.
  init(judge: String, keepTies: Bool, at commit: Commit, in connection: Connection) throws {
    runs = try connection.runs(.labels, upTo: commit.sequence).reversed()
    labels = try connection.statement(Self.labelsSQL)
    labels.bind(1, .text(judge))
    labels.bind(2, Int64(1))
    labels.bind(3, Int64(0))
    prompt = try connection.statement(Self.promptSQL)
    chosen = try connection.statement(Self.responseSQL)
    rejected = try connection.statement(Self.responseSQL)
    keepsTies = keepTies
  }

  /// Goes to the next label; nil after the last.
  ///
  /// - Complexity: O(log n) in the number of responses.
  func next() throws(AufdbError) -> Step? {
    // What is bound to them lies in the label's row, which the step lets go of.
    for lookup in [prompt, chosen, rejected] { lookup.reset() }
    while try !labels.step() {
      guard let run = runs.popLast() else { return nil }
      labels.reset()
      labels.bind(2, run.lowerBound)
      labels.bind(3, run.upperBound)
    }
    guard keepsTies || labels.integer(5) == 0 else { return .omitted(.tie) }
    let promptID = labels.bytes(0)
    prompt.bind(1, unownedText: promptID)
    guard try prompt.step() else { return .omitted(.missingPrompt) }
    guard try find(chosen, promptID, model: 1, sample: 2), try find(rejected, promptID, model: 3, sample: 4) else {
      return .omitted(.missingResponse)
    }
    var pair = PreferencePair(
      promptID: promptID, source: prompt.isNull(2) ? nil : prompt.bytes(2), prompt: prompt.bytes(0), promptForm: .text,
      chosenModel: labels.bytes(1), rejectedModel: labels.bytes(3), chosen: chosen.bytes(0),
      rejected: rejected.bytes(0), chosenScore: labels.optionalReal(6), rejectedScore: labels.optionalReal(7))
    guard !pair.chosen.isEmpty, !pair.rejected.isEmpty else { return .omitted(.emptyResponse) }
    guard !Self.areEqual(pair.chosen, pair.rejected) else { return .omitted(.identicalResponses) }
    let format = prompt.bytes(1)
    if format.elementsEqual("messages".utf8) {
      pair.promptForm = .messages
    } else if !format.elementsEqual("text".utf8) {
      throw pair.damage("has the unknown format '\(String(decoding: format, as: UTF8.self))'")
    }
    return .pair(pair)
  }

  private func find(
    _ response: SQLStatement, _ promptID: UnsafeRawBufferPointer, model: Int32, sample: Int32
  ) throws(AufdbError) -> Bool {
    response.bind(1, unownedText: promptID)
    response.bind(2, unownedText: labels.bytes(model))
    response.bind(3, labels.integer(sample))
    return try response.step()
  }

  private static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    guard one.count == other.count, let a = one.baseAddress, let b = other.baseAddress else { return false }
    return memcmp(a, b, one.count) == 0
  }
}

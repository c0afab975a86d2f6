// Looks for evaluation prompts in the prompts of an export.

/// How an export was kept apart from one file of evaluation prompts.
public struct ContaminationReport: Sendable, Equatable {
  /// As it was named.
  public var file: String
  /// The SHA-256 of the file: 64 hexadecimal digits, lower case.
  public var sha256: String
  public var promptCount: Int
  /// How many pairs it made the export leave out: each is counted for the first file that its prompt touches.
  public var omittedCount: Int
}

struct ContaminationCheck: ~Copyable {
  private let evaluations: [EvaluationPrompts]
  private var omittedCounts: [Int]
  private var messages = PromptMessages()
  private var words = WordGrams()

  init(_ evaluations: [EvaluationPrompts]) {
    self.evaluations = evaluations
    omittedCounts = Array(repeating: 0, count: evaluations.count)
  }

  var reports: [ContaminationReport] {
    zip(evaluations, omittedCounts).map { evaluation, omittedCount in
      ContaminationReport(
        file: evaluation.file, sha256: evaluation.sha256, promptCount: evaluation.promptCount,
        omittedCount: omittedCount)
    }
  }

  /// Whether the pair's prompt is contaminated, which is counted then.
  ///
  /// - Complexity: O(words of the prompt * files).
  mutating func finds(_ pair: PreferencePair) throws(AufdbError) -> Bool {
    guard !evaluations.isEmpty else { return false }
    var found: Int?
    do throws(JSONError) {
      try messages.forEach(of: pair.prompt, isMessages: pair.promptForm == .messages) { isSystem, content in
        guard !isSystem else { return }
        words.set(content)
        let first = evaluations[..<(found ?? evaluations.count)].firstIndex { $0.touches(words) }
        found = first ?? found
      }
    } catch {
      throw pair.damage("is not a list of messages: \(error)")
    }
    guard let found else { return false }
    omittedCounts[found] += 1
    return true
  }
}

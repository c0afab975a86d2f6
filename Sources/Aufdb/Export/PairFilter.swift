// Which pairs become rows, as far as their texts decide; and which split they belong to.

/// Looks at one pair after the other.
struct PairFilter: ~Copyable {
  private let options: ExportOptions
  private let splits: SplitAssignment
  private var duplicates = PromptDuplicates()
  private var contamination: ContaminationCheck
  private var messages = PromptMessages()
  private var folded = FoldedText()

  init(_ options: ExportOptions, _ evaluations: [EvaluationPrompts]) {
    self.options = options
    splits = SplitAssignment(options.splits, seed: options.splitSeed)
    contamination = ContaminationCheck(evaluations)
  }

  var contaminations: [ContaminationReport] { contamination.reports }

  /// Why the pair is left out; nil where it becomes a row.
  ///
  /// - Throws: `.badData` for a damaged prompt.
  mutating func omission(of pair: PreferencePair) throws(AufdbError) -> OmissionReason? {
    if let most = options.maxCharacters, try characterCount(of: pair) > most { return .tooLong }
    if options.dedupes {
      try fold(pair)
      guard duplicates.isFirst(pair.promptID, textHash: folded.hash) else { return .duplicatePrompt }
    }
    return try contamination.finds(pair) ? .contaminated : nil
  }

  /// Which split the pair belongs to, counted from 0.
  mutating func split(of pair: PreferencePair) throws(AufdbError) -> Int {
    guard options.splits.count > 1 else { return 0 }
    try fold(pair)
    return splits.index(of: folded)
  }

  /// The Unicode scalars of the prompt's messages and of the longer response.
  private mutating func characterCount(of pair: PreferencePair) throws(AufdbError) -> Int {
    var count = max(pair.chosen.scalarCount, pair.rejected.scalarCount)
    var (isFirst, hasSystem) = (true, false)
    do throws(JSONError) {
      try messages.forEach(of: pair.prompt, isMessages: pair.promptForm == .messages) { isSystem, content in
        count += content.scalarCount
        if isFirst { hasSystem = isSystem }
        isFirst = false
      }
    } catch {
      throw pair.damage("is not a list of messages: \(error)")
    }
    return hasSystem ? count : count + (options.system?.unicodeScalars.count ?? 0)
  }

  private mutating func fold(_ pair: PreferencePair) throws(AufdbError) {
    do throws(JSONError) {
      try folded.set(prompt: pair.prompt, isMessages: pair.promptForm == .messages)
    } catch {
      throw pair.damage("is not a list of messages: \(error)")
    }
  }
}

// The card's account of what is in an export and what isn't: splits, omissions, filters, agreement, statistics.

extension ExportReport {
  /// All sections that have something to tell, each with a blank line before it.
  func sections(_ options: ExportOptions) -> String {
    [splitTable, omissionTable(options), agreementSection(options), lengthSection, modelTable, gapTable]
      .compactMap(\.self).map { "\n" + $0 }.joined()
  }

  private var splitTable: String? {
    guard splits.count > 1 else { return nil }
    let rows = splits.map { split in
      "| \(split.name) | \(Self.percent(split.share)) of prompts | \(split.rowCount) |"
        + (split.rowCount == 0 ? " no file: it has no rows |" : " |")
    }
    return """
      ## Splits

      By the prompt's text, so that no prompt is in two of them.

      | split | share asked for | rows | |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private func omissionTable(_ options: ExportOptions) -> String? {
    let rows = OmissionReason.allCases.compactMap { reason -> String? in
      guard let count = omitted[reason], count > 0 else { return nil }
      return
        "| \(count) | \(reason.concernsLabels || options.aggregation == nil ? "labels" : "pairs") | \(reason.words) |"
    }
    let filters = filterLines(options)
    guard !rows.isEmpty || !filters.isEmpty else { return nil }
    var text =
      "## What was left out\n\nOf \(labelCount) labels in the store. Each is counted at the first reason that applies.\n"
    if joinedCount > 0 { text += "\(joinedCount) labels joined another judge's label on the same pair.\n" }
    if !rows.isEmpty { text += "\n| | | |\n|---|---|---|\n\(rows.joined(separator: "\n"))\n" }
    if !filters.isEmpty { text += "\n\(filters.map { "- \($0)\n" }.joined())" }
    return text
  }

  /// The filters, as they were given.
  private func filterLines(_ options: ExportOptions) -> [String] {
    var lines: [String] = []
    if !options.methods.isEmpty {
      lines.append("only labels that these methods asked for: \(Self.codes(options.methods))")
    }
    if let condition = options.condition { lines.append("only labels where \(Self.code(condition))") }
    if options.keepTies { lines.append("ties are kept, and which response they call chosen means nothing") }
    if let minMargin = options.minMargin { lines.append("only pairs whose scores differ by \(minMargin) or more") }
    if let most = options.maxCharacters {
      lines.append("only pairs whose prompt and longer response have \(most) characters or fewer; none was cut")
    }
    if options.dedupes { lines.append("of prompts with the same text, only the first one's pairs") }
    for report in contaminations {
      lines.append(
        "no prompt with \(options.gramLength) words in a row of the \(report.promptCount) evaluation prompts in "
          + "\(Self.code(report.file)): \(report.omittedCount) left out")
    }
    return lines
  }

  private func agreementSection(_ options: ExportOptions) -> String? {
    guard let aggregation = options.aggregation else { return nil }
    let rule =
      switch aggregation {
      case .majority: "what most judges say; as many for one as for the other is a tie"
      case .meanScore: "the response with the higher mean score"
      case .unanimous: "what all judges say; where they differ, the pair is left out"
      case .latest: "what the latest label says"
      }
    var text =
      "## Judges\n\nSeveral labels on one pair count as one: \(rule). Scores are means over the judges that gave both.\n"
    guard let agreement, !agreement.judges.isEmpty else { return text }
    text += """

      Krippendorff's alpha over \(agreement.pairCount) pairs with several labels (nominal: either response, or a tie) is
      \(Self.decimals(agreement.alpha)).

      | judges | | pairs | agreement | Cohen's kappa |
      |---|---|---|---|---|

      """
    let most = agreement.judges.sorted { $0.sharedCount > $1.sharedCount }.prefix(30)
    for judges in most {
      text +=
        "| \(Self.code(judges.first)) | \(Self.code(judges.second)) | \(judges.sharedCount) "
        + "| \(Self.percent(judges.raw)) | \(Self.decimals(judges.kappa)) |\n"
    }
    let rest = agreement.judges.count - most.count
    return rest == 0 ? text : text + "\nThe manifest has \(rest) more pairs of judges.\n"
  }

  private var lengthSection: String? {
    let lengths = statistics.lengths
    guard let chosenMean = lengths.chosenMean, let rejectedMean = lengths.rejectedMean else { return nil }
    var text = """
      ## Lengths

      In Unicode characters. Cohen's d is the difference of the means, in units of the root of the mean of both variances.

      | | |
      |---|---|
      | the longer response is the chosen one | \(lengths.longerCount) |
      | the shorter response is the chosen one | \(lengths.shorterCount) |
      | both are as long | \(lengths.equalCount) |
      | mean length, chosen | \(Self.decimals(chosenMean, 1)) |
      | mean length, rejected | \(Self.decimals(rejectedMean, 1)) |
      | Cohen's d | \(Self.decimals(lengths.cohensD)) |

      """
    if lengths.isBiased, let share = lengths.longerShare {
      text += """

        **The longer response is the chosen one in \(Self.percent(share)) of the pairs whose lengths differ: a model trained
        on this may learn to write long answers, not better ones.**

        """
    }
    return text
  }

  private var modelTable: String? {
    guard !statistics.models.isEmpty else { return nil }
    let rows = statistics.models.map { model in
      let name = model.model.map(Self.code) ?? "\(model.modelCount) others"
      let rate = model.winRate.map(Self.percent) ?? "-"
      return "| \(name) | \(model.winCount) | \(model.lossCount) | \(model.tieCount) | \(rate) |"
    }
    return """
      ## Models

      | model | chosen | rejected | tied | chosen of decided |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private var gapTable: String? {
    guard let mean = statistics.scoreGaps.mean else { return nil }
    let rows = statistics.scoreGaps.bins.filter { $0.count > 0 }.map { "| \($0.words) | \($0.count) |" }
    return """
      ## Score gaps

      The chosen response's score less the rejected one's, in \(statistics.scoreGaps.count) pairs that have both: \
      \(Self.decimals(mean)) on average.

      | gap | pairs |
      |---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  static func percent(_ share: Double) -> String { decimals(100 * share, 1) + " %" }

  /// With so many digits after the point; "-" for nil.
  static func decimals(_ number: Double?, _ digits: Int = 3) -> String {
    number?.fixed(digits) ?? "-"
  }
}

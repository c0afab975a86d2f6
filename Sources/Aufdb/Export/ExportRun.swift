// One export from labels to files, inside one transaction.

/// Reads the labels of a revision, once or twice, and writes their rows.
struct ExportRun {
  let options: ExportOptions
  let provenance: LabelProvenance
  private let commit: Commit
  private let connection: Connection
  private let filter: LabelFilter
  private let order: BirthOrder
  private let evaluations: [EvaluationPrompts]

  /// What one reading of all labels gave, besides its rows.
  private struct Outcome {
    var omitted = Dictionary(uniqueKeysWithValues: OmissionReason.allCases.map { ($0, 0) })
    var labelCount = 0
    var joinedCount = 0
    var splits: [ExportReport.Split]
    var contaminations: [ContaminationReport] = []
    var agreement = AgreementTally()
  }

  /// - Parameters:
  ///   - evaluations: the files of `options.decontamination`, read.
  ///   - connection: shows the revision of `commit`, with the rows' ids.
  /// - Throws: `.refused` where it isn't clear whose labels are meant, or the condition is wrong.
  init(
    _ options: ExportOptions, _ evaluations: [EvaluationPrompts], at commit: Commit, in connection: Connection
  ) throws {
    self.options = options
    self.evaluations = evaluations
    self.commit = commit
    self.connection = connection
    provenance = try LabelProvenance(options, in: connection)
    let order = BirthOrder(try connection.runs(.labels, upTo: commit.sequence))
    self.order = order
    filter = LabelFilter(
      judges: ByteNames(provenance.judges), methods: options.methods.isEmpty ? nil : ByteNames(options.methods),
      condition: try options.condition.map { try LabelCondition($0, order, in: connection) })
  }

  /// Writes the data files into a folder.
  ///
  /// Where a split is to have a certain number of files, all is read twice: the first time to count the rows.
  ///
  /// - Throws: `.refused` where there is nothing to write.
  func write(to folder: String, _ progress: ((ExportProgress) -> Void)?) throws -> ExportReport {
    var counts: [Int]?
    var (labelsBefore, readingCount) = (0, 1)
    func tell(_ labelsRead: Int) {
      progress?(
        ExportProgress(labelsRead: labelsBefore + labelsRead, labelCount: readingCount * provenance.labelCount))
    }
    if case .count = options.usedSharding {
      readingCount = 2
      counts = try read(tell) { _, _, _ in }.splits.map(\.rowCount)
      labelsBefore = provenance.labelCount
    }
    let shards = options.splits.enumerated().map { index, split in
      ShardWriter(
        folder: folder, split: split.name, limit: ShardLimit(options.usedSharding, rowCount: counts?[index]),
        compression: options.compression)
    }
    var statistics = StatisticsTally()
    let outcome = try read(tell) { (pair, split, line) throws(AufdbError) in
      // A pair's first line, or its only one, brings the pair.
      if let pair { statistics.add(pair) }
      try shards[split].write(line)
    }
    guard outcome.splits.contains(where: { $0.rowCount > 0 }) else { throw nothingToWrite(outcome) }
    return ExportReport(
      commit: commit.id, judges: provenance.judges, labelCount: outcome.labelCount, joinedCount: outcome.joinedCount,
      files: try shards.flatMap { try $0.finish() }, splits: outcome.splits, omitted: outcome.omitted,
      contaminations: outcome.contaminations,
      agreement: provenance.judges.count > 1 ? outcome.agreement.report(provenance.judges) : nil,
      statistics: statistics.statistics)
  }

  /// Reads all labels and lends each line to `body`: the pair with its first line, the number of its split, the line.
  private func read(
    _ tell: (Int) -> Void, _ body: (PreferencePair?, Int, Bytes) throws(AufdbError) -> Void
  ) throws -> Outcome {
    let preferences = try PreferenceReader(options, filter, order, in: connection)
    var pairs = PairFilter(options, evaluations)
    var rows = TrainingRowWriter(options.layout)
    var outcome = Outcome(splits: options.splits.map { ExportReport.Split(name: $0.name, share: $0.share) })
    while let step = try preferences.next() {
      switch step {
      case .omitted(let reason): outcome.omitted[reason, default: 0] += 1
      case .joined: outcome.joinedCount += 1
      case .pair(let pair):
        if let reason = try pairs.omission(of: pair) {
          outcome.omitted[reason, default: 0] += 1
        } else {
          let split = try pairs.split(of: pair)
          var lineCount = 0
          let reason = try rows.withLines(of: pair) { (line) throws(AufdbError) in
            try body(lineCount == 0 ? pair : nil, split, line)
            lineCount += 1
          }
          outcome.splits[split].rowCount += lineCount
          if let reason { outcome.omitted[reason, default: 0] += 1 } else { outcome.splits[split].pairCount += 1 }
        }
      }
      outcome.labelCount += 1
      if outcome.labelCount % 1000 == 0 { tell(outcome.labelCount) }
    }
    outcome.contaminations = pairs.contaminations
    outcome.agreement = preferences.agreement
    return outcome
  }

  private func nothingToWrite(_ outcome: Outcome) -> AufdbError {
    let reasons = OmissionReason.summary(outcome.omitted) ?? "nothing"
    return AufdbError(
      .refused, "none of the \(outcome.labelCount) labels can be exported: \(reasons)",
      hint: (outcome.omitted[.tie] ?? 0) > 0 ? "--keep-ties exports ties, too" : nil)
  }
}

// Writes everything that can be imported again; CompletionsOptions.swift tells what and how.

extension Store {
  /// Writes the prompts, responses, scores, labels, estimates and embeddings that a revision sees, in the forms in which
  /// they are imported.
  ///
  /// - Parameter progress: called every thousand prompts, with how many are done and how many there are.
  /// - Returns: what was written and what was left out.
  /// - Throws: `.refused` where there is no prompt, the judge has no scores, or the folder exists; `.usage` for
  ///   impossible options; `.badData` for a damaged store; `.cannotCreateOutput` where the folder can't be made;
  ///   `.inputOutput` for a full disk, and where what was written isn't what is read again. Nothing is left under the folder's name then, or what was there before.
  /// - Complexity: O(n log n) in the rows; memory does not grow with them, apart from the names of encoders and judges.
  public func exportCompletions(
    _ options: CompletionsOptions, progress: ((_ done: Int, _ all: Int) -> Void)? = nil
  ) throws -> CompletionsReport {
    try options.validate()
    var folder = try ExportFolder(at: options.directory, force: options.force)
    let path = folder.path
    _ = try folder.addFolder("embeddings")
    let report = try read(at: options.revision, showsIDs: true) { connection, commit in
      let run = CompletionsRun(options: options, folder: path, commit: commit, connection: connection)
      return try run.write(progress)
    }
    folder.dropFolderIfEmpty("embeddings")
    try folder.write(report.card(options), as: "README.md")
    try folder.write(report.manifest(options), as: "manifest.json")
    if options.checks { try ExportVerification(ofFolder: path).requireSoundness() }
    try folder.publish()
    return report
  }
}

/// One export of everything, in the transaction that reads it.
private struct CompletionsRun {
  let options: CompletionsOptions
  let folder: String
  let commit: Commit
  let connection: Connection

  func write(_ progress: ((Int, Int) -> Void)?) throws -> CompletionsReport {
    let all = try counts()
    guard let promptCount = all[.prompts], promptCount > 0 else {
      throw AufdbError(.refused, "there are no prompts to export", hint: "`aufdb import` brings them in")
    }
    var report = CompletionsReport(commit: commit.id, judge: try judge())
    try writePrompts(promptCount, &report, progress)
    for rows in RelationRows.allCases { try write(rows, &report) }
    try writeEmbeddings(&report)
    countWhatIsLeft(of: all, &report)
    try countDetails(&report)
    return report
  }

  private func writePrompts(
    _ promptCount: Int, _ report: inout CompletionsReport, _ progress: ((Int, Int) -> Void)?
  ) throws {
    let lines = try CompletionsRows(judge: report.judge, in: connection)
    let shards = shards("completions")
    var done = 0
    let prompts = try BornRows(.prompts, CompletionsRows.promptsSQL, at: commit, in: connection)
    try prompts.lend { prompt in
      try lines.withLine(of: prompt) { (line) throws(AufdbError) in try shards.write(line) }
      done += 1
      if done % 1000 == 0 { progress?(done, promptCount) }
    }
    report.counts = [.prompts: done, .responses: lines.responseCount, .scores: lines.scoreCount]
    report.leftOut[.fields] = lines.collisionCount
    report.fields = lines.otherNames?.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    report.files += try shards.finish().map { CompletionsFile(kind: .completions, file: $0) }
  }

  private func write(_ rows: RelationRows, _ report: inout CompletionsReport) throws {
    let shards = shards(rows.kind.rawValue)
    var line = JSONWriter()
    var count = 0
    let judge = report.judge.map { SQLValue.text($0) } ?? .null
    let born =
      rows == .scores
      ? try BornRows(rows.relation, rows.sql, judge, at: commit, in: connection)
      : try BornRows(rows.relation, rows.sql, at: commit, in: connection)
    try born.lend { row in
      guard try rows.write(row, to: &line) else { return }
      try line.withBytes { (bytes) throws(AufdbError) in try shards.write(bytes) }
      count += 1
    }
    report.counts[rows.relation, default: 0] += count
    report.files += try shards.finish().map { CompletionsFile(kind: rows.kind, file: $0) }
  }

  private func writeEmbeddings(_ report: inout CompletionsReport) throws {
    var names = SafeNames()
    let encoders = try connection.all("SELECT DISTINCT encoder FROM embeddings ORDER BY encoder") { $0.string(0) }
    for encoder in encoders {
      let name = names.name(for: encoder)
      guard let files = try EncoderFiles(encoder, name: name, at: commit, in: connection) else { continue }
      let written = try files.write(into: folder, compression: options.compression)
      report.counts[.embeddings, default: 0] += written.first?.file.rowCount ?? 0
      report.files += written
    }
  }

  private func shards(_ name: String) -> ShardWriter {
    ShardWriter(folder: folder, split: name, limit: .bytes(options.shardBytes), compression: options.compression)
  }

  /// Whose scores stand beside the responses.
  private func judge() throws -> String? {
    let judges = try connection.all("SELECT DISTINCT judge FROM scores ORDER BY judge") { $0.string(0) }
    guard let wished = options.judge else {
      return judges.count == 1 ? judges[0] : judges.first { $0 == ImportOptions.scoresJudge }
    }
    guard judges.contains(wished) else {
      throw AufdbError(
        .refused, "the judge '\(wished)' has no scores",
        hint: judges.isEmpty ? "leave out --judge" : "judges with scores: \(judges.joined(separator: ", "))")
    }
    return wished
  }

  private func counts() throws -> [Relation: Int] {
    try Dictionary(
      uniqueKeysWithValues: Relation.allCases.map {
        ($0, Int(try connection.integer("SELECT count(*) FROM \($0.name)")))
      })
  }

  private func countWhatIsLeft(of all: [Relation: Int], _ report: inout CompletionsReport) {
    let reasons: [(CompletionsReport.LeftOut, Relation)] = [
      (.responses, .responses), (.scores, .scores), (.labels, .labels), (.estimates, .estimates),
      (.embeddings, .embeddings), (.selections, .selections), (.rewardHeads, .rewardHeads), (.progress, .progress),
      (.queries, .queries), (.definitions, .definitions),
    ]
    for (reason, relation) in reasons {
      report.leftOut[reason] = (all[relation] ?? 0) - (report.counts[relation] ?? 0)
    }
  }

  /// Counts what came out without something that is known of it.
  private func countDetails(_ report: inout CompletionsReport) throws {
    let hasResponses = ["chosen", "rejected"].map {
      BornRows.hasResponse("x", model: "\($0)_model", sample: "\($0)_sample")
    }
    report.leftOut[.labelDetails] = Int(
      try connection.integer(
        "SELECT count(*) FROM labels AS x WHERE details IS NOT NULL AND \(hasResponses.joined(separator: " AND "))"))
    let used = "EXISTS (SELECT 1 FROM estimates AS x WHERE x.snapshot = s.snapshot AND \(BornRows.hasResponse("x")))"
    report.leftOut[.snapshots] = Int(
      try connection.integer("SELECT count(*) FROM snapshots AS s WHERE NOT \(used)"))
    report.leftOut[.snapshotDetails] = Int(
      try connection.integer(
        "SELECT count(*) FROM snapshots AS s WHERE (origin <> 'import' OR details IS NOT NULL) AND \(used)"))
  }
}

// Exports: training sets as folders that trainers open as they are.
//
// A folder holds README.md (the card), manifest.json and data/*.jsonl.zst. All of it is read in one transaction at one
// commit, written aside, brought to the disk, and renamed into place: there is never half an export under its name.

extension Store {
  /// Writes the labels of one judge, with their prompts and responses, as a training set.
  ///
  /// Rows come in the order in which history bore their labels, so that the same commit and options give the same bytes
  /// in every store that holds the commit. Ties (unless they are to be kept), empty responses, pairs of
  /// identical responses and labels whose texts are missing are left out, and counted.
  ///
  /// - Parameter progress: called every thousand labels.
  /// - Returns: what was written and what was left out.
  /// - Throws: `.refused` where there is nothing to export, the judge isn't clear, or the folder exists; `.usage` for
  ///   impossible options; `.badData` for a damaged prompt; `.cannotCreateOutput` where the folder can't be made;
  ///   `.inputOutput` for a full disk. Nothing is left under the folder's name then, or what was there before.
  /// - Complexity: O(n log m) for n labels and m responses; memory does not grow with either.
  public func export(_ options: ExportOptions, progress: ((ExportProgress) -> Void)? = nil) throws -> ExportReport {
    try options.validate()
    var folder = try ExportFolder(at: options.directory, force: options.force)
    let folderPath = folder.path
    let (report, provenance) = try read(at: options.revision, showsIDs: true) { connection, commit in
      let provenance = try LabelProvenance(judge: options.judge, in: connection)
      let report = try Self.writeRows(options, provenance, commit, to: folderPath, in: connection, progress)
      return (report, provenance)
    }
    try folder.write(report.card(options, provenance), as: "README.md")
    try folder.write(report.manifest(options, provenance), as: "manifest.json")
    try folder.publish()
    return report
  }

  private static func writeRows(
    _ options: ExportOptions, _ provenance: LabelProvenance, _ commit: Commit, to folder: String,
    in connection: Connection, _ progress: ((ExportProgress) -> Void)?
  ) throws -> ExportReport {
    let preferences = try PreferenceReader(
      judge: provenance.judge, keepTies: options.keepTies, at: commit, in: connection)
    var rows = TrainingRowWriter(options.format)
    let shards = ShardWriter(folder: folder, split: "train", shardBytes: options.shardBytes, level: options.level)
    var omitted = Dictionary(uniqueKeysWithValues: OmissionReason.allCases.map { ($0, 0) })
    var (rowCount, labelsRead) = (0, 0)
    while let step = try preferences.next() {
      switch step {
      case .omitted(let reason): omitted[reason, default: 0] += 1
      case .pair(let pair):
        try rows.withLine(of: pair) { (line) throws(AufdbError) in try shards.write(line) }
        rowCount += 1
      }
      labelsRead += 1
      if labelsRead % 1000 == 0 {
        progress?(ExportProgress(labelsRead: labelsRead, labelCount: provenance.labelCount))
      }
    }
    guard rowCount > 0 else {
      let reasons = OmissionReason.summary(omitted) ?? "nothing"
      throw AufdbError(
        .refused, "none of the \(labelsRead) labels can be exported: \(reasons)",
        hint: (omitted[.tie] ?? 0) > 0 ? "--keep-ties exports ties, too" : nil)
    }
    return ExportReport(
      commit: commit.id, judge: provenance.judge, labelCount: labelsRead, rowCount: rowCount,
      files: try shards.finish(), omitted: omitted)
  }
}

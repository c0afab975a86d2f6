// Exports: training sets as folders that trainers open as they are.
//
// A folder holds README.md (the card), manifest.json and the data files. All of it is read in one transaction at one
// commit, written aside, brought to the disk, and renamed into place: there is never half an export under its name.
//
//   labels       -> those that count            LabelFilter.swift     whose, by which method, by a condition
//   labels       -> preferences                 Aggregation.swift     where several judges have a label on a pair
//   preferences  -> pairs with their texts      PreferenceReader.swift
//   pairs        -> those that are kept         PairFilter.swift      length, duplicates, contamination; and the split
//   pairs        -> lines                       TrainingRowWriter.swift
//   lines        -> files                       ShardWriter.swift

extension Store {
  /// Writes labels, with their prompts and responses, as a training set.
  ///
  /// Rows come in the order in which history bore their labels, so that the same commit and options give the same bytes
  /// in every store that holds the commit. What is left out is counted, by reason (OmissionReason.swift).
  ///
  /// - Parameter progress: called every thousand labels.
  /// - Returns: what was written and what was left out.
  /// - Throws: `.refused` where there is nothing to export, the judge isn't clear, the condition is wrong, or the folder
  ///   exists; `.usage` for impossible options; `.badData` for a damaged prompt or a bad file of evaluation prompts;
  ///   `.cannotOpenInput` for such a file; `.cannotCreateOutput` where the folder can't be made; `.inputOutput` for a
  ///   full disk, and where what was written isn't what is read again. Nothing is left under the folder's name then, or
  ///   what was there before.
  /// - Complexity: O(n log m) for n labels and m responses. Memory does not grow with either, but for a bit a label with
  ///   a condition, and for 16 bytes a prompt (and room to grow) where duplicates are looked for.
  public func export(_ options: ExportOptions, progress: ((ExportProgress) -> Void)? = nil) throws -> ExportReport {
    guard options.format != .completions else {
      throw AufdbError(.usage, "completions aren't made of labels", hint: "they have an export of their own")
    }
    try options.validate()
    let evaluations = try options.decontamination.map { file throws(AufdbError) in
      try EvaluationPrompts(file: file, gramLength: options.gramLength)
    }
    var folder = try ExportFolder(at: options.directory, force: options.force)
    let folderPath = folder.path
    let (report, provenance) = try read(at: options.revision, showsIDs: true) { connection, commit in
      let run = try ExportRun(options, evaluations, at: commit, in: connection)
      return (try run.write(to: folderPath, progress), run.provenance)
    }
    let extraFiles = options.layout.extraFiles(splits: report.files.map { ($0.split, $0.path) })
    for file in extraFiles { try folder.write(file.text, as: file.name) }
    try folder.write(report.card(options, provenance), as: "README.md")
    try folder.write(report.manifest(options, provenance, extraFiles), as: "manifest.json")
    if options.checks { try ExportVerification(ofFolder: folderPath).requireSoundness() }
    try folder.publish()
    return report
  }
}

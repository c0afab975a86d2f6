// manifest.json of an export of everything. Keys are in alphabetical order, and nothing in it depends on the machine or
// the hour. Whoever imports the folder goes through "files" in order and does with each what its "split" says:
//
//   completions   lines; import them with "score_judge" as the judge of the scores in them (null: there are none)
//   scores, labels, estimates   lines that name their judge or snapshot
//   embeddings    a .npy matrix of "encoder"; its "index" is another file of the list. "element" f32: keep float32
//   embeddings-index   nothing: it comes with its matrix

extension CompletionsReport {
  /// The manifest's text, indented for people.
  func manifest(_ options: CompletionsOptions) -> String {
    IndentedJSON.text(
      of: Operation.object([
        "aufdb": .text(AufdbVersion.current),
        "commit": .text(commit.description),
        "compression": .json(ExportReport.compression(options.compression)),
        "fields": fields.map { .list($0.map { .text($0) }) } ?? .null,
        "files": .list(files.map { .json(Self.object($0)) }),
        "format": .text(ExportFormat.completions.rawValue),
        "left_out": Self.counts(LeftOut.allCases.map { ($0.rawValue, leftOut[$0]) }),
        "options": .json(options.json),
        "revision": .text(options.revision.description),
        "rows": Self.counts(Self.relations.map { ($0.name, counts[$0]) }),
        "score_judge": judge.map { .text($0) } ?? .null,
      ]))
  }

  /// What comes out.
  private static let relations: [Relation] = [.prompts, .responses, .scores, .labels, .estimates, .embeddings]

  private static func counts(_ counts: [(String, Int?)]) -> Operation.Value {
    .json(Operation.object(Dictionary(uniqueKeysWithValues: counts.map { ($0, .integer(Int64($1 ?? 0))) })))
  }

  private static func object(_ file: CompletionsFile) -> String {
    var values: [String: Operation.Value] = [
      "bytes": .integer(Int64(file.file.sizeBytes)), "content_bytes": .integer(Int64(file.file.contentBytes)),
      "path": .text(file.file.path), "rows": .integer(Int64(file.file.rowCount)),
      "sha256": .text(file.file.sha256), "split": .text(file.kind.rawValue),
    ]
    if let encoder = file.encoder { values["encoder"] = .text(encoder) }
    if let index = file.index { values["index"] = .text(index) }
    if let shape = file.shape {
      values["dimension"] = .integer(Int64(shape.dimension))
      values["element"] = .text(shape.element.rawValue)
    }
    return Operation.object(values)
  }
}

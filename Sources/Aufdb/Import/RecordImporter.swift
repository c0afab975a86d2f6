// What takes the records of one kind, and what all of an import's takers share.

/// Reads records of one kind into a change.
protocol RecordImporter {
  /// Takes one record: the bytes of a JSON object.
  ///
  /// It enters as a whole or not at all: where this throws bad data, neither the change nor the report has anything of
  /// it. What is thrown is about this record: a `JSONError`, or an `AufdbError` without a place.
  func importRecord(_ record: UnsafeRawBufferPointer, _ report: inout ImportReport) throws
}

/// What lasts as long as an import: made once for all of its files.
final class ImportState {
  let change: Change
  let replaces: Bool
  /// The judge that the import names for what names none.
  let judge: String?
  /// The snapshot that the import names for estimates that name none.
  let snapshot: String?
  let repairsOverallScore: Bool
  let folding: PromptFolding
  /// nil: records have the names that import knows.
  let mapper: RecordMapper?
  /// Where bad records go; nil: they stop the import.
  let badRecords: BadRecords?

  init(_ options: ImportOptions, into change: Change, badRecords: BadRecords? = nil) throws {
    self.change = change
    self.badRecords = badRecords
    mapper = RecordMapper(options.maps)
    replaces = options.replaces
    judge = options.judge
    snapshot = options.snapshot
    repairsOverallScore = options.repairsOverallScore
    folding = try PromptFolding(dedupes: options.dedupes, in: change.connection)
  }

  func settlement(alternative: String? = nil) -> Settlement {
    Settlement(change: change, replaces: replaces, alternative: alternative)
  }

  /// Makes what takes the records of a file.
  ///
  /// - Parameter file: its path, after which estimates' snapshot is named where nothing else names it.
  func importer(of kind: ImportKind, file: String) throws -> any RecordImporter {
    switch kind {
    case .completions: try PromptImporter(.completions, self)
    case .ultrafeedback: try PromptImporter(.ultrafeedback, self)
    case .responses: try PromptImporter(.responses, self)
    case .preferences: try PromptImporter(.preferences, self)
    case .scores: try ScoresImporter(self)
    case .labels: try LabelsImporter(self)
    case .estimates: try EstimatesImporter(snapshot: snapshot ?? Self.stem(of: file), self)
    case .embeddings:
      // A matrix doesn't get here: these are lines. It is about the file, and not about the record that shows it.
      throw AufdbError(
        .badData, "this looks like the index of embeddings", hint: "name the matrix as the file, and this with --index",
        at: AufdbError.Place(file: file == "-" ? "standard input" : file))
    }
  }

  /// A file's name without folder and endings: "runs/base.jsonl.zst" gives "base"; nil for standard input.
  private static func stem(of file: String) -> String? {
    guard file != "-", let name = file.split(separator: "/").last else { return nil }
    return name.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init)
  }
}

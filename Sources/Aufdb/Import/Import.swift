// Import: files of JSON Lines, and matrices with an index of JSON Lines, into one commit. Any bad line stops it, and
// then nothing was changed.

/// What to import, and how.
public struct ImportOptions: Sendable {
  /// Paths, or "-" for standard input; plain, zstd- or gzip-compressed.
  public var files: [String]
  /// nil: told by each file's name or first line.
  public var kind: ImportKind?
  /// The judge whom scores of completions and labels of preferences belong to that name nobody, "overall" if nil; and
  /// whom other scores and labels belong to whose lines name nobody, which are refused if nil.
  public var judge: String?
  /// The name of the snapshot that estimates belong to; nil: the file's name without its endings.
  public var snapshot: String?
  /// Whether a row that differs from the store's becomes its new version, instead of an error.
  public var replaces: Bool
  /// Whether a prompt whose text another one has, but for case and white space, is that one.
  public var dedupes: Bool
  /// Whether UltraFeedback's scores of 10 where 1 was meant become 1.
  public var repairsOverallScore: Bool
  /// What belongs to the one file that holds embeddings, if there is one.
  public var embeddings: EmbeddingOptions?
  /// Where records have fields that they don't have under the names that import knows.
  public var maps: [FieldMap]
  /// A new file for the bad records, which are passed over then; nil: one of them stops the import.
  public var badRecords: String?

  public init(
    files: [String], kind: ImportKind? = nil, judge: String? = nil, snapshot: String? = nil, replaces: Bool = false,
    dedupes: Bool = false, repairsOverallScore: Bool = false, embeddings: EmbeddingOptions? = nil,
    maps: [FieldMap] = [], badRecords: String? = nil
  ) {
    self.files = files
    self.kind = kind
    self.judge = judge
    self.snapshot = snapshot
    self.replaces = replaces
    self.dedupes = dedupes
    self.repairsOverallScore = repairsOverallScore
    self.embeddings = embeddings
    self.maps = maps
    self.badRecords = badRecords
  }

  /// What a file is, where that is clear before it is read.
  func kind(of file: String) -> ImportKind? { kind ?? ImportKind(fileName: file) }

  /// The judge whom scores of completions and labels of preferences belong to where none is named.
  static let scoresJudge = "overall"

  /// The judge whom scores or labels of a kind of file belong to that name nobody; nil where there is none.
  func judge(of kind: ImportKind) -> String? {
    switch kind {
    case .completions, .ultrafeedback, .preferences: judge ?? Self.scoresJudge
    case .scores, .labels: judge
    case .responses, .estimates, .embeddings: nil
    }
  }
}

/// What an import did.
public struct ImportReport: Sendable, Equatable {
  /// Records read: lines that aren't blank.
  public var recordCount = 0
  /// Row versions added, by relation; a modified row counts here and in `retired`.
  public var added: [Relation: Int] = [:]
  /// Old versions of rows that were modified.
  public var retired: [Relation: Int] = [:]
  /// Rows that the store had already, exactly so.
  public var unchangedCount = 0
  /// Estimates whose reward lies outside their own bounds: allowed, but odd.
  public var rewardsOutsideBoundsCount = 0
  /// UltraFeedback's overall scores of 10 where all else says that 1 was meant; repaired where the options say so.
  public var suspectScoreCount = 0
  /// Pairs whose two responses are one, so that there is no label of them.
  public var oneResponseCount = 0
  /// Prompts added that have the text of another one added, but for case and white space.
  public var alikePromptCount = 0
  /// Prompts that were made one with another of the same text, where the options say so.
  public var foldedPromptCount = 0
  /// Rows about such prompts that differ from the other's, which stay.
  public var leftOutCount = 0
  /// Bad records that were passed over, where the options say so; they count in `recordCount`.
  public var skippedCount = 0
  /// Why, without what differs from record to record; with the number of records.
  public var skippedReasons: [String: Int] = [:]
  /// What the embeddings that came in have in common; nil where none were imported.
  public var embeddingShape: EmbeddingShape?
}

extension Store {
  /// Imports files into one commit on a branch.
  ///
  /// Rows that are there already, exactly so, are passed over: importing a file twice changes nothing. Memory is flat
  /// in the size of the files: one line, or about a megabyte of a matrix's rows and a bit for each, SQLite's cache, and
  /// the decompressor's window.
  ///
  /// - Returns: the commit, or nil where nothing was new; and the counts.
  /// - Throws: `.usage` for options that don't go together; `.badData` with file and line; `.cannotOpenInput`; what a
  ///   full disk gives. The store is unchanged then.
  @discardableResult
  public func importFiles(
    _ options: ImportOptions, context: CommitContext, progress: ((ImportProgress) -> Void)? = nil
  ) throws -> (commit: Commit?, report: ImportReport) {
    let (options, inputs) = try options.resolved()
    let badRecords = try options.badRecords.map(BadRecords.init)
    let result = try commit(context) { change in
      // Keys come in any order, and the indexes' pages should stay in memory meanwhile.
      try change.connection.executeScript("PRAGMA cache_size = -65536")
      var report = ImportReport()
      var kinds: Set<ImportKind> = []
      let state = try ImportState(options, into: change, badRecords: badRecords)
      var meter = ImportMeter(inputs, progress)
      for input in inputs { try Self.importFile(input, state, &report, &kinds, &meter) }
      (report.skippedCount, report.skippedReasons) = (badRecords?.count ?? 0, badRecords?.reasons ?? [:])
      for relation in Relation.allCases {
        report.added[relation] = change.addedCount(relation) == 0 ? nil : change.addedCount(relation)
        report.retired[relation] = change.retiredCount(relation) == 0 ? nil : change.retiredCount(relation)
      }
      if let badRecords, try !badRecords.isThereAlready() { try badRecords.publish() }
      return (Self.note(options, kinds, report), report)
    }
    badRecords?.keep()
    return result
  }

  private static func importFile(
    _ input: ImportInput, _ state: ImportState, _ report: inout ImportReport, _ kinds: inout Set<ImportKind>,
    _ meter: inout ImportMeter
  ) throws {
    if let embeddings = input.embeddings {
      let importer = try EmbeddingsImporter(input.path, embeddings, state)
      kinds.insert(.embeddings)
      report.embeddingShape = importer.shape
      try importLines(of: embeddings.index, state, &report, &meter) { _ in importer }
      do {
        try importer.finish()
      } catch {
        throw located(error, AufdbError.Place(file: shownName(embeddings.index)))
      }
    } else {
      try importLines(of: input.path, state, &report, &meter) { line in
        let kind = try input.kind ?? ImportKind.recognise(line)
        kinds.insert(kind)
        return try state.importer(of: kind, file: input.path)
      }
    }
  }

  /// Imports a file record by record.
  ///
  /// - Parameter makeImporter: gives what takes the lines; it is called with the first one.
  private static func importLines(
    of file: String, _ state: ImportState, _ report: inout ImportReport, _ meter: inout ImportMeter,
    by makeImporter: (Bytes) throws -> any RecordImporter
  ) throws {
    let name = shownName(file)
    let earlierCount = report.recordCount
    var lines = RecordReader(try ByteSource(path: file))
    var importer: (any RecordImporter)?
    while let line = try lines.next() {
      do {
        let record = state.mapper?.rewritten(line.bytes) ?? line.bytes
        if importer == nil { importer = try makeImporter(record) }
        try importer?.importRecord(record, &report)
      } catch {
        let place = AufdbError.Place(file: name, line: line.number)
        guard let badRecords = state.badRecords, let fault = RecordFault(error) else {
          throw located(state.mapper?.explained(error) ?? error, place)
        }
        try badRecords.add(line.bytes, at: place, fault)
      }
      report.recordCount += 1
      if report.recordCount % 256 == 0 { meter.show(lines.source, report.recordCount) }
    }
    meter.finish(lines.source)
    guard report.recordCount > earlierCount else {
      throw AufdbError(.badData, lines.isArray ? "the array is empty" : "the file is empty", at: .init(file: name))
    }
  }

  private static func shownName(_ file: String) -> String { file == "-" ? "standard input" : file }

  /// An error that concerns a line, with its place; an error of the store itself stays as it is, and so does one that
  /// has its place already.
  private static func located(_ error: any Error, _ place: AufdbError.Place) -> any Error {
    switch error {
    case let error as JSONError: return AufdbError(.badData, error.reason.description, at: place)
    case var error as AufdbError:
      // What SQLite says is about the store and not about the line.
      if error.sqliteCode == nil, error.kind == .badData || error.kind == .refused {
        error.place = error.place ?? place
      }
      return error
    default: return error
    }
  }

  /// A file's name without its folder.
  private static func fileName(_ file: String) -> String { String(file.split(separator: "/").last ?? "-") }

  private static func note(_ options: ImportOptions, _ kinds: Set<ImportKind>, _ report: ImportReport) -> CommitNote {
    let names = options.files.map(fileName)
    let counts = Relation.allCases.compactMap { relation in report.added[relation].map { relation.phrase($0) } }
    let shownNames = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
    var parameters: [String: Operation.Value] = [
      "files": .list(names.map { .text($0) }),
      "as": .list(kinds.map(\.rawValue).sorted().map { .text($0) }),
      "replace": .flag(options.replaces),
    ]
    if let judge = kinds.compactMap({ options.judge(of: $0) }).first { parameters["judge"] = .text(judge) }
    if !options.maps.isEmpty {
      let paths = options.maps.map { ($0.field, Operation.Value.text($0.pathText)) }
      parameters["map"] = .json(Operation.object(Dictionary(paths) { first, _ in first }))
    }
    if report.skippedCount > 0 { parameters["skipped"] = .integer(Int64(report.skippedCount)) }
    if options.dedupes { parameters["dedupe"] = .flag(true) }
    let repairedCount = options.repairsOverallScore ? report.suspectScoreCount : 0
    if repairedCount > 0 { parameters["repaired"] = .integer(Int64(repairedCount)) }
    if kinds.contains(.estimates), let snapshot = options.snapshot { parameters["snapshot"] = .text(snapshot) }
    if let embeddings = options.embeddings, let shape = report.embeddingShape {
      parameters["index"] = .text(fileName(embeddings.index))
      parameters["encoder"] = .text(embeddings.encoder)
      parameters["dimension"] = .integer(Int64(shape.dimension))
      parameters["element"] = .text(shape.element.rawValue)
      if let tensor = embeddings.tensor { parameters["tensor"] = .text(tensor) }
    }
    return CommitNote(
      message: "Import \(counts.joined(separator: ", ")) from \(shownNames)"
        + (repairedCount > 0 ? ", overall scores repaired: \(repairedCount)" : ""),
      operation: Operation("import", parameters))
  }

  /// Refuses a name that is empty or can't be shown on one line.
  static func checkName(_ name: String, _ what: String) throws(AufdbError) {
    guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
      let article = what.first.map { "aeiou".contains($0) } == true ? "an" : "a"
      throw AufdbError(.usage, "\(article) \(what)'s name can't be empty or hold control characters")
    }
  }
}

// Import: files of JSON Lines into one commit. Any bad line stops it, and then nothing was changed.

/// What to import, and how.
public struct ImportOptions: Sendable {
  /// Paths, or "-" for standard input; plain, zstd- or gzip-compressed.
  public var files: [String]
  /// nil: told by each file's first line.
  public var kind: ImportKind?
  /// The judge whom scores inside a completions file belong to, "overall" if nil; and whom labels belong to whose lines
  /// name nobody, which are refused if nil.
  public var judge: String?
  /// The name of the snapshot that estimates belong to; nil: the file's name without its endings.
  public var snapshot: String?
  /// Whether a row that differs from the store's becomes its new version, instead of an error.
  public var replaces: Bool

  public init(
    files: [String], kind: ImportKind? = nil, judge: String? = nil, snapshot: String? = nil, replaces: Bool = false
  ) {
    self.files = files
    self.kind = kind
    self.judge = judge
    self.snapshot = snapshot
    self.replaces = replaces
  }

  /// The judge whom scores belong to where none is named.
  static let scoresJudge = "overall"
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
}

/// How far an import is.
public struct ImportProgress: Sendable {
  /// Compressed bytes read of the present file.
  public var readBytes: Int
  /// The file's size; nil for a pipe.
  public var sizeBytes: Int?
  public var recordCount: Int
}

extension Store {
  /// Imports files into one commit on a branch.
  ///
  /// Rows that are there already, exactly so, are passed over: importing a file twice changes nothing. Memory is flat
  /// in the size of the files: one line, SQLite's cache, and the decompressor's window.
  ///
  /// - Returns: the commit, or nil where nothing was new; and the counts.
  /// - Throws: `.badData` with file and line; `.cannotOpenInput`; what a full disk gives. The store is unchanged then.
  @discardableResult
  public func importFiles(
    _ options: ImportOptions, context: CommitContext, progress: ((ImportProgress) -> Void)? = nil
  ) throws -> (commit: Commit?, report: ImportReport) {
    guard !options.files.isEmpty else { throw AufdbError(.usage, "no files to import") }
    if let judge = options.judge { try Self.checkName(judge, "judge") }
    return try commit(context) { change in
      // Keys come in any order, and the indexes' pages should stay in memory meanwhile.
      try change.connection.executeScript("PRAGMA cache_size = -65536")
      var report = ImportReport()
      var kinds: Set<ImportKind> = []
      for file in options.files {
        try Self.importFile(file, options, into: change, &report, &kinds, progress: progress)
      }
      for relation in Relation.allCases {
        report.added[relation] = change.addedCount(relation) == 0 ? nil : change.addedCount(relation)
        report.retired[relation] = change.retiredCount(relation) == 0 ? nil : change.retiredCount(relation)
      }
      return (Self.note(options, kinds, report), report)
    }
  }

  private static func importFile(
    _ file: String, _ options: ImportOptions, into change: Change, _ report: inout ImportReport,
    _ kinds: inout Set<ImportKind>, progress: ((ImportProgress) -> Void)?
  ) throws {
    let name = file == "-" ? "standard input" : file
    var lines = LineReader(try ByteSource(path: file))
    var importer: (any RecordImporter)?
    while let line = try lines.next() {
      do {
        if importer == nil {
          let kind = try options.kind ?? ImportKind.recognise(line.bytes)
          kinds.insert(kind)
          importer = try recordImporter(kind, options, file: file, into: change)
        }
        try importer?.importRecord(line.bytes, &report)
      } catch {
        throw located(error, AufdbError.Place(file: name, line: line.number))
      }
      report.recordCount += 1
      if report.recordCount % 256 == 0 {
        progress?(
          ImportProgress(
            readBytes: lines.source.consumedBytes, sizeBytes: lines.source.sizeBytes, recordCount: report.recordCount))
      }
    }
    guard importer != nil else { throw AufdbError(.badData, "the file is empty", at: .init(file: name)) }
  }

  /// An error that concerns a line, with its place; an error of the store itself stays as it is.
  private static func located(_ error: any Error, _ place: AufdbError.Place) -> any Error {
    switch error {
    case let error as JSONError: return AufdbError(.badData, error.reason.description, at: place)
    case var error as AufdbError:
      // What SQLite says is about the store and not about the line.
      if error.sqliteCode == nil, error.kind == .badData || error.kind == .refused { error.place = place }
      return error
    default: return error
    }
  }

  private static func recordImporter(
    _ kind: ImportKind, _ options: ImportOptions, file: String, into change: Change
  ) throws -> any RecordImporter {
    switch kind {
    case .completions:
      return try CompletionsImporter(
        judge: options.judge ?? ImportOptions.scoresJudge, replaces: options.replaces, into: change)
    case .estimates:
      guard let snapshot = options.snapshot ?? stem(of: file) else {
        throw AufdbError(.usage, "estimates from standard input need a snapshot's name", hint: "add --snapshot NAME")
      }
      return try EstimatesImporter(snapshot: snapshot, replaces: options.replaces, into: change)
    case .labels:
      return try LabelsImporter(judge: options.judge, replaces: options.replaces, into: change)
    }
  }

  /// A file's name without folder and endings: "runs/base.jsonl.zst" gives "base"; nil for standard input.
  private static func stem(of file: String) -> String? {
    guard file != "-", let name = file.split(separator: "/").last else { return nil }
    return name.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init)
  }

  private static func note(_ options: ImportOptions, _ kinds: Set<ImportKind>, _ report: ImportReport) -> CommitNote {
    let names = options.files.map { $0 == "-" ? "-" : String($0.split(separator: "/").last ?? "-") }
    let counts = Relation.allCases.compactMap { relation in report.added[relation].map { relation.phrase($0) } }
    let shownNames = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
    var parameters: [String: Operation.Value] = [
      "files": .list(names.map { .text($0) }),
      "as": .list(kinds.map(\.rawValue).sorted().map { .text($0) }),
      "replace": .flag(options.replaces),
    ]
    if kinds.contains(.completions) {
      parameters["judge"] = .text(options.judge ?? ImportOptions.scoresJudge)
    } else if kinds.contains(.labels), let judge = options.judge {
      parameters["judge"] = .text(judge)
    }
    if kinds.contains(.estimates), let snapshot = options.snapshot { parameters["snapshot"] = .text(snapshot) }
    return CommitNote(
      message: "Import \(counts.joined(separator: ", ")) from \(shownNames)",
      operation: Operation("import", parameters))
  }

  /// Refuses a name that is empty or can't be shown on one line.
  static func checkName(_ name: String, _ what: String) throws(AufdbError) {
    guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
      throw AufdbError(.usage, "a \(what)'s name can't be empty or hold control characters")
    }
  }
}

/// Reads records of one kind into a change.
protocol RecordImporter {
  /// Takes one line. What it throws is about this line: a `JSONError`, or an `AufdbError` without a place.
  func importRecord(_ line: UnsafeRawBufferPointer, _ report: inout ImportReport) throws
}

// `--output`: a file for rows, in place of standard output.
//
// What its name ends in says how it is written: .zst or .gz compress, and before these, or without them, .csv, .tsv,
// .json, .jsonl (or .ndjson) and .md name a format, unless --format does. Where both do and differ, somebody has made a
// mistake; so has who gives a name that promises another program's format, such as .parquet. A name that promises
// nothing (.txt, .log, or no ending) takes any format.

import ArgumentParser
import Aufdb

/// The file to write rows to.
struct OutputFileOption: ParsableArguments {
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "Write to this file instead, in place of one of that name, once all rows are there. What it ends in says the "
        + "format (.csv, .jsonl) and the compression (.zst, .gz).", valueName: "file"), completion: .file())
  var path: String?

  /// The format that was asked for, by option or by name.
  ///
  /// - Throws: `.usage` where the two differ, and for a name of what aufdb doesn't write.
  func format(_ option: FormatOption) throws(AufdbError) -> OutputFormat {
    try named(beside: option.choice?.rawValue) ?? option.format
  }

  /// The format that the file's name says, if it says one.
  ///
  /// - Parameter chosen: what --format says.
  /// - Throws: `.usage` where the two differ, and for a name of what aufdb doesn't write.
  func named(beside chosen: String?) throws(AufdbError) -> OutputFormat? {
    guard let path, path != "-", let named = try OutputName(path).format else { return nil }
    if let chosen, chosen != named.rawValue {
      throw AufdbError(
        .usage, "--format \(chosen) doesn't go with a file of the name \(path)",
        hint: "leave out --format, or choose another name")
    }
    return named
  }

  /// Calls `body` with surroundings whose output is the file; after an error there is no file, or still the old one.
  ///
  /// - Throws: what `body` throws; `.usage` for a name of what aufdb doesn't write; `.refused`,
  ///   `.cannotCreateOutput`, `.inputOutput` of the file.
  func write(in surroundings: Surroundings, _ body: (Surroundings) throws -> Void) throws {
    guard let path, path != "-" else { return try body(surroundings) }
    let file = try OutputFile(path)
    var inner = surroundings
    inner.output = file.output
    inner.terminalColumns = nil
    try body(inner)
    try file.publish()
  }
}

extension OutputFileOption {
  /// One of several files: "questions-0003.jsonl" is the third of "questions.jsonl".
  func numbered(_ number: Int) -> OutputFileOption {
    var file = self
    file.path = path.map { NumberedFile.path($0, number) }
    return file
  }
}

/// What the name of a file says about its content.
struct OutputName {
  /// The last word of the name that isn't a compression's, if it names a format.
  let format: OutputFormat?
  let compression: Compression

  /// - Throws: `.usage` where the name promises what can't be written.
  init(_ path: String) throws(AufdbError) {
    let name = path.split(separator: "/").last ?? ""
    // What stands before the first point is no ending; a name that begins with a point has none there, either.
    var words = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().map { $0.lowercased() }
    switch words.last {
    case "zst", "zstd": compression = .zstd()
    case "gz": compression = .gzip()
    case let ending? where Self.otherCompressions.contains(ending):
      throw AufdbError(.usage, "\(path): .\(ending) can't be written", hint: "compress with .zst or .gz")
    default: compression = .none
    }
    if compression != .none { words.removeLast() }
    let ending = words.last ?? ""
    guard !Self.otherFormats.contains(ending) else {
      throw AufdbError(
        .usage, "\(path): .\(ending) can't be written",
        hint: "aufdb writes .csv, .tsv, .json, .jsonl, .md and, for people, .txt, each also with .zst or .gz")
    }
    format = Self.formats[ending]
  }

  private static let formats: [String: OutputFormat] = [
    "csv": .csv, "tsv": .tsv, "json": .json, "jsonl": .jsonl, "ndjson": .jsonl, "md": .markdown,
  ]

  private static let otherCompressions: Set<String> = ["bz2", "xz", "lz4", "zip", "br", "7z", "tar", "tgz"]

  /// Endings of formats in which rows are kept or shown elsewhere.
  private static let otherFormats: Set<String> = [
    "arrow", "aufdb", "avro", "bundle", "db", "db3", "docx", "dta", "duckdb", "feather", "h5", "hdf5", "html", "htm",
    "ipc", "msgpack", "npy", "npz", "ods", "orc", "parquet", "pdf", "pickle", "pkl", "pq", "rds", "safetensors", "sav",
    "sql", "sqlite", "sqlite3", "tex", "toml", "tfrecord", "xls", "xlsx", "xml", "yaml", "yml",
  ]
}

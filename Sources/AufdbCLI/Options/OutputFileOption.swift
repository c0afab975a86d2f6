// `--output`: a file for rows, in place of standard output.
//
// What its name ends in says how it is written: .zst or .gz compress, and before these, or without them, .csv, .tsv,
// .json, .jsonl (or .ndjson) and .md name a format, unless --format does. Where both do and differ, somebody has made a
// mistake.

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
  /// - Throws: `.usage` where the two differ.
  func format(_ option: FormatOption) throws(AufdbError) -> OutputFormat {
    try named(beside: option.choice?.rawValue) ?? option.format
  }

  /// The format that the file's name says, if it says one.
  ///
  /// - Parameter chosen: what --format says.
  /// - Throws: `.usage` where the two differ.
  func named(beside chosen: String?) throws(AufdbError) -> OutputFormat? {
    guard let path, path != "-", let named = OutputName(path).format else { return nil }
    if let chosen, chosen != named.rawValue {
      throw AufdbError(
        .usage, "--format \(chosen) doesn't go with a file of the name \(path)",
        hint: "leave out --format, or choose another name")
    }
    return named
  }

  /// Calls `body` with surroundings whose output is the file; after an error there is no file, or still the old one.
  ///
  /// - Throws: what `body` throws; `.usage` for a name of a compression that aufdb doesn't write; `.refused`,
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

/// What the name of a file says about its content.
struct OutputName {
  private let path: String
  /// The last word of the name that isn't a compression's.
  let format: OutputFormat?
  private let ending: String

  init(_ path: String) {
    self.path = path
    let name = path.split(separator: "/").last ?? ""
    // What stands before the first point is no ending; a name that begins with a point has none there, either.
    let words = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().map { $0.lowercased() }
    ending = words.last ?? ""
    let isCompressed = ["zst", "zstd", "gz"].contains(ending)
    format = Self.formats[(isCompressed ? words.dropLast().last : ending) ?? ""]
  }

  private static let formats: [String: OutputFormat] = [
    "csv": .csv, "tsv": .tsv, "json": .json, "jsonl": .jsonl, "ndjson": .jsonl, "md": .markdown,
  ]

  /// How it is compressed.
  ///
  /// - Throws: `.usage` where the name promises what can't be written.
  func compression() throws(AufdbError) -> Compression {
    switch ending {
    case "zst", "zstd": return .zstd()
    case "gz": return .gzip()
    case "bz2", "xz", "lz4", "zip", "br":
      throw AufdbError(.usage, "\(path): .\(ending) can't be written", hint: "compress with .zst or .gz")
    default: return .none
    }
  }
}

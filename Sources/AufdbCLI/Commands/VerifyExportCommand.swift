// `aufdb verify-export`: is an export's folder what its manifest says, and does its commit still give it?

import ArgumentParser
import Aufdb

struct VerifyExportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify-export",
    abstract: "Check an export's folder against its manifest, anywhere.",
    discussion: """
      Checks that every file that manifest.json names is there with its size, SHA-256 and rows, that every row has the \
      columns of the format, that nothing else lies among the data, and that the card names these columns and rows. \
      Says what is wrong, a line each, and then exits with 1.

      With --store it tells which commit of that store the export came from, makes the export again, in $TMPDIR or \
      /tmp, and compares. A file of evaluation prompts that the export was made with must be where it was; without it \
      the comparison is left out, and that is said.

      Examples:
        aufdb verify-export dpo
        aufdb verify-export dpo --store prefs.aufdb
        aufdb verify-export dpo --format json
      """)

  /// How findings are written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(help: ArgumentHelp("The folder that `aufdb export` made.", valueName: "folder"), completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("The store that the export is said to come from.", valueName: "store"))
  var store: String?

  @Option(help: ArgumentHelp("How to write it: text or json.", valueName: "format"))
  var format: Format = .text

  func run(in surroundings: Surroundings) throws {
    let bar = ProgressBar(in: surroundings)
    defer { bar.finish() }
    let verification = try ExportVerification(ofFolder: folder) { done, all in
      bar.update(Double(done) / Double(max(1, all)), "\(done) of \(all) files")
    }
    var comparison = ExportComparison()
    let origin = try findOrigin(of: verification, &comparison, surroundings)
    bar.finish()
    let findings = verification.findings + comparison.findings
    switch format {
    case .text: try writeText(verification, origin, comparison, surroundings)
    case .json:
      try surroundings.output.write(Self.json(verification, origin, comparison) + "\n")
    }
    guard findings.isEmpty else {
      throw AufdbError(
        .refused,
        "the export is not as it was written: \(findings.count) \(findings.count == 1 ? "finding" : "findings")",
        hint: "get it again from where it came from, or make it again with `aufdb export`")
    }
  }

  /// Looks for the commit in the store, if one is named, and compares what it gives.
  private func findOrigin(
    of verification: ExportVerification, _ comparison: inout ExportComparison, _ surroundings: Surroundings
  ) throws -> ExportOrigin? {
    guard let path = store else { return nil }
    let store = try Store(path, for: .reading)
    guard let commit = verification.commit else { return nil }
    guard let origin = try store.origin(ofCommit: commit) else {
      comparison.findings.append("\(path) has no commit \(commit.prefix(12))")
      return nil
    }
    guard verification.isSound else {
      comparison.notes.append("not compared with what the commit gives")
      return origin
    }
    let temporary = "\(surroundings.environment("TMPDIR") ?? "/tmp")/aufdb-verify-export"
    comparison = try store.compareExport(folder, makingBeside: temporary)
    return origin
  }

  private func writeText(
    _ verification: ExportVerification, _ origin: ExportOrigin?, _ comparison: ExportComparison,
    _ surroundings: Surroundings
  ) throws {
    let findings = verification.findings + comparison.findings
    for finding in findings { try surroundings.output.write("\(VisibleText.of(finding))\n") }
    if let origin {
      let name = origin.name.map { VisibleText.of($0) + ", " } ?? ""
      surroundings.writeError(
        "commit \(origin.commit.id.short): \(name)\(origin.commit.time), \(VisibleText.of(origin.commit.subject))\n")
    }
    for note in comparison.notes { surroundings.writeError("  \(VisibleText.of(note))\n") }
    guard findings.isEmpty, let format = verification.format else { return }
    let compared = comparison.isMade ? ", as its commit gives it" : ""
    surroundings.writeError(
      "ok: \(verification.rowCount) rows of \(format.rawValue) in \(verification.fileCount) files\(compared)\n")
  }

  private static func json(
    _ verification: ExportVerification, _ origin: ExportOrigin?, _ comparison: ExportComparison
  ) -> String {
    var writer = JSONWriter()
    func text(_ key: String, _ value: String?) {
      writer.key(key)
      if let value { writer.string(value) } else { writer.null() }
    }
    func list(_ key: String, _ values: [String]) {
      writer.key(key)
      writer.beginArray()
      for value in values { writer.string(value) }
      writer.endArray()
    }
    func number(_ key: String, _ value: Int) {
      writer.key(key)
      writer.int(Int64(value))
    }
    writer.beginObject()
    text("commit", verification.commit)
    number("files", verification.fileCount)
    list("findings", verification.findings + comparison.findings)
    text("format", verification.format?.rawValue)
    list("notes", comparison.notes)
    text("revision", origin?.name)
    number("rows", verification.rowCount)
    text("subject", origin?.commit.subject)
    text("time", origin?.commit.time)
    writer.endObject()
    return writer.text
  }
}

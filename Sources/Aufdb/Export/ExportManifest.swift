// manifest.json: what an export was made of, what is in it, and how to make it again.
//
// Keys are in alphabetical order, and nothing in it depends on the machine or the hour: the same commit and options
// give the same bytes. (The version of the compressing library is named because another one may compress to other
// bytes.)
//
//   labels = pairs + all that was omitted + joined_labels

import CZlib
import CZstd
import Crypto

extension ExportReport {
  /// The manifest's text, indented for people.
  ///
  /// - Parameter extraFiles: what else was written, beside the card and the data.
  func manifest(
    _ options: ExportOptions, _ provenance: LabelProvenance, _ extraFiles: [(name: String, text: String)]
  ) -> String {
    IndentedJSON.text(
      of: Operation.object([
        "aggregate": options.aggregation.map { rule in
          .json(Operation.object(["joined_labels": .integer(Int64(joinedCount)), "rule": .text(rule.rawValue)]))
        } ?? .null,
        "agreement": agreement.map { .json(Self.object($0)) } ?? .null,
        "aufdb": .text(AufdbVersion.current),
        "commit": .text(commit.description),
        "compression": .json(Self.compression(options.compression)),
        "extra_files": .list(extraFiles.map { .json(Self.object(name: $0.name, text: $0.text)) }),
        "files": .list(files.map { .json(Self.object($0)) }),
        "filters": .json(filters(options)),
        "format": .text(options.format.rawValue),
        "judges": .list(judges.map { .text($0) }),
        "labels": .integer(Int64(labelCount)),
        "methods": .list(provenance.methods.map { .text($0) }),
        "omitted": .json(
          Operation.object(
            Dictionary(
              uniqueKeysWithValues: OmissionReason.allCases.map { ($0.rawValue, .integer(Int64(omitted[$0] ?? 0))) }))),
        "options": .json(options.json),
        "pairs": .integer(Int64(pairCount)),
        "revision": .text(options.revision.description),
        "rows": .integer(Int64(rowCount)),
        "selections": .list(provenance.batches.map { .json(Self.object($0)) }),
        "snapshots": .list(provenance.snapshots.map { .text($0) }),
        "splits": .list(splits.map { .json(Self.object($0)) }),
        "statistics": .json(statistics.json),
      ]))
  }

  static func compression(_ compression: Compression) -> String {
    switch compression {
    case .none: return Operation.object(["codec": .text("none")])
    case .gzip(let level):
      let version = String(cString: zlibVersion())
      return Operation.object(["codec": .text("gzip"), "level": .integer(Int64(level)), "zlib": .text(version)])
    case .zstd(let level, _, let jobBytes):
      // One worker or more give the same bytes, which are not those of none.
      let version = String(cString: ZSTD_versionString())
      return Operation.object([
        "codec": .text("zstd"), "job_bytes": jobBytes == 0 ? .null : .integer(Int64(jobBytes)),
        "level": .integer(Int64(level)), "libzstd": .text(version), "workers": .flag(true),
      ])
    }
  }

  private static func object(_ agreement: AgreementReport) -> String {
    Operation.object([
      "alpha": number(agreement.alpha),
      "judges": .list(
        agreement.judges.map { judges in
          .json(
            Operation.object([
              "first": .text(judges.first), "kappa": number(judges.kappa), "pairs": .integer(Int64(judges.sharedCount)),
              "raw": .real(judges.raw), "second": .text(judges.second),
            ]))
        }),
      "pairs": .integer(Int64(agreement.pairCount)),
    ])
  }

  /// The filters that were asked for, with what each left out.
  private func filters(_ options: ExportOptions) -> String {
    let omitted = { (reason: OmissionReason) in Operation.Value.integer(Int64(self.omitted[reason] ?? 0)) }
    var filters: [String: Operation.Value] = [:]
    func add(_ name: String, _ value: Operation.Value, _ reason: OmissionReason) {
      filters[name] = .json(Operation.object(["omitted": omitted(reason), "value": value]))
    }
    if !options.judges.isEmpty { add("judge", .list(options.judges.map { .text($0) }), .otherJudge) }
    if !options.methods.isEmpty { add("method", .list(options.methods.map { .text($0) }), .otherMethod) }
    if let condition = options.condition { add("where", .text(condition), .condition) }
    if options.keepTies { add("keep_ties", .flag(true), .tie) }
    if options.hasMargin { add("margin", .flag(true), .noMargin) }
    if let minMargin = options.minMargin { add("min_margin", .real(minMargin), .smallMargin) }
    if let maxCharacters = options.maxCharacters { add("max_chars", .integer(Int64(maxCharacters)), .tooLong) }
    if options.dedupes { add("dedupe", .flag(true), .duplicatePrompt) }
    if !contaminations.isEmpty {
      filters["decontaminate"] = .json(
        Operation.object([
          "files": .list(contaminations.map { .json(Self.object($0)) }), "ngram": .integer(Int64(options.gramLength)),
          "omitted": omitted(.contaminated),
        ]))
    }
    return Operation.object(filters)
  }

  private static func object(_ contamination: ContaminationReport) -> String {
    Operation.object([
      "file": .text(contamination.file), "omitted": .integer(Int64(contamination.omittedCount)),
      "prompts": .integer(Int64(contamination.promptCount)), "sha256": .text(contamination.sha256),
    ])
  }

  private static func object(_ file: ExportFile) -> String {
    Operation.object([
      "bytes": .integer(Int64(file.sizeBytes)), "content_bytes": .integer(Int64(file.contentBytes)),
      "path": .text(file.path), "rows": .integer(Int64(file.rowCount)), "sha256": .text(file.sha256),
      "split": .text(file.split),
    ])
  }

  private static func object(name: String, text: String) -> String {
    let bytes = Array(text.utf8)
    return Operation.object([
      "bytes": .integer(Int64(bytes.count)), "path": .text(name),
      "sha256": .text(CommitID.hex(SHA256.hash(data: bytes))),
    ])
  }

  private static func object(_ batch: LabelProvenance.Batch) -> String {
    Operation.object([
      "batch": .integer(batch.batch), "method": .text(batch.method), "parameters": .json(batch.parameters),
      "seed": .integer(batch.seed), "snapshot": batch.snapshot.map { .text($0) } ?? .null,
    ])
  }

  private static func object(_ split: Split) -> String {
    Operation.object([
      "name": .text(split.name), "pairs": .integer(Int64(split.pairCount)), "rows": .integer(Int64(split.rowCount)),
      "share": .real(split.share),
    ])
  }

  static func number(_ value: Double?) -> Operation.Value { value.map { .real($0) } ?? .null }
}

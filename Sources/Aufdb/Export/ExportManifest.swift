// manifest.json: what an export was made of, what is in it, and how to make it again.
//
// Keys are in alphabetical order, and nothing in it depends on the machine or the hour: the same commit and options
// give the same bytes. (The version of libzstd is named because another one may compress to other bytes.)

import CZstd

extension ExportReport {
  /// The manifest's text, indented for people.
  func manifest(_ options: ExportOptions, _ provenance: LabelProvenance) -> String {
    IndentedJSON.text(
      of: Operation.object([
        "aufdb": .text(AufdbVersion.current),
        "commit": .text(commit.description),
        "compression": .json(
          Operation.object([
            "codec": .text("zstd"), "level": .integer(Int64(options.level)),
            "libzstd": .text(String(cString: ZSTD_versionString())),
            "workers": .integer(Int64(ExportOptions.workerCount)),
          ])),
        "files": .list(files.map { .json(Self.object($0)) }),
        "format": .text(options.format.rawValue),
        "judges": .list([.text(judge)]),
        "labels": .integer(Int64(labelCount)),
        "methods": .list(provenance.methods.map { .text($0) }),
        "omitted": .json(
          Operation.object(
            Dictionary(
              uniqueKeysWithValues: OmissionReason.allCases.map { ($0.rawValue, .integer(Int64(omitted[$0] ?? 0))) }))),
        "options": .json(
          Operation.object([
            "judge": options.judge.map { .text($0) } ?? .null, "keep_ties": .flag(options.keepTies),
            "shard_bytes": .integer(Int64(options.shardBytes)),
          ])),
        "revision": .text(options.revision.description),
        "rows": .integer(Int64(rowCount)),
        "selections": .list(provenance.batches.map { .json(Self.object($0)) }),
        "snapshots": .list(provenance.snapshots.map { .text($0) }),
      ]))
  }

  private static func object(_ file: ExportFile) -> String {
    Operation.object([
      "bytes": .integer(Int64(file.sizeBytes)), "content_bytes": .integer(Int64(file.contentBytes)),
      "path": .text(file.path), "rows": .integer(Int64(file.rowCount)), "sha256": .text(file.sha256),
      "split": .text(file.split),
    ])
  }

  private static func object(_ batch: LabelProvenance.Batch) -> String {
    Operation.object([
      "batch": .integer(batch.batch), "method": .text(batch.method), "parameters": .json(batch.parameters),
      "seed": .integer(batch.seed), "snapshot": batch.snapshot.map { .text($0) } ?? .null,
    ])
  }
}

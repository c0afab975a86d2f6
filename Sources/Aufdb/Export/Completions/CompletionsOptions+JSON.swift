// The options of an export of everything as JSON and back: the manifest's `options`, from which it can be made again.
// What changes no byte isn't there: where the folder is, whether it replaces another, how many threads make it.

extension CompletionsOptions {
  /// A JSON object, its keys in alphabetical order.
  var json: String {
    Operation.object([
      "compression": .text(codec.rawValue), "judge": judge.map { .text($0) } ?? .null,
      "level": usedLevel.map { .integer(Int64($0)) } ?? .null, "shard_bytes": .integer(Int64(shardBytes)),
    ])
  }

  private var usedLevel: Int? {
    switch codec {
    case .zstd: level ?? 3
    case .gzip: level ?? 6
    case .none: nil
    }
  }

  /// Reads the options that a manifest has; those that it doesn't have are the usual ones.
  ///
  /// - Throws: `.badData` for an option that is unknown or has a value that it can't have; `.usage` where they don't go
  ///   together.
  init(json: Bytes, directory: String, revision: Revision) throws(AufdbError) {
    self.init(directory: directory, revision: revision)
    try ExportOptions.forEachOption(of: json) { name, reader in try read(name, &reader) }
    try validate()
  }

  private mutating func read(_ name: String, _ reader: inout JSONReader) throws {
    switch name {
    case "compression":
      let word = try reader.stringValue()
      guard let codec = Compression.Codec(rawValue: word) else {
        throw AufdbError(.badData, "the option compression can't be \(word.quoted)")
      }
      self.codec = codec
    case "judge": judge = try reader.nullIfPresent() ? nil : try reader.stringValue()
    case "level": level = try reader.nullIfPresent() ? nil : Int(try reader.int())
    case "shard_bytes": shardBytes = Int(try reader.int())
    default:
      throw AufdbError(.badData, "there is no option \(name.quoted) of an export", hint: "a later aufdb may know it")
    }
  }
}

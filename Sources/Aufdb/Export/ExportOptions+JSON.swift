// The options of an export as JSON and back: the manifest's `options`, from which the same export can be made again.
//
// What isn't there: the format, the commit and the revision, which the manifest names elsewhere; and where the folder is,
// whether it replaces another, and how many threads make it, none of which changes a byte. Compression and level are
// those that were used, also where nobody asked for them.

extension ExportOptions {
  /// A JSON object, its keys in alphabetical order.
  var json: String {
    let (level, codec): (Operation.Value, Compression.Codec) =
      switch compression {
      case .zstd(let level, _, _): (.integer(Int64(level)), .zstd)
      case .gzip(let level): (.integer(Int64(level)), .gzip)
      case .none: (.null, .none)
      }
    let (shards, shardBytes): (Operation.Value, Operation.Value) =
      switch sharding {
      case .count(let count): (.integer(Int64(count)), .null)
      case .size(let bytes): (.null, .integer(Int64(bytes)))
      }
    return Operation.object([
      "aggregate": Self.value(aggregation?.rawValue),
      "compression": .text(codec.rawValue),
      "decontaminate": .list(decontamination.map { .text($0) }),
      "dedupe": .flag(dedupes),
      "judges": .list(judges.map { .text($0) }),
      "keep_ties": .flag(keepTies),
      "level": level,
      "margin": .flag(hasMargin),
      "max_chars": maxCharacters.map { .integer(Int64($0)) } ?? .null,
      "methods": .list(methods.map { .text($0) }),
      "min_margin": minMargin.map { .real($0) } ?? .null,
      "ngram": .integer(Int64(gramLength)),
      "shard_bytes": shardBytes,
      "shards": shards,
      "split_seed": .integer(splitSeed),
      "splits": .list(
        splits.map { .json(Operation.object(["name": .text($0.name), "share": .real($0.share)])) }),
      "style": Self.value(style?.rawValue),
      "system": Self.value(system),
      "where": Self.value(condition),
    ])
  }

  private static func value(_ text: String?) -> Operation.Value { text.map { .text($0) } ?? .null }

  /// Reads the options that a manifest has; those that it doesn't have are the usual ones.
  ///
  /// - Parameters:
  ///   - json: the object that `json` writes.
  ///   - format: the manifest's.
  ///   - directory: the folder to make.
  ///   - revision: what to export; the manifest's commit gives the same rows again.
  /// - Throws: `.badData` for an option that is unknown or has a value that it can't have; `.usage` where they don't go
  ///   together.
  init(json: Bytes, format: ExportFormat, directory: String, revision: Revision) throws(AufdbError) {
    self.init(format: format, directory: directory, revision: revision)
    try Self.forEachOption(of: json) { name, reader in try read(name, &reader) }
    try validate()
  }

  /// Goes through a manifest's options: `body` gets each one's name, and reads its value.
  static func forEachOption(
    of json: Bytes, _ body: (String, inout JSONReader) throws -> Void
  ) throws(AufdbError) {
    var reader = JSONReader()
    reader.begin(json)
    do {
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() { try body(key.text, &reader) }
      try reader.finish()
    } catch {
      throw AufdbError.from(error)
    }
  }

  private mutating func read(_ name: String, _ reader: inout JSONReader) throws {
    switch name {
    case "aggregate": aggregation = try Self.word(name, &reader)
    case "compression": codec = try Self.word(name, &reader)
    case "decontaminate": decontamination = try Self.texts(&reader)
    case "dedupe": dedupes = try reader.bool()
    case "judges": judges = try Self.texts(&reader)
    case "keep_ties": keepTies = try reader.bool()
    case "level": level = try Self.integer(&reader).map(Int.init)
    case "margin": hasMargin = try reader.bool()
    case "max_chars": maxCharacters = try Self.integer(&reader).map(Int.init)
    case "methods": methods = try Self.texts(&reader)
    case "min_margin": minMargin = try reader.nullIfPresent() ? nil : try reader.double()
    case "ngram": gramLength = try Self.integer(&reader).map(Int.init) ?? gramLength
    case "shard_bytes": if let bytes = try Self.integer(&reader) { sharding = .size(bytes: Int(bytes)) }
    case "shards": if let count = try Self.integer(&reader) { sharding = .count(Int(count)) }
    case "split_seed": splitSeed = try Self.integer(&reader) ?? splitSeed
    case "splits": splits = try Self.splits(&reader)
    case "style": style = try Self.word(name, &reader)
    case "system": system = try Self.text(&reader)
    case "where": condition = try Self.text(&reader)
    default:
      throw AufdbError(
        .badData, "there is no option \(name.quoted) of an export", hint: "a later aufdb may know it")
    }
  }

  private static func text(_ reader: inout JSONReader) throws(JSONError) -> String? {
    try reader.nullIfPresent() ? nil : try reader.stringValue()
  }

  private static func integer(_ reader: inout JSONReader) throws(JSONError) -> Int64? {
    try reader.nullIfPresent() ? nil : try reader.int()
  }

  private static func word<Word: RawRepresentable<String>>(_ name: String, _ reader: inout JSONReader) throws -> Word? {
    guard let text = try text(&reader) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw AufdbError(.badData, "the option \(name) can't be \(text.quoted)")
    }
    return word
  }

  private static func texts(_ reader: inout JSONReader) throws(JSONError) -> [String] {
    var texts: [String] = []
    try reader.beginArray()
    while try reader.nextElement() { texts.append(try reader.stringValue()) }
    return texts
  }

  private static func splits(_ reader: inout JSONReader) throws(JSONError) -> [ExportSplit] {
    var splits: [ExportSplit] = []
    try reader.beginArray()
    while try reader.nextElement() {
      var split = ExportSplit("", 0)
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "name": split.name = try reader.stringValue()
        case "share": split.share = try reader.double()
        default: _ = try reader.skipValue()
        }
      }
      splits.append(split)
    }
    return splits
  }
}

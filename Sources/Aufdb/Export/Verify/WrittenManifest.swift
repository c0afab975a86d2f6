// manifest.json as a check reads it: somebody else's file, of which nothing is believed.

/// What a manifest says of its folder.
struct WrittenManifest {
  /// One data file.
  struct File {
    var path = ""
    /// A training set's split; of an export of everything, the kind's name.
    var split = ""
    /// What a file of an export of everything holds.
    var kind: CompletionsFile.Kind?
    var rowCount = 0
    var sizeBytes = 0
    var contentBytes = 0
    var sha256 = ""
    var index: String?
    var encoder: String?
    var shape: (dimension: Int, element: String)?
  }

  /// A file beside the data.
  struct ExtraFile {
    var path = ""
    var sizeBytes = 0
    var sha256 = ""
  }

  var format = ExportFormat.dpo
  var commit = ""
  var aufdb = ""
  /// The versions of what compressed the files.
  var libraries: [String: String] = [:]
  var files: [File] = []
  var extraFiles: [ExtraFile] = []
  /// A training set's rows; of an export of everything, those of each relation.
  var rowCount: Int?
  var rowCounts: [String: Int] = [:]
  /// Of an export of everything: the names of the prompts' further fields; nil where they are too many.
  var fields: [String]?
  /// JSON object: the options, as the export was asked for.
  var options = ""
  var style: LlamaFactoryStyle?
  var hasMargin = false

  /// What all rows of a file have.
  func columns(of file: File) -> [Column] {
    file.kind?.columns ?? RowLayout(format: format, style: style, hasMargin: hasMargin).columns
  }
}

extension WrittenManifest {
  /// Reads a manifest.
  ///
  /// - Throws: `JSONError`; `.badData` without a place for what no manifest says.
  init(_ json: Bytes) throws {
    var reader = JSONReader()
    var (hasFormat, hasFiles) = (false, false)
    reader.begin(json)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "aufdb": aufdb = try reader.stringValue()
      case "commit": commit = try reader.stringValue()
      case "compression": try readCompression(&reader)
      case "extra_files": try Self.list(&reader) { extraFiles.append(try Self.extraFile(&$0)) }
      case "fields" where try reader.peekKind() == .array:
        var names: [String] = []
        try Self.list(&reader) { names.append(try $0.stringValue()) }
        fields = names
      case "files":
        hasFiles = true
        try Self.list(&reader) { files.append(try Self.file(&$0)) }
      case "format":
        let name = try reader.stringValue()
        guard let format = ExportFormat(rawValue: name) else {
          throw AufdbError(.badData, "there is no format \(name.quoted)")
        }
        self.format = format
        hasFormat = true
      case "options": try readOptions(&reader)
      case "rows":
        if try reader.peekKind() == .object {
          try Self.object(&reader) { key, reader in rowCounts[key.text] = try Self.count(&reader, "rows") }
        } else {
          rowCount = try Self.count(&reader, "rows")
        }
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard hasFormat, hasFiles else { throw Field.missing(hasFormat ? "files" : "format") }
    guard format == .completions else { return }
    for index in files.indices {
      guard let kind = CompletionsFile.Kind(rawValue: files[index].split) else {
        throw AufdbError(.badData, "a file is of the unknown kind \(files[index].split.quoted)")
      }
      files[index].kind = kind
    }
  }

  private mutating func readCompression(_ reader: inout JSONReader) throws {
    try Self.object(&reader) { key, reader in
      switch key {
      case "libzstd", "zlib": libraries[key.text] = try reader.stringValue()
      default: _ = try reader.skipValue()
      }
    }
  }

  private mutating func readOptions(_ reader: inout JSONReader) throws {
    let text = try reader.skipValue()
    options = String(decoding: text, as: UTF8.self)
    var inner = JSONReader()
    inner.begin(text)
    try Self.object(&inner) { key, reader in
      switch key {
      case "style" where try reader.peekKind() == .string: style = LlamaFactoryStyle(rawValue: try reader.stringValue())
      case "margin" where try reader.peekKind() == .bool: hasMargin = try reader.bool()
      default: _ = try reader.skipValue()
      }
    }
  }

  private static func file(_ reader: inout JSONReader) throws -> File {
    var file = File()
    var (dimension, element): (Int?, String?)
    try object(&reader) { key, reader in
      switch key {
      case "path": file.path = try reader.stringValue()
      case "split": file.split = try reader.stringValue()
      case "rows": file.rowCount = try count(&reader, "rows")
      case "bytes": file.sizeBytes = try count(&reader, "bytes")
      case "content_bytes": file.contentBytes = try count(&reader, "content_bytes")
      case "sha256": file.sha256 = try reader.stringValue()
      case "index": file.index = try reader.stringValue()
      case "encoder": file.encoder = try reader.stringValue()
      case "dimension": dimension = try count(&reader, "dimension")
      case "element": element = try reader.stringValue()
      default: _ = try reader.skipValue()
      }
    }
    if let dimension, let element { file.shape = (dimension, element) }
    return file
  }

  private static func extraFile(_ reader: inout JSONReader) throws -> ExtraFile {
    var file = ExtraFile()
    try object(&reader) { key, reader in
      switch key {
      case "path": file.path = try reader.stringValue()
      case "bytes": file.sizeBytes = try count(&reader, "bytes")
      case "sha256": file.sha256 = try reader.stringValue()
      default: _ = try reader.skipValue()
      }
    }
    return file
  }

  private static func count(_ reader: inout JSONReader, _ name: String) throws -> Int {
    Int(try Field.wholeNumber(&reader, name))
  }

  private static func list(_ reader: inout JSONReader, _ element: (inout JSONReader) throws -> Void) throws {
    try reader.beginArray()
    while try reader.nextElement() { try element(&reader) }
  }

  private static func object(
    _ reader: inout JSONReader, _ field: (JSONKey, inout JSONReader) throws -> Void
  ) throws {
    try reader.beginObject(uniqueKeys: false)
    while let key = try reader.nextKey() { try field(key, &reader) }
  }
}

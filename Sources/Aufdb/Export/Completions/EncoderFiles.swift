// An encoder's vectors as a .npy matrix (version 1.0, C order) and the index of its rows.
//
// The layout of .npy: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. The header says how many
// rows there are, so they are counted first.

/// Writes embeddings/NAME.npy and embeddings/NAME.index.jsonl.zst.
struct EncoderFiles {
  let encoder: String
  /// The names of the two files without their endings.
  let name: String
  private let shape: EmbeddingShape
  private let rowCount: Int
  private let rows: BornRows

  private static let condition = """
    x.encoder = ?3 AND \(BornRows.hasPrompt("x")) AND (x.model IS NULL OR \(BornRows.hasResponse("x")))
    """

  /// nil where the encoder has no vector of anything that is there.
  init?(_ encoder: String, name: String, at commit: Commit, in connection: Connection) throws {
    guard let shape = try connection.embeddingShape(of: encoder) else { return nil }
    let counter = try connection.statement("SELECT count(*) FROM embeddings AS x WHERE \(Self.condition)")
    counter.bind(3, .text(encoder))
    rowCount = try counter.step() ? Int(counter.integer(0)) : 0
    guard rowCount > 0 else { return nil }
    rows = try BornRows(
      .embeddings,
      """
      SELECT x.prompt_id, x.model, x.sample, x.element, x.vector FROM embeddings AS x
      WHERE x.id BETWEEN ?1 AND ?2 AND \(Self.condition) ORDER BY x.id
      """, .text(encoder), at: commit, in: connection)
    (self.encoder, self.name, self.shape) = (encoder, name, shape)
  }

  /// Writes both files into a folder, which has a folder `embeddings`.
  ///
  /// - Throws: `.badData` where a vector isn't like the encoder's others.
  func write(into folder: String, compression: Compression) throws -> [CompletionsFile] {
    let matrixPath = "embeddings/\(name).npy"
    let indexPath = "embeddings/\(name).index.jsonl\(compression.fileExtension)"
    let matrix = try HashedFile("\(folder)/\(matrixPath)", compression: .none)
    let index = try HashedFile("\(folder)/\(indexPath)", compression: compression)
    try header.withUnsafeBytes { try matrix.sink.write($0) }
    let vectorBytes = shape.dimension * (shape.element == .float16 ? 2 : 4)
    var line = JSONWriter()
    var row = 0
    try rows.lend { statement in
      let vector = statement.bytes(4)
      guard vector.count == vectorBytes, statement.string(3) == shape.element.rawValue else {
        throw AufdbError(
          .badData, "the store is damaged: not all vectors of \(encoder.quoted) are \(shape)",
          hint: "`aufdb verify STORE` says more")
      }
      try matrix.sink.write(vector)
      line.removeAll()
      line.beginObject()
      line.key("row")
      line.int(Int64(row))
      line.text("prompt_id", statement.bytes(0))
      line.optionalText("model", statement, 1)
      line.key("sample")
      line.int(statement.integer(2))
      line.endObject()
      line.newline()
      try line.withBytes { try index.sink.write($0) }
      row += 1
    }
    return [
      CompletionsFile(
        kind: .embeddings,
        file: try matrix.finish(matrixPath, split: CompletionsFile.Kind.embeddings.rawValue, rowCount: row),
        encoder: encoder,
        shape: shape, index: indexPath),
      CompletionsFile(
        kind: .index, file: try index.finish(indexPath, split: CompletionsFile.Kind.index.rawValue, rowCount: row),
        encoder: encoder),
    ]
  }

  /// The magic number, the version, and a dictionary padded so that the vectors begin at a multiple of 64.
  private var header: [UInt8] {
    let descr = shape.element == .float16 ? "<f2" : "<f4"
    var dictionary = Array(
      "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(rowCount), \(shape.dimension)), }".utf8)
    while (10 + dictionary.count + 1) % 64 != 0 { dictionary.append(UInt8(ascii: " ")) }
    dictionary.append(UInt8(ascii: "\n"))
    let length = dictionary.count
    return MatrixHeader.npyMagic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + dictionary
  }
}

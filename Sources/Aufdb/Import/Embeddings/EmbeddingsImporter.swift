// Puts embeddings into the store: goes through the index, and for each line fetches its row of the matrix.
//
// EmbeddingIndexLine.swift tells what the index looks like, MatrixHeader.swift what the matrix does. All vectors of an
// encoder have one shape, so that whoever reads them can lay them side by side.

final class EmbeddingsImporter: RecordImporter {
  private let options: EmbeddingOptions
  private let matrix: MatrixRows
  private let vector: StoredVector
  private var ledger: RowLedger
  private let settlement: Settlement
  private let embeddings: RowWriter
  private let responses: ResponseLookup
  private let promptLookup: SQLStatement
  private let embeddingLookup: SQLStatement
  /// The keys that came so far, where the encoder had no vector before: a key that isn't among them is new, and needs
  /// no look-up. nil where it had some.
  private var keys: HashTable?
  private var reader = JSONReader()

  /// What all vectors that it stores have in common.
  var shape: EmbeddingShape { vector.shape }

  /// - Parameter file: the matrix; `-` is standard input.
  /// - Throws: what is wrong with the matrix as far as its header tells, with its place; `StreamError`.
  init(_ file: String, _ options: EmbeddingOptions, _ state: ImportState) throws {
    try Store.checkName(options.encoder, "encoder")
    self.options = options
    matrix = try MatrixRows(path: file, tensor: options.tensor)
    vector = StoredVector(of: matrix.header, keepsFloat32: options.keepsFloat32)
    ledger = RowLedger(rowCount: matrix.header.rowCount, isAscending: matrix.isForwardOnly)
    settlement = state.settlement(alternative: "name another encoder with --encoder")
    let connection = state.change.connection
    embeddings = try state.change.writer(.embeddings)
    responses = try ResponseLookup(state)
    promptLookup = try connection.statement("SELECT 1 FROM prompts WHERE prompt_id = ?1")
    embeddingLookup = try connection.statement(
      """
      SELECT id, element, vector FROM embeddings
      WHERE prompt_id = ?1 AND model IS ?2 AND sample = ?3 AND encoder = ?4
      """)
    embeddingLookup.bind(4, .text(options.encoder))
    keys = try checkShape(in: connection) ? nil : HashTable()
  }

  /// Refuses what the encoder's other vectors can't be laid beside; says whether there are any.
  private func checkShape(in connection: Connection) throws(AufdbError) -> Bool {
    let element = matrix.header.element
    if options.keepsFloat32, element == .float16 {
      throw AufdbError(
        .usage, "the elements are float16: there is no float32 to keep", hint: "leave out --keep-float32",
        at: AufdbError.Place(file: matrix.name))
    }
    guard let stored = try connection.embeddingShape(of: options.encoder) else { return false }
    guard stored != shape else { return true }
    var hint = "name another encoder with --encoder"
    if stored.dimension == shape.dimension, element != .float16 {
      hint = "\(options.keepsFloat32 ? "leave out" : "add") --keep-float32, or \(hint)"
    }
    throw matrix.failure(
      "the store's vectors of \(options.encoder.quoted) are \(stored), and these would be \(shape)", hint: hint)
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    var line = try take(line)
    let prompt = try responses.prompt(line.promptID)
    if let model = line.model {
      line.sample = try responses.require(line.promptID, model, line.sample, in: prompt)
    } else if !prompt.isFolded {
      try requirePrompt(line.promptID)
    }
    line.promptID = prompt.id
    let row = try matrix.row(line.row)
    let bytes: Bytes
    do throws(AufdbError) {
      bytes = try vector.bytes(of: row, number: line.row)
    } catch {
      // It is about the matrix, and not about the line that leads there; but about this row of it alone.
      var failure = matrix.failure(error.message, hint: error.hint)
      failure.isAboutRecord = true
      throw failure
    }
    let isToBeInserted = try settlement.isToBeInserted(
      .embeddings, find(line, bytes), isFolded: prompt.isFolded, &report
    ) {
      "\(options.encoder)'s vector of \(line.owner) is there already and differs"
    }
    if isToBeInserted { try insert(line, bytes) }
  }

  /// Parses a line, and notes its row.
  private func take(_ line: Bytes) throws -> EmbeddingIndexLine {
    do {
      let line = try EmbeddingIndexLine(line, &reader)
      try ledger.take(line.row)
      return line
    } catch {
      ledger.loseLine()
      throw error
    }
  }

  /// Makes sure that index and matrix end together.
  ///
  /// - Throws: `.badData`, without a place where it is about the index; `StreamError`.
  func finish() throws {
    try ledger.finish()
    try matrix.finish()
  }

  private func requirePrompt(_ promptID: Bytes) throws {
    promptLookup.bind(1, unownedText: promptID)
    defer { promptLookup.reset() }
    guard try promptLookup.step() else {
      throw AufdbError(
        .badData, "there is no prompt '\(Field.excerpt(promptID))'", hint: "import the completions first")
    }
  }

  private func find(_ line: EmbeddingIndexLine, _ bytes: Bytes) throws -> Found {
    if keys?.insert(Self.hash(line)) == true { return .nothing }
    embeddingLookup.bind(1, unownedText: line.promptID)
    if let model = line.model {
      embeddingLookup.bind(2, unownedText: model)
    } else {
      embeddingLookup.bindNull(2)
    }
    embeddingLookup.bind(3, line.sample)
    defer { embeddingLookup.reset() }
    guard try embeddingLookup.step() else { return .nothing }
    let isSame =
      embeddingLookup.string(1) == shape.element.rawValue && embeddingLookup.bytes(2).isEqual(to: bytes)
    return isSame ? .same : .other(id: embeddingLookup.integer(0))
  }

  /// A hash of whose vector it is. Two keys that share one cost a look-up, and nothing else.
  private static func hash(_ line: EmbeddingIndexLine) -> UInt64 {
    var hash = UInt64(bitPattern: line.sample)
    for text in [line.promptID, line.model ?? Bytes(start: nil, count: 0)] {
      hash = (hash ^ UInt64(text.count)) &* 0x9E37_79B9_7F4A_7C15
      for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return hash &* 0x9E37_79B9_7F4A_7C15
  }

  private func insert(_ line: EmbeddingIndexLine, _ bytes: Bytes) throws {
    embeddings.text(options.encoder)
    embeddings.text(line.promptID)
    embeddings.optionalText(line.model)
    embeddings.integer(line.sample)
    embeddings.text(shape.element.rawValue)
    embeddings.blob(bytes)
    try embeddings.insert()
  }
}

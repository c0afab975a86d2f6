// The search of nearest: one pass over the vectors, and a heap of the best.

import GRDBSQLite

/// One answer.
struct Neighbour {
  let cosine: Double
  let promptID: [UInt8]
  /// nil for a prompt's own vector.
  let model: [UInt8]?
  let sample: Int64

  /// Whether it comes before another one: by a higher cosine, or an equal one and its key.
  func precedes(_ other: Neighbour) -> Bool {
    if cosine != other.cosine { return cosine > other.cosine }
    if promptID != other.promptID { return promptID.lexicographicallyPrecedes(other.promptID) }
    if model != other.model { return (model ?? []).lexicographicallyPrecedes(other.model ?? []) }
    return sample < other.sample
  }

  func isOf(_ found: NearestQuestion.Found) -> Bool {
    promptID == found.promptID && model == found.model && sample == found.sample
  }
}

/// One search.
struct NearestSearch: ~Copyable {
  private let question: NearestQuestion
  private let connection: Connection
  private let candidates: NearestQuestion.Candidates
  /// What the key stands for; nil for a vector.
  private let found: NearestQuestion.Found?
  private var best: NearestHeap
  /// The vector that all are compared with, once it is known how its bytes are to be read, and its elements squared.
  private var vector = EmbeddingVector()
  private var squares = 0.0
  /// Whose vectors are compared; known when there was one.
  private(set) var encoder = ""

  /// - Throws: `.refused` for a key without an embedding.
  init(_ question: NearestQuestion, in connection: Connection) throws(AufdbError) {
    self.question = question
    self.connection = connection
    best = NearestHeap(capacity: question.count)
    switch question.subject {
    case .vector:
      found = nil
      candidates = question.candidates ?? .responses
    case .key(let key):
      let found = try question.embedding(of: key, in: connection)
      self.found = found
      candidates = question.candidates ?? (found.model == nil ? .prompts : .responses)
    }
  }

  /// Reads all vectors.
  ///
  /// - Returns: the neighbours, the nearest first.
  /// - Throws: `.refused` for a vector that doesn't fit, and for vectors of several encoders; `.badData` for a stored
  ///   vector that is none.
  /// - Complexity: O(rows * dimension).
  mutating func neighbours() throws(AufdbError) -> [Neighbour] {
    let rows = try connection.statement(
      """
      SELECT vector, element, prompt_id, model, sample, encoder FROM embeddings
      WHERE model IS \(candidates == .prompts ? "" : "NOT ")NULL \(question.encoder == nil ? "" : "AND encoder = ?1")
      """)
    if let encoder = question.encoder { rows.bind(1, .text(encoder)) }
    guard try rows.step() else { throw try nothingToSearch() }
    let firstEncoder = Array(rows.bytes(5))
    encoder = rows.string(5)
    try setVector(like: rows)
    repeat {
      if question.encoder == nil {
        let isSame = firstEncoder.withUnsafeBytes { $0.isEqual(to: rows.text(5)) }
        guard isSame else { throw try connection.severalEncoders() }
      }
      try compare(rows)
    } while try rows.step()
    return best.sorted()
  }

  /// Decodes what is searched for, with elements as the first candidate has them where a vector was given.
  private mutating func setVector(like row: SQLStatement) throws(AufdbError) {
    let element = try element(of: row)
    switch question.subject {
    case .key:
      if let found {
        let owner = "the embedding of what is asked about"
        try setVector(found.vector, found.element, owner)
      }
    case .vector(let bytes):
      let stored = row.bytes(0).count
      guard bytes.count == stored else {
        let dimension = stored / element.byteCount
        throw AufdbError(
          .refused,
          "nearest: the vector has \(bytes.count) bytes, and those of \(encoder.quoted) have \(stored): "
            + "\(EmbeddingShape(dimension: dimension, element: element))")
      }
      try setVector(bytes, element, "the vector")
    }
  }

  private mutating func setVector(
    _ bytes: [UInt8], _ element: EmbeddingElement, _ owner: String
  ) throws(AufdbError) {
    do throws(AufdbError) {
      // A borrow of the array's bytes can't throw a typed error out of the closure and change self as well.
      try decode(bytes, element)
    } catch {
      throw AufdbError(.refused, "nearest: \(owner) is \(error.message)")
    }
    squares = vector.withValues { EmbeddingElement.float32.sums($0, $0.baseAddress).squares }
    guard squares.isFinite else { throw AufdbError(.refused, "nearest: an element of \(owner) is not finite") }
    guard squares > 0 else {
      throw AufdbError(.refused, "nearest: \(owner) is all zeros, and so has no angle to others")
    }
  }

  private mutating func decode(_ bytes: [UInt8], _ element: EmbeddingElement) throws(AufdbError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(AufdbError) in try vector.decode(bytes, as: element) }
  }

  private mutating func compare(_ row: SQLStatement) throws(AufdbError) {
    let element = try element(of: row)
    let bytes = row.bytes(0)
    guard bytes.count == vector.dimension * element.byteCount else {
      throw AufdbError(
        .refused,
        "nearest: the embedding of \(Self.name(row)) has \(bytes.count / element.byteCount) elements, and "
          + "what is searched for has \(vector.dimension)")
    }
    let sums = vector.withValues { element.sums($0, bytes.baseAddress) }
    guard sums.squares.isFinite else {
      throw AufdbError(.badData, "nearest: an element of the embedding of \(Self.name(row)) is not finite")
    }
    guard sums.squares > 0 else { return }
    let cosine = VectorFunctions.cosine(product: sums.product, squares, sums.squares)
    guard best.mayTake(cosine) else { return }
    let neighbour = Neighbour(
      cosine: cosine, promptID: Array(row.bytes(2)), model: row.isNull(3) ? nil : Array(row.bytes(3)),
      sample: row.integer(4))
    if let found, neighbour.isOf(found) { return }
    best.offer(neighbour)
  }

  private func element(of row: SQLStatement) throws(AufdbError) -> EmbeddingElement {
    guard let element = EmbeddingElement(named: row.text(1)) else {
      throw AufdbError(.badData, "the store is damaged: there is no element '\(row.string(1))'")
    }
    return element
  }

  private static func name(_ row: SQLStatement) -> String {
    let model = row.isNull(3) ? "" : " \(row.string(3)) \(row.integer(4))"
    return "\(row.string(2))\(model)".quoted
  }

  private func nothingToSearch() throws(AufdbError) -> AufdbError {
    let encoders = try connection.encoders()
    guard let encoder = question.encoder else {
      return AufdbError(
        .refused,
        encoders.isEmpty
          ? "nearest: the revision has no embeddings" : "nearest: the revision has no embeddings of \(candidates)")
    }
    guard !encoders.contains(encoder) else {
      return AufdbError(.refused, "nearest: the encoder \(encoder.quoted) has no embeddings of \(candidates)")
    }
    let names = encoders.isEmpty ? "none" : encoders.prefix(8).map(\.quoted).joined(separator: ", ")
    return AufdbError(.refused, "nearest: there are no embeddings of the encoder \(encoder.quoted), but of \(names)")
  }
}

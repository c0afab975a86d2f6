// Reading an answer with embeddings:
//
//   {"data": [{"index": 0, "embedding": [0.1, ...]}, ...], "usage": {"prompt_tokens": 12}}
//
// An embedding is a list of numbers, or base64 of float32, little-endian. Vectors come in any order, with their index;
// where none has one, in the order of the texts. Each is checked, rounded to the encoder's element and kept as the
// store has it. The tokens of the request are shared out evenly, because nobody says whose they are.

/// The vectors of one request.
struct EmbeddingsAnswer {
  /// In the order of the texts.
  private(set) var kept: [KeptAnswer] = []

  /// - Parameters:
  ///   - count: how many texts were sent.
  ///   - shape: that of every vector.
  /// - Throws: for what isn't JSON of that shape, another count of vectors, an index that is missing, repeated or out
  ///   of range, a vector of other dimensions, an element that is no number or too large for the encoder's element.
  /// - Complexity: O(length).
  init(body: [UInt8], count: Int, _ shape: EmbeddingShape) throws(ProtocolFault) {
    kept = try body.lend { bytes throws(ProtocolFault) in
      var parser = EmbeddingsParser(shape)
      do throws(JSONError) {
        try parser.read(bytes)
      } catch {
        throw ProtocolFault(error, body: bytes)
      }
      do throws(ModelFailure) {
        return try parser.answers(count: count)
      } catch {
        throw ProtocolFault(error.message, body: bytes)
      }
    }
  }
}

/// The vectors of an answer as they are met.
private struct EmbeddingsParser: ~Copyable {
  private struct Item {
    var index: Int?
    var vector: [UInt8]?
  }

  private var reader = JSONReader()
  private var items: [Item]?
  private var tokenCount = 0
  private var serverMessage: String?
  /// What is wrong with the first vector that is no good.
  private var fault: ModelFailure?
  private var vector: VectorReader

  init(_ shape: EmbeddingShape) { vector = VectorReader(shape) }

  mutating func read(_ body: Bytes) throws(JSONError) {
    reader.begin(body)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "data":
        var found: [Item] = []
        try reader.beginArray()
        while try reader.nextElement() { found.append(try readItem(number: found.count)) }
        items = found
      case "usage": try readUsage()
      case "error":
        guard try !reader.nullIfPresent() else { continue }
        serverMessage = ServerMessage(body: try reader.skipValue()).message
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
  }

  /// The vectors in the order of their indices.
  func answers(count: Int) throws(ModelFailure) -> [KeptAnswer] {
    if let serverMessage { throw ModelFailure("an error in place of an answer: \(serverMessage)") }
    guard let items else { throw ModelFailure("the answer has no data") }
    if let fault { throw fault }
    guard items.count == count else { throw ModelFailure("\(items.count) vectors for \(count) texts") }
    let hasIndices = items.contains { $0.index != nil }
    var vectors = [[UInt8]?](repeating: nil, count: count)
    for (place, item) in items.enumerated() {
      guard let vector = item.vector else { throw ModelFailure("vector \(place) is missing") }
      guard let index = hasIndices ? item.index : place else { throw ModelFailure("vector \(place) has no index") }
      guard vectors.indices.contains(index) else { throw ModelFailure("a vector has the index \(index) of \(count)") }
      guard vectors[index] == nil else { throw ModelFailure("the index \(index) stands twice") }
      vectors[index] = vector
    }
    let (share, rest) = tokenCount.quotientAndRemainder(dividingBy: max(count, 1))
    return vectors.enumerated().map { .vector($1 ?? [], tokens: share + ($0 < rest ? 1 : 0)) }
  }

  private mutating func readItem(number: Int) throws(JSONError) -> Item {
    var item = Item()
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "index": if try !reader.nullIfPresent() { item.index = Int(try reader.int()) }
      case "embedding":
        guard try !reader.nullIfPresent() else { continue }
        try vector.read(&reader)
        do throws(ModelFailure) {
          item.vector = try vector.stored(number)
        } catch {
          fault = fault ?? error
        }
      default: _ = try reader.skipValue()
      }
    }
    return item
  }

  private mutating func readUsage() throws(JSONError) {
    guard try !reader.nullIfPresent() else { return }
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_tokens": tokenCount = try reader.tokenCount() ?? 0
      default: _ = try reader.skipValue()
      }
    }
  }
}

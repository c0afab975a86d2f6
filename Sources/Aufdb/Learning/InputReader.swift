// Reads responses as rows of what a reward head sees: the embedding, then the other features, not scaled yet.
//
// Always by prompt: one seek in the index of the natural key, and then a prompt's rows one after the other, which lie
// together where they came in together. The order of a prompt's responses is that of (model, sample) by bytes, as for
// selection; so whatever is computed from them doesn't depend on the order in which they were stored.

import AufdbReward

/// One prompt's responses and their rows.
struct InputGroup {
  var promptID: [UInt8] = []
  var responses: [ResponseKey] = []
  /// responses.count x the reader's inputCount, row after row.
  var rows: [Float] = []

  /// The id as text, for messages and rows.
  var promptText: String { String(decoding: promptID, as: UTF8.self) }
}

/// Looks up one prompt after the other.
final class InputReader {
  let encoder: String
  let features: [InputFeature]
  let dimension: Int
  /// The length of a row.
  var inputCount: Int { dimension + features.count - 1 }

  private let connection: Connection
  private let prefix: String
  private let rows: SQLStatement

  /// - Parameter prefix: of the views to read.
  /// - Throws: `.refused` where the encoder has no vector of any response.
  init(encoder: String, features: [InputFeature], prefix: String = "", in connection: Connection) throws {
    self.encoder = encoder
    self.features = features
    self.connection = connection
    self.prefix = prefix
    let size = try connection.first(
      """
      SELECT length(vector) / iif(element = 'f16', 2, 4) FROM \(prefix)embeddings
      WHERE encoder = ?1 AND model IS NOT NULL LIMIT 1
      """, .text(encoder)
    ) { Int($0.integer(0)) }
    guard let size else {
      throw AufdbError(
        .refused, "there are no embeddings of an encoder '\(encoder)'",
        hint: "`aufdb import STORE VECTORS.npy --index FILE --encoder NAME` brings them in")
    }
    dimension = size
    let hasLength = features.contains(.logLength)
    rows = try connection.statement(
      """
      SELECT e.model, e.sample, e.element, e.vector\(hasLength ? ", length(t.response)" : "")
      FROM \(prefix)embeddings AS e
      \(hasLength ? """
        CROSS JOIN \(prefix)responses AS t ON t.prompt_id = e.prompt_id AND t.model = e.model AND t.sample = e.sample
        """ : "")
      WHERE e.prompt_id = ?1 AND e.model IS NOT NULL AND e.encoder = ?2 ORDER BY e.model, e.sample
      """)
    rows.bind(2, .text(encoder))
  }

  /// The prompts that have a response with an embedding, in the order of their ids.
  ///
  /// - Complexity: a scan of an index; holds the ids.
  func promptIDs() throws -> [[UInt8]] {
    let ids = try connection.statement(
      """
      SELECT DISTINCT prompt_id FROM \(prefix)embeddings WHERE encoder = ?1 AND model IS NOT NULL ORDER BY prompt_id
      """)
    ids.bind(1, .text(encoder))
    var all: [[UInt8]] = []
    while try ids.step() { all.append(Array(ids.text(0))) }
    return all
  }

  /// A prompt's responses; none for a prompt that isn't there.
  func group(_ promptID: [UInt8]) throws -> InputGroup {
    var group = InputGroup()
    var vector = EmbeddingVector()
    try read(promptID, into: &group, &vector)
    return group
  }

  /// The same into memory that is used again.
  func read(_ promptID: [UInt8], into group: inout InputGroup, _ vector: inout EmbeddingVector) throws {
    group.promptID = promptID
    group.responses.removeAll(keepingCapacity: true)
    group.rows.removeAll(keepingCapacity: true)
    try promptID.withUnsafeBytes { id in
      rows.bind(1, unownedText: id)
      defer { rows.reset() }
      while try rows.step() {
        try vector.decode(rows, 2)
        guard vector.dimension == dimension else {
          throw AufdbError(
            .badData,
            "the store is damaged: embeddings of '\(encoder)' have \(dimension) and \(vector.dimension) elements")
        }
        group.responses.append(ResponseKey(model: rows.string(0), sample: rows.integer(1)))
        vector.withValues { group.rows.append(contentsOf: $0) }
        if features.contains(.logLength) {
          group.rows.append(InputFeature.logLength(codePointCount: Int(rows.integer(4))))
        }
      }
    }
  }
}

extension InputGroup {
  /// Drops responses that aren't meant.
  mutating func keep(width: Int, where isMeant: (ResponseKey) -> Bool) {
    var count = 0
    for (index, response) in responses.enumerated() where isMeant(response) {
      if count < index {
        responses[count] = response
        for column in 0..<width { rows[count * width + column] = rows[index * width + column] }
      }
      count += 1
    }
    responses.removeLast(responses.count - count)
    rows.removeLast(rows.count - count * width)
  }

  /// Says which response an error is about.
  ///
  /// - Parameter firstRow: which of the rows that the error counts is the group's first.
  func naming(_ error: EmbeddingError, firstRow: Int = 0) -> AufdbError {
    var who = "the prompt '\(promptText)'"
    if case .outOfRange(let row, _, _) = error, responses.indices.contains(row - firstRow) {
      who = "the response of \(responses[row - firstRow].model) to '\(promptText)'"
    }
    return AufdbError(.badData, "\(who): \(error)", hint: error.hint)
  }
}

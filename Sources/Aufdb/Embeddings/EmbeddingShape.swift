// What all vectors of one encoder have in common.

/// An encoder's dimension and element type.
public struct EmbeddingShape: Sendable, Equatable, CustomStringConvertible {
  /// How many elements a vector has.
  public var dimension: Int
  public var element: EmbeddingElement

  public init(dimension: Int, element: EmbeddingElement) {
    self.dimension = dimension
    self.element = element
  }

  /// "384 x f16"
  public var description: String { "\(dimension) x \(element.rawValue)" }
}

extension Connection {
  /// The shape of an encoder's vectors as the relation embeddings shows them; nil where there are none.
  ///
  /// - Throws: `.badData` where the store holds what is no vector.
  /// - Complexity: one entry of the index on embeddings, or all of them where the encoder has no vector.
  func embeddingShape(of encoder: String) throws(AufdbError) -> EmbeddingShape? {
    // The key comes from the index alone, so that an encoder without vectors costs no look at anybody else's.
    let found = try first(
      """
      SELECT e.element, length(e.vector)
      FROM (SELECT prompt_id, model, sample FROM embeddings WHERE encoder = ?1 LIMIT 1) AS k
      CROSS JOIN embeddings AS e
        ON e.prompt_id = k.prompt_id AND e.model IS k.model AND e.sample = k.sample AND e.encoder = ?1
      LIMIT 1
      """, .text(encoder)
    ) { ($0.string(0), Int($0.integer(1))) }
    guard let (name, sizeBytes) = found else { return nil }
    guard let element = EmbeddingElement(rawValue: name), sizeBytes > 0, sizeBytes % element.byteCount == 0 else {
      throw AufdbError(.badData, "the store is damaged: a vector of \(sizeBytes) bytes of '\(name)'")
    }
    return EmbeddingShape(dimension: sizeBytes / element.byteCount, element: element)
  }
}

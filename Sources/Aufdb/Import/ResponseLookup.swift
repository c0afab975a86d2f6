// Whether a response is there that something which comes in speaks of.

/// Looks responses up by their natural key, through its index.
struct ResponseLookup {
  private let lookup: SQLStatement

  init(in connection: Connection) throws {
    lookup = try connection.statement(
      "SELECT 1 FROM responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3")
  }

  /// Makes sure that a response is there. Its prompt is there then, too: none goes before its responses.
  ///
  /// - Throws: `.badData` without a place.
  func require(_ promptID: Bytes, _ model: Bytes, _ sample: Int64) throws {
    lookup.bind(1, unownedText: promptID)
    lookup.bind(2, unownedText: model)
    lookup.bind(3, sample)
    defer { lookup.reset() }
    guard try lookup.step() else {
      throw AufdbError(
        .badData,
        "there is no response of \(Field.excerpt(model)) (sample \(sample)) to the prompt "
          + "'\(Field.excerpt(promptID))'", hint: "import the completions first")
    }
  }
}

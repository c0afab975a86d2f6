// The rows of responses: found by their natural key or by their text, and written.

/// Looks responses up, and inserts them.
struct ResponseRows {
  private let responses: RowWriter
  private let lookup: SQLStatement
  private let listing: SQLStatement

  init(into change: Change) throws {
    responses = try change.writer(.responses)
    lookup = try change.connection.statement(
      """
      SELECT id, response, system_prompt, principle, metadata FROM responses
      WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3
      """)
    listing = try change.connection.statement(
      "SELECT sample, response FROM responses WHERE prompt_id = ?1 AND model = ?2 ORDER BY sample")
  }

  /// What stands under a number of a model's responses.
  ///
  /// - Parameters:
  ///   - metadata: that of `response`.
  ///   - isTextOnly: whether its text is all that is said of it.
  func find(
    _ promptID: Bytes, _ response: PromptRecord.Response, sample: Int64, metadata: Bytes?, isTextOnly: Bool
  ) throws -> Found {
    lookup.bind(1, unownedText: promptID)
    lookup.bind(2, unownedText: response.model)
    lookup.bind(3, sample)
    defer { lookup.reset() }
    guard try lookup.step() else { return .nothing }
    let isSame =
      Field.isEqual(lookup, 1, response.text)
      && (isTextOnly
        || Field.isEqual(lookup, 2, response.systemPrompt) && Field.isEqual(lookup, 3, response.principle)
          && Field.isEqual(lookup, 4, metadata))
    return isSame ? .same : .other(id: lookup.integer(0))
  }

  /// Looks for a text among all responses of a model to a prompt.
  ///
  /// - Returns: the number of the first that has it, if one has; and otherwise the first number after all of theirs.
  /// - Complexity: O(the model's responses to the prompt).
  func find(_ text: Bytes, _ promptID: Bytes, _ model: Bytes) throws -> (sample: Int64?, free: Int64) {
    listing.bind(1, unownedText: promptID)
    listing.bind(2, unownedText: model)
    defer { listing.reset() }
    var free: Int64 = 0
    while try listing.step() {
      if Field.isEqual(listing, 1, text) { return (listing.integer(0), 0) }
      free = listing.integer(0) + 1
    }
    return (nil, free)
  }

  static func conflict(_ promptID: Bytes, _ model: Bytes) -> String {
    "the response of \(Field.excerpt(model)) to '\(Field.excerpt(promptID))' is there already with another content"
  }

  func insert(_ promptID: Bytes, _ response: PromptRecord.Response, sample: Int64, metadata: Bytes?) throws {
    responses.text(promptID)
    responses.text(response.model)
    responses.integer(sample)
    responses.text(response.text)
    responses.optionalText(response.systemPrompt)
    responses.optionalText(response.principle)
    responses.optionalText(metadata)
    try responses.insert()
  }
}

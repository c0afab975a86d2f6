// Whether a response is there that something which comes in speaks of.
//
// What comes in mostly speaks of one prompt's responses one after the other. So the second record of a prompt has all of
// its responses read, and the rest is found in memory: a search of the index a prompt and not a record.

/// Looks responses up by their natural key, through its index.
final class ResponseLookup {
  private let lookup: SQLStatement
  private let folding: PromptFolding
  private var responses: PromptResponses

  init(_ state: ImportState) throws {
    lookup = try state.change.connection.statement(
      "SELECT 1 FROM responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3")
    folding = state.folding
    responses = try PromptResponses(in: state.change.connection)
  }

  /// The prompt that is meant by a name: another one where this one was folded into it.
  ///
  /// - Returns: its id, in place until the next call.
  func prompt(_ promptID: Bytes) throws -> (id: Bytes, isFolded: Bool) {
    guard let target = try folding.target(of: promptID) else { return (promptID, false) }
    return (target, true)
  }

  /// Makes sure that a response is there. Its prompt is there then, too: none goes before its responses.
  ///
  /// - Parameters:
  ///   - promptID: the prompt as it was named.
  ///   - prompt: the one that is meant.
  /// - Returns: the response's number there.
  /// - Throws: `.badData` without a place.
  func require(
    _ promptID: Bytes, _ model: Bytes, _ sample: Int64, in prompt: (id: Bytes, isFolded: Bool)
  ) throws -> Int64 {
    let found = prompt.isFolded ? try folding.sample(of: promptID, model, sample) : sample
    if try responses.contain(prompt.id, model, found) { return found }
    lookup.bind(1, unownedText: prompt.id)
    lookup.bind(2, unownedText: model)
    lookup.bind(3, found)
    defer { lookup.reset() }
    guard try lookup.step() else {
      throw AufdbError(
        .badData,
        "there is no response of \(Field.excerpt(model)) (sample \(sample)) to the prompt "
          + "'\(Field.excerpt(promptID))'", hint: "import the completions first")
    }
    return found
  }
}

// Responses that a snapshot or an encoder says nothing of, though the method should see all of a prompt's.

/// The responses of the prompts that are asked which lack what the method needs.
struct CoverageGaps {
  private(set) var responseCount = 0
  private(set) var promptCount = 0
  private var firstNames: [String] = []
  private let sources: CandidateSources

  /// - Complexity: an index look-up a response.
  init(_ sources: CandidateSources, prefix: String, scope: PromptScope, in connection: Connection) throws {
    self.sources = sources
    let lacking = [
      sources.snapshot.map { _ in ("estimates", "snapshot = ?1") },
      sources.encoder.map { _ in ("embeddings", "encoder = ?2") },
    ].compactMap(\.self).map { relation, owner in
      """
      NOT EXISTS (SELECT 1 FROM \(prefix)\(relation) AS e WHERE e.prompt_id = r.prompt_id AND e.model = r.model
        AND e.sample = r.sample AND e.\(owner))
      """
    }.joined(separator: " OR ")
    let rows = try connection.statement(
      """
      SELECT r.prompt_id, r.model, r.sample FROM \(prefix)responses AS r WHERE \(lacking)
      ORDER BY r.prompt_id, r.model, r.sample
      """)
    if let snapshot = sources.snapshot { rows.bind(1, .text(snapshot)) }
    if let encoder = sources.encoder { rows.bind(2, .text(encoder)) }
    var prompt: (id: String, isAsked: Bool)?
    while try rows.step() {
      let promptID = rows.string(0)
      if prompt?.id != promptID {
        prompt = (promptID, try scope.exclusion(of: rows.text(0)) == nil)
        if prompt?.isAsked == true { promptCount += 1 }
      }
      guard prompt?.isAsked == true else { continue }
      responseCount += 1
      let sample = rows.integer(2)
      if firstNames.count < 3 { firstNames.append("\(promptID) \(rows.string(1))\(sample == 0 ? "" : " \(sample)")") }
    }
  }

  /// - Parameter widerSnapshot: one that has estimates of more of these prompts' responses, if there is any.
  func error(widerSnapshot: String?) -> AufdbError {
    let more = responseCount > firstNames.count ? " ..." : ""
    return AufdbError(
      .refused,
      """
      \(Relation.responses.phrase(responseCount)) of \(Relation.prompts.phrase(promptCount)) \
      \(responseCount == 1 ? "lacks" : "lack") an \
      \(sources.coverText): \(firstNames.joined(separator: ", "))\(more)
      """,
      hint: (widerSnapshot.map { "the snapshot '\($0)' has estimates of more; " } ?? "")
        + "--allow-partial selects among the others; --where chooses prompts")
  }
}

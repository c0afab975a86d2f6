// What rows refer to: which columns name a row of another relation.

extension Relation {
  /// For each thing that a row of this relation refers to, a condition over its view that holds where it is missing.
  var missingReferences: [String] {
    func isMissing(_ columns: String, from parent: String, _ parentColumns: String) -> String {
      "(\(columns)) NOT IN (SELECT \(parentColumns) FROM \(parent))"
    }
    let response = "prompt_id, model, sample"
    let endpoint = "iif(json_valid(definition), definition ->> '$.endpoint', NULL)"
    func responses(_ one: String, _ other: String) -> [String] {
      [one, other].map { isMissing("prompt_id, \($0)_model, \($0)_sample", from: "responses", response) }
    }
    return switch self {
    // What an iteration names is told for the record: a merge or a revert may take it away.
    case .prompts, .snapshots, .rewardHeads, .progress, .queries: []
    // A judge asks a model, and so does an encoder that has no server of its own.
    case .definitions:
      [
        "\(endpoint) IS NOT NULL AND "
          + isMissing(endpoint, from: "definitions WHERE kind = 'model'", "name || '@' || version")
      ]
    case .responses: [isMissing("prompt_id", from: "prompts", "prompt_id")]
    case .scores: [isMissing(response, from: "responses", response)]
    case .estimates:
      [
        isMissing(response, from: "responses", response),
        isMissing("snapshot", from: "snapshots", "snapshot"),
      ]
    case .embeddings:
      [
        "model IS NOT NULL AND " + isMissing(response, from: "responses", response),
        "model IS NULL AND " + isMissing("prompt_id", from: "prompts", "prompt_id"),
      ]
    case .selections: responses("first", "second")
    case .labels: responses("chosen", "rejected")
    }
  }
}

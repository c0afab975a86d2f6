// The names of fields that records are read by, in one place: those that a map may give other names for.

/// The fields that some kind of record has.
enum KnownFields {
  /// Those of a record itself.
  static let ofRecords: [String] =
    [
      "prompt_id", "prompt", "source", "instruction", "completions", "models", "model", "sample", "response",
      "response_text", "system_prompt", "principle", "judge", "score", "critique", "aspects", "reward", "lower",
      "upper", "heads", "snapshot", "chosen", "rejected", "tie", "method", "batch", "row",
    ] + PairField.all.map(\.name.description)

  /// Those of the objects in a record's lists, by the list's name.
  static let ofElements: [String: [String]] = [
    "completions": [
      "model", "sample", "response_text", "response", "system_prompt", "custom_system_prompt", "principle", "critique",
      "overall_score", "annotations",
    ],
    "prompt": message, "chosen": message, "rejected": message,
  ]

  private static let message = ["role", "content"]

  /// All of them, as a map names them: `model`, `completions[].model`.
  static let all: [String] =
    ofRecords
    + ofElements.sorted { $0.key < $1.key }.flatMap { list, fields in fields.map { "\(list)[].\($0)" } }
}

// The forms of a training set, and the columns that each has.

/// What a trainer reads.
///
/// In both, every key stands in every row, null where there is nothing, and a number always has a point or an exponent:
/// a reader that guesses types from the first rows guesses right.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// For preference optimisation, explicit and conversational: `prompt`, `chosen` and `rejected` are lists of messages,
  /// and the last two hold the assistant's answer alone.
  case dpo
  /// For reward models, implicit: `chosen` and `rejected` are whole conversations, and there is no `prompt`.
  case rm

  /// What a column holds.
  enum ColumnKind {
    case text
    case messages
    case number
  }

  /// The columns in the order in which a row has them.
  var columns: [(name: String, kind: ColumnKind)] {
    [("prompt_id", .text), ("source", .text)]
      + (self == .dpo ? [("prompt", .messages)] : [])
      + [
        ("chosen", .messages), ("rejected", .messages), ("chosen_model", .text), ("chosen_score", .number),
        ("rejected_model", .text), ("rejected_score", .number),
      ]
  }

  /// What the files may be compressed with: the first unless something else is asked for.
  var allowedCompressions: [Compression.Codec] { [.zstd, .gzip, .none] }

  /// What the files are compressed with unless something else is asked for.
  var defaultCompression: Compression.Codec { allowedCompressions.first ?? .none }
}

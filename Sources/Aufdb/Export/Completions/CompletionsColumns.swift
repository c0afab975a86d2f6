// The columns of what an export of everything writes as lines.

extension CompletionsFile.Kind {
  /// The columns of a line; of completions, those that every line has. Empty for a matrix.
  var columns: [Column] {
    let response = [Column("prompt_id", .text), Column("model", .text), Column("sample", .integer)]
    return switch self {
    case .completions:
      [
        Column("prompt_id", .text), Column("source", .text, isNullable: true), Column("prompt", .json),
        Column("completions", .list(.json)),
      ]
    case .scores:
      response + [
        Column("judge", .text), Column("score", .number, isNullable: true), Column("aspects", .text, isNullable: true),
        Column("critique", .text, isNullable: true),
      ]
    case .labels:
      [
        Column("prompt_id", .text), Column("chosen_model", .text), Column("chosen_sample", .integer),
        Column("rejected_model", .text), Column("rejected_sample", .integer), Column("judge", .text),
        Column("tie", .flag), Column("chosen_score", .number, isNullable: true),
        Column("rejected_score", .number, isNullable: true), Column("method", .text, isNullable: true),
        Column("batch", .integer, isNullable: true),
      ]
    case .estimates:
      [Column("snapshot", .text)] + response + [
        Column("reward", .number), Column("lower", .number), Column("upper", .number),
        Column("heads", .list(.number), isNullable: true),
      ]
    case .index:
      [
        Column("row", .integer), Column("prompt_id", .text), Column("model", .text, isNullable: true),
        Column("sample", .integer),
      ]
    case .embeddings: []
    }
  }

  /// The columns as a card names them; nil where it can't.
  ///
  /// - Parameter fields: the names of the fields that prompts have beside the format's own.
  func cardColumns(fields: [String]?) -> [Column]? {
    guard hasOtherFields else { return columns }
    return fields.map { columns + $0.map { Column($0, .json, isNullable: true) } }
  }

  /// Whether a line may have further fields: those that came in without a column.
  var hasOtherFields: Bool { self == .completions }
}

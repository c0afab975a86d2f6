// What a row of an export looks like: its format, and what the options add to it.

/// How LLaMA-Factory is to read a training set.
public enum LlamaFactoryStyle: String, CaseIterable, Sendable {
  case alpaca
  case sharegpt
}

/// The shape of every row of one export.
struct RowLayout: Sendable {
  var format: ExportFormat
  /// LLaMA-Factory's style; nil for every other format.
  var style: LlamaFactoryStyle?
  /// Whether there is a column `margin`. No row without a margin comes to the writer then.
  var hasMargin = false
  /// A system message for prompts that have none of their own.
  var system: String?

  /// The columns in the order in which a row has them.
  var columns: [(name: String, kind: ExportFormat.ColumnKind)] {
    format.columns + (hasMargin ? [("margin", .number)] : [])
  }
}

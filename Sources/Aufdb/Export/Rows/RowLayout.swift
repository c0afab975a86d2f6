// What a row of an export looks like: its format, and what the options add to it.
//
// Every key stands in every row, null where there is nothing (LLaMA-Factory's system is "" then), and a number that isn't
// a count always has a point or an exponent: a reader that guesses types from the first rows guesses right.
//
// LLaMA-Factory and, given a file, NeMo-RL do guess: they don't look at the card. A column that is null or empty in the
// first 10 MB and isn't later stops them, so their rows have no such column: no source, no scores, no alpaca history.

/// How LLaMA-Factory is to read a training set.
public enum LlamaFactoryStyle: String, CaseIterable, Sendable {
  /// Texts: a question and a system message, no more.
  case alpaca
  /// A list of turns.
  case sharegpt
}

/// The shape of every row of one export.
struct RowLayout: Sendable {
  var format: ExportFormat
  /// LLaMA-Factory's style, sharegpt if nil; nil for every other format.
  var style: LlamaFactoryStyle?
  /// Whether there is a column `margin`. No row without a margin comes to the writer then.
  var hasMargin = false
  /// A system message for prompts that have none of their own.
  var system: String?

  /// LLaMA-Factory's style where the format is that, sharegpt unless another is named.
  var llamaFactoryStyle: LlamaFactoryStyle { style ?? .sharegpt }

  /// The columns in the order in which a row has them.
  var columns: [Column] {
    let origin = [Column("prompt_id", .text), Column("source", .text, isNullable: true)]
    let models = [
      Column("chosen_model", .text), Column("chosen_score", .number, isNullable: true),
      Column("rejected_model", .text), Column("rejected_score", .number, isNullable: true),
    ]
    let margin = hasMargin ? [Column("margin", .number)] : []
    return switch format {
    case .dpo: origin + conversations(of: "prompt", "chosen", "rejected") + models + margin
    case .rm: origin + conversations(of: "chosen", "rejected") + models + margin
    case .kto:
      origin + conversations(of: "prompt", "completion")
        + [Column("label", .flag), Column("model", .text), Column("score", .number, isNullable: true)] + margin
    case .strings: origin + texts("prompt", "chosen", "rejected") + models + margin
    case .llamaFactory: texts("prompt_id") + llamaFactoryColumns + texts("chosen_model", "rejected_model") + margin
    case .nemo:
      texts("prompt_id") + conversations(of: "context")
        + [
          Column(
            "completions", .list(.object([Column("rank", .integer), Column("completion", .messages)])))
        ] + texts("chosen_model", "rejected_model") + margin
    case .ultrafeedbackBinarized:
      texts("prompt", "prompt_id") + conversations(of: "chosen", "rejected", "messages")
        + [
          Column("score_chosen", .number, isNullable: true), Column("score_rejected", .number, isNullable: true),
          Column("source", .text, isNullable: true), Column("chosen_model", .text), Column("rejected_model", .text),
        ] + margin
    case .completions: []
    }
  }

  /// The lines of the card that name the columns with their types.
  var features: String { columns.map { $0.yaml(indent: 2) }.joined() }

  private var llamaFactoryColumns: [Column] {
    switch llamaFactoryStyle {
    case .sharegpt:
      [
        Column("conversations", .list(.turn)), Column("chosen", .turn), Column("rejected", .turn),
        Column("system", .text),
      ]
    case .alpaca:
      texts("instruction", "input", "chosen", "rejected", "system")
    }
  }

  private func conversations(of names: String...) -> [Column] { names.map { Column($0, .messages) } }

  private func texts(_ names: String...) -> [Column] { names.map { Column($0, .text) } }

  /// - Throws: `.usage` for what the format can't have.
  func check(keepTies: Bool) throws(AufdbError) {
    guard style == nil || format == .llamaFactory else {
      throw AufdbError(.usage, "\(format.rawValue) has no styles", hint: "--style is for llama-factory")
    }
    guard system == nil || format != .strings else {
      throw AufdbError(
        .usage, "plain texts have no place for a system message", hint: "leave out --system, or export dpo")
    }
    guard !keepTies || format.canSayTies else {
      throw AufdbError(
        .usage, "\(format.rawValue) can't say that neither response is better", hint: "leave out --keep-ties")
    }
  }
}

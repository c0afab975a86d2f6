// The forms of what is exported, and what reads each.

/// What a trainer reads; or, as `completions`, what `import` does.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// For preference optimisation, explicit and conversational: `prompt`, `chosen` and `rejected` are lists of messages,
  /// and the last two hold the assistant's answer alone.
  case dpo
  /// For reward models, implicit: `chosen` and `rejected` are whole conversations, and there is no `prompt`.
  case rm
  /// Single answers, each good or bad: two rows a pair.
  case kto
  /// `prompt`, `chosen` and `rejected` as plain texts.
  case strings
  /// LLaMA-Factory's preference sets, with the dataset_info.json that it looks them up in.
  case llamaFactory = "llama-factory"
  /// NeMo-RL's ranked completions.
  case nemo
  /// The columns of HuggingFaceH4/ultrafeedback_binarized.
  case ultrafeedbackBinarized = "ultrafeedback-binarized"
  /// The whole store in the form in which it is imported.
  case completions

  /// The formats whose rows are preferences.
  public static let training = allCases.filter { $0 != .completions }

  /// What the files may be compressed with: the first unless something else is asked for.
  ///
  /// LLaMA-Factory goes by the last extension of a file's name and knows none of a compressed one
  /// (src/llamafactory/data/loader.py). NeMo-RL does so for a file, too, but opens a folder with `load_dataset`
  /// (nemo_rl/data/datasets/utils.py), which decompresses.
  var allowedCompressions: [Compression.Codec] {
    switch self {
    case .llamaFactory: [.none]
    case .nemo: [.none, .gzip, .zstd]
    default: [.zstd, .gzip, .none]
    }
  }

  /// What the files are compressed with unless something else is asked for.
  var defaultCompression: Compression.Codec { allowedCompressions.first ?? .none }

  /// Whether a split must be one file: LLaMA-Factory takes one file a set, or all files of a folder, which splits share.
  var isOneFilePerSplit: Bool { self == .llamaFactory }

  /// Whether its reader guesses the columns' types instead of taking them from the card.
  var isReadWithoutCard: Bool { self == .llamaFactory || self == .nemo }

  /// Whether a row can stand for a tie. A good and a bad answer can't, and NeMo-RL stops at equal ranks.
  var canSayTies: Bool { self != .kto && self != .nemo }

  /// What a user should know before training on it; nil where nothing is wrong with it.
  public var warning: String? {
    guard self == .ultrafeedbackBinarized else { return nil }
    return """
      TRL's trainers stop at these columns or, with a prompt of messages, train with the prompt repeated: \
      export dpo or rm for TRL
      """
  }
}

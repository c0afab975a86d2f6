// What the card says of each format: a tag, a title, what a row is, and how to train on it.

extension ExportFormat {
  /// The tag by which the hub finds such sets.
  var tag: String {
    switch self {
    case .dpo, .strings, .llamaFactory, .nemo, .ultrafeedbackBinarized: "dpo"
    case .rm: "reward-model"
    case .kto: "kto"
    case .completions: "completions"
    }
  }

  /// How the card's front matter begins, up to the list of configurations.
  var frontMatter: String {
    """
    ---
    license: other
    task_categories:
    - text-generation
    tags:
    - preference
    - \(tag)
    configs:
    """
  }

  var title: String {
    switch self {
    case .dpo: "Preference pairs for DPO"
    case .rm: "Preference pairs for a reward model"
    case .kto: "Good and bad answers for KTO"
    case .strings: "Preference pairs as plain texts"
    case .llamaFactory: "Preference pairs for LLaMA-Factory"
    case .nemo: "Ranked answers for NeMo-RL"
    case .ultrafeedbackBinarized: "Preference pairs in the columns of UltraFeedback, binarized"
    case .completions: "Prompts with responses, scores, labels, estimates and embeddings"
    }
  }
}

extension RowLayout {
  /// What a row is, for the card.
  var description: String {
    switch format {
    case .dpo:
      """
      Each row is a prompt with a chosen and a rejected response: `prompt`, `chosen` and `rejected` are lists of
      messages, and the last two hold the assistant's answer alone (explicit and conversational, in TRL's words).
      """
    case .rm:
      """
      Each row is a chosen and a rejected conversation, which begin with the same prompt: `chosen` and `rejected` are
      lists of messages, and there is no `prompt` column (implicit and conversational, in TRL's words).
      """
    case .kto:
      """
      Each row is a prompt with one response: `label` says whether it is the chosen one of a pair. A pair makes two
      rows, the chosen response first; a response that stands in several pairs stands in a row for each of them.
      """
    case .strings:
      """
      Each row is a prompt with a chosen and a rejected response, as three plain texts. Prompts of several messages
      can't be said so and are left out.
      """
    case .llamaFactory:
      """
      Each row is a prompt with a chosen and a rejected response, in LLaMA-Factory's \(llamaFactoryStyle.rawValue) style;
      `dataset_info.json` has an entry for each split. Prompts with other roles than system, user and assistant, or whose
      user and assistant don't take turns, are left out, because LLaMA-Factory would pass over them\(
        llamaFactoryStyle == .alpaca
          ? ";\nand so are those of several turns, which the sharegpt style has." : ".")
      """
    case .nemo:
      """
      Each row is a prompt (`context`) with two responses (`completions`), of which that of rank 0 is the chosen one.
      """
    case .ultrafeedbackBinarized:
      """
      Each row is a prompt as a text and two whole conversations, `chosen` and `rejected`, which begin with the prompt's
      messages; `messages` is the chosen one again.

      > TRL's trainers stop at these columns or, with a prompt of messages, train with the prompt repeated. For TRL,
      > export `dpo` or `rm`.
      """
    case .completions: ""
    }
  }

  /// How to train on it, as a code block of Markdown; nil where no trainer reads it as it is.
  ///
  /// - Parameter splits: their names.
  func training(splits: [String]) -> String? {
    let train = splits.first ?? "train"
    switch format {
    case .dpo: return Self.trl("DPO")
    case .rm: return Self.trl("Reward")
    case .kto: return Self.trl("KTO")
    case .strings: return Self.trl("DPO")
    case .llamaFactory:
      let evaluation = splits.dropFirst().first.map { "\neval_dataset: \($0)" } ?? ""
      return """
        ```yaml
        # of a configuration for `llamafactory-cli train`; stage may be rm, too
        stage: dpo
        dataset_dir: path/to/this/folder
        dataset: \(train)\(evaluation)
        ```
        """
    case .nemo:
      return """
        ```yaml
        # of a configuration for NeMo-RL's examples/run_dpo.py or run_rm.py; a folder is opened whatever the compression
        data:
          train:
            dataset_name: PreferenceDataset
            data_path: path/to/this/folder
            split: \(train)
        ```
        """
    case .ultrafeedbackBinarized, .completions: return nil
    }
  }

  private static func trl(_ name: String) -> String {
    """
    ```python
    from trl import \(name)Config, \(name)Trainer

    trainer = \(name)Trainer(model="your/model", args=\(name)Config(output_dir="out"), train_dataset=dataset)
    trainer.train()
    ```
    """
  }
}

// README.md of an export: the card that `datasets` reads, and below it a page for people.
//
// The card names every column with its type, because `datasets` otherwise guesses them from the first rows of each file
// and stops where two guesses differ. It checks `num_examples`; `num_bytes` must be there and is not checked, so it is
// the size of the rows, which depends on nothing else. (https://huggingface.co/docs/datasets/repository_structure)

extension ExportReport {
  /// The text of README.md.
  func card(_ options: ExportOptions, _ provenance: LabelProvenance) -> String {
    frontMatter(options.format) + "\n" + page(options, provenance)
  }

  private func frontMatter(_ format: ExportFormat) -> String {
    let tag =
      switch format {
      case .dpo: "dpo"
      case .rm: "reward-model"
      }
    let features = format.columns.map { column in
      switch column.kind {
      case .text: "  - name: \(column.name)\n    dtype: string\n"
      case .number: "  - name: \(column.name)\n    dtype: float64\n"
      case .messages:
        """
          - name: \(column.name)
            list:
            - name: role
              dtype: string
            - name: content
              dtype: string

        """
      }
    }
    let contentBytes = files.reduce(0) { $0 + $1.contentBytes }
    return """
      ---
      license: other
      task_categories:
      - text-generation
      tags:
      - preference
      - \(tag)
      configs:
      - config_name: default
        data_files:
        - split: train
          path: data/train-*.jsonl.zst
      dataset_info:
        features:
      \(features.joined())  splits:
        - name: train
          num_bytes: \(contentBytes)
          num_examples: \(rowCount)
      ---

      """
  }

  private func page(_ options: ExportOptions, _ provenance: LabelProvenance) -> String {
    let leftOut = omissions.map { "\(labelCount - rowCount) labels: \($0)" } ?? "nothing"
    return """
      # \(Self.title(options.format))

      \(Self.description(options.format))
      Written by aufdb \(AufdbVersion.current).

      | | |
      |---|---|
      | rows | \(rowCount) |
      | left out | \(leftOut) |
      | commit | `\(commit)` |
      | judge | \(Self.code(judge)) |
      | selected by | \(Self.codes(provenance.methods)) |
      | reward snapshots | \(Self.codes(provenance.snapshots)) |

      `manifest.json` lists the files with their SHA-256, and everything that is needed to make this folder again, byte
      for byte. The licence is that of the prompts and responses, which aufdb does not know.

      ## Load

      The files are compressed with Zstandard, for which `datasets` needs the `zstandard` package:
      `pip install datasets zstandard`.

      ```python
      from datasets import load_dataset

      dataset = load_dataset("path/to/this/folder", split="train")
      ```

      ## Train

      ```python
      \(Self.training(options.format))
      ```

      """
  }

  private static func title(_ format: ExportFormat) -> String {
    switch format {
    case .dpo: "Preference pairs for DPO"
    case .rm: "Preference pairs for a reward model"
    }
  }

  private static func description(_ format: ExportFormat) -> String {
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
    }
  }

  private static func training(_ format: ExportFormat) -> String {
    let (config, trainer) =
      switch format {
      case .dpo: ("DPOConfig", "DPOTrainer")
      case .rm: ("RewardConfig", "RewardTrainer")
      }
    return """
      from trl import \(config), \(trainer)

      trainer = \(trainer)(model="your/model", args=\(config)(output_dir="out"), train_dataset=dataset)
      trainer.train()
      """
  }

  private static func codes(_ names: [String]) -> String {
    names.isEmpty ? "-" : names.map(code).joined(separator: ", ")
  }

  /// A name as Markdown code in a table, where some characters would end it: the manifest has it as it is.
  private static func code(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { scalar in
      switch scalar {
      case "`": "'"
      case "|": "\\|"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: " "
      default: String(scalar)
      }
    }
    return "`\(scalars.joined())`"
  }
}

// README.md of an export: the card that `datasets` reads, and below it a page for people.
//
// The card names every column with its type, because `datasets` otherwise guesses them from the first rows of each file
// and stops where two guesses differ. It checks `num_examples`; `num_bytes` must be there and is not checked, so it is
// the size of the rows, which depends on nothing else. (https://huggingface.co/docs/datasets/repository_structure)

extension ExportReport {
  /// The text of README.md.
  func card(_ options: ExportOptions, _ provenance: LabelProvenance) -> String {
    frontMatter(options) + "\n" + page(options, provenance)
  }

  private func frontMatter(_ options: ExportOptions) -> String {
    let filled = splits.filter { $0.rowCount > 0 }
    let fileExtension = options.compression.fileExtension
    let dataFiles = filled.map { split in
      "  - split: \(split.name)\n    path: data/\(split.name)-*.jsonl\(fileExtension)\n"
    }
    let sizes = filled.map { split in
      let contentBytes = files.reduce(0) { $0 + ($1.split == split.name ? $1.contentBytes : 0) }
      return """
          - name: \(split.name)
            num_bytes: \(contentBytes)
            num_examples: \(split.rowCount)

        """
    }
    return """
      \(options.format.frontMatter)
      - config_name: default
        data_files:
      \(dataFiles.joined())dataset_info:
        features:
      \(options.layout.features)  splits:
      \(sizes.joined())---

      """
  }

  private func page(_ options: ExportOptions, _ provenance: LabelProvenance) -> String {
    """
    # \(options.format.title)

    \(options.layout.description)
    Written by aufdb \(AufdbVersion.current).

    | | |
    |---|---|
    | rows | \(rowCount) |
    | commit | `\(commit)` |
    | \(judges.count == 1 ? "judge" : "judges") | \(Self.codes(judges)) |
    | selected by | \(Self.codes(provenance.methods)) |
    | reward snapshots | \(Self.codes(provenance.snapshots)) |

    `manifest.json` lists the files with their SHA-256, and everything that is needed to make this folder again, byte
    for byte. The licence is that of the prompts and responses, which aufdb does not know.
    \(sections(options))
    ## Load

    \(Self.loading(options.compression))
    ```python
    from datasets import load_dataset

    dataset = load_dataset("path/to/this/folder", split="\(splits.first { $0.rowCount > 0 }?.name ?? "train")")
    ```
    \(training(options))
    """
  }

  private func training(_ options: ExportOptions) -> String {
    let names = splits.filter { $0.rowCount > 0 }.map(\.name)
    return options.layout.training(splits: names).map { "\n## Train\n\n\($0)\n" } ?? ""
  }

  static func loading(_ compression: Compression) -> String {
    guard compression.codec == .zstd else { return "`pip install datasets`.\n" }
    return """
      The files are compressed with Zstandard, for which `datasets` needs the `zstandard` package:
      `pip install datasets zstandard`.

      """
  }

  static func codes(_ names: [String]) -> String {
    names.isEmpty
      ? "-"
      : names.prefix(30).map(code).joined(separator: ", ") + (names.count > 30 ? " and \(names.count - 30) more" : "")
  }

  /// A name as Markdown code in a table, where some characters would end it: the manifest has it as it is.
  static func code(_ name: String) -> String {
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

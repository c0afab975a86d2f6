// README.md of an export of everything: a configuration for each kind of rows, so that `load_dataset(folder, "labels")`
// gives the labels.
//
// Of completions, what has any shape is named as JSON, and so are the fields that prompts have beside the format's own.

extension CompletionsReport {
  private static let kinds: [CompletionsFile.Kind] = [.completions, .scores, .labels, .estimates]

  private func files(_ kind: CompletionsFile.Kind) -> [ExportFile] { files.filter { $0.kind == kind }.map(\.file) }

  /// The text of README.md.
  func card(_ options: CompletionsOptions) -> String {
    let kinds = Self.kinds.filter { !files($0).isEmpty }
    return frontMatter(kinds, options.compression) + "\n" + page(kinds, options.compression)
  }

  private func frontMatter(_ kinds: [CompletionsFile.Kind], _ compression: Compression) -> String {
    let configurations = kinds.map { kind in
      """
      - config_name: \(kind.rawValue)
        data_files:
        - split: train
          path: data/\(kind.rawValue)-*.jsonl\(compression.fileExtension)

      """ + (kind == .completions ? "  default: true\n" : "")
    }
    let infos = kinds.compactMap { kind -> String? in
      guard let columns = kind.cardColumns(fields: fields) else { return nil }
      let files = files(kind)
      return """
        - config_name: \(kind.rawValue)
          features:
        \(columns.map { $0.yaml(indent: 2) }.joined())  splits:
          - name: train
            num_bytes: \(files.reduce(0) { $0 + $1.contentBytes })
            num_examples: \(files.reduce(0) { $0 + $1.rowCount })

        """
    }
    return """
      \(ExportFormat.completions.frontMatter)
      \(configurations.joined())\(infos.isEmpty ? "" : "dataset_info:\n" + infos.joined())---

      """
  }

  private func page(_ kinds: [CompletionsFile.Kind], _ compression: Compression) -> String {
    let names = kinds.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    return """
      # \(ExportFormat.completions.title)

      Everything that a store held and that can be imported again, written by aufdb \(AufdbVersion.current):
      \(contents).

      | | |
      |---|---|
      | commit | `\(commit)` |
      | left out | \(omissions ?? "nothing") |

      `data/` holds the rows, `embeddings/` the vectors of each encoder as a matrix with an index of its rows.
      `manifest.json` says what each file is, with its SHA-256. The licence is that of the prompts and responses, which
      aufdb does not know.

      ## Load

      \(ExportReport.loading(compression))
      The configurations are \(names). Completions need a `datasets` that knows the type `json`, such as 5.2.

      ```python
      from datasets import load_dataset

      completions = load_dataset("path/to/this/folder", "completions", split="train")
      ```

      ## Import again

      ```sh
      aufdb init new.aufdb
      aufdb import new.aufdb path/to/this/folder
      ```

      """
  }
}

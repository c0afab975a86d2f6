// Files beside the data that a format's reader looks for: LLaMA-Factory's dataset_info.json.
//
// It names the sets that `dataset:` can name, here one a split, and for each the file, how its rows are laid out and
// what their columns mean. All tags are said, for those that aren't some versions take for none
// (src/llamafactory/data/parser.py).

extension RowLayout {
  /// The files to put beside the card.
  ///
  /// - Parameter splits: the splits' names, and the one data file of each, relative to the folder.
  func extraFiles(splits: [(name: String, file: String)]) -> [(name: String, text: String)] {
    guard format == .llamaFactory else { return [] }
    let sets = splits.map { split in (split.name, Operation.Value.json(Operation.object(datasetInfo(split.file)))) }
    return [
      (
        "dataset_info.json",
        IndentedJSON.text(of: Operation.object(Dictionary(sets, uniquingKeysWith: { first, _ in first })))
      )
    ]
  }

  private func datasetInfo(_ file: String) -> [String: Operation.Value] {
    var info: [String: Operation.Value] = [
      "file_name": .text(file), "formatting": .text(llamaFactoryStyle.rawValue), "ranking": .flag(true),
    ]
    let shared = ["chosen": "chosen", "rejected": "rejected", "system": "system"]
    switch llamaFactoryStyle {
    case .sharegpt:
      info["columns"] = Self.names(shared.merging(["messages": "conversations"]) { $1 })
      info["tags"] = Self.names([
        "role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
        "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
      ])
    case .alpaca:
      info["columns"] = Self.names(
        shared.merging(["prompt": "instruction", "query": "input"]) { $1 })
    }
    return info
  }

  private static func names(_ names: [String: String]) -> Operation.Value {
    .json(Operation.object(names.mapValues { .text($0) }))
  }
}

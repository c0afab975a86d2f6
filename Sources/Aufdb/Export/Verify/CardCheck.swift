// Whether the card names the columns and the numbers of rows that the manifest has. `datasets` goes by the card, and
// stops where either is wrong.

import Yams

/// What a card has to say.
struct CardCheck {
  private struct Part {
    /// nil: the only configuration.
    var configuration: String?
    /// YAML: a list.
    var features: String
    var splits: [(name: String, rows: Int)]
  }

  private let parts: [Part]

  init(_ manifest: WrittenManifest) {
    if manifest.format == .completions {
      let kinds: [CompletionsFile.Kind] = [.completions, .scores, .labels, .estimates]
      parts = kinds.compactMap { kind in
        let files = manifest.files.filter { $0.kind == kind }
        guard !files.isEmpty, let columns = kind.cardColumns(fields: manifest.fields) else { return nil }
        let rows = files.reduce(0) { $0 &+ $1.rowCount }
        return Part(
          configuration: kind.rawValue, features: columns.map { $0.yaml(indent: 0) }.joined(),
          splits: [("train", rows)])
      }
    } else {
      var splits: [(name: String, rows: Int)] = []
      for file in manifest.files {
        let name = file.split
        if let index = splits.firstIndex(where: { $0.name == name }) {
          splits[index].rows &+= file.rowCount
        } else {
          splits.append((name, file.rowCount))
        }
      }
      let layout = RowLayout(format: manifest.format, style: manifest.style, hasMargin: manifest.hasMargin)
      parts = [
        Part(configuration: nil, features: layout.columns.map { $0.yaml(indent: 0) }.joined(), splits: splits)
      ]
    }
  }

  /// What is wrong with README.md.
  func findings(in files: FolderFiles) -> [String] {
    do {
      let text = String(decoding: try files.bytes("README.md"), as: UTF8.self)
      guard let yaml = Self.frontMatter(text) else { return ["README.md has no front matter"] }
      guard let card = try Yams.compose(yaml: yaml) else { return ["README.md has an empty front matter"] }
      return parts.flatMap { findings(of: $0, in: card) }
    } catch is YamlError {
      return ["README.md has a front matter that is no YAML"]
    } catch {
      return ["README.md: \(ExportVerification.reason(error))"]
    }
  }

  private func findings(of part: Part, in card: Node) -> [String] {
    var info = card["dataset_info"]
    if let configuration = part.configuration {
      info = info?.sequence?.first { $0["config_name"]?.string == configuration }
    }
    let name = part.configuration.map { " of \($0)" } ?? ""
    var findings: [String] = []
    let features = (try? Yams.compose(yaml: part.features)).flatMap { $0 }
    if info?["features"] != features { findings.append("README.md doesn't name the columns\(name) as they are") }
    for split in part.splits {
      let said = info?["splits"]?.sequence?.first { $0["name"]?.string == split.name }?["num_examples"]?.int
      guard said != split.rows else { continue }
      findings.append(
        "README.md names \(said.map(String.init) ?? "no") rows\(name) in \(split.name), not \(split.rows)")
    }
    let count = info?["splits"]?.sequence?.count
    if count != part.splits.count, findings.isEmpty {
      findings.append("README.md names \(count ?? 0) splits\(name), not \(part.splits.count)")
    }
    return findings
  }

  /// What stands between the first two lines of three hyphens.
  private static func frontMatter(_ text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else { return nil }
    return lines[1..<end].joined(separator: "\n")
  }
}

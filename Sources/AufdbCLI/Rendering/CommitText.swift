// Commits for people and for scripts.

import Aufdb

enum CommitText {
  /// Writes commits in the order given.
  static func write(_ commits: [Commit], as format: CommitFormat, in surroundings: Surroundings) throws(StreamError) {
    let output = surroundings.output
    switch format {
    case .text:
      for (index, commit) in commits.enumerated() { try output.write((index == 0 ? "" : "\n") + text(commit)) }
    case .oneline:
      for commit in commits {
        let subject = commit.message.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
        try output.write("\(commit.id.short) \(VisibleText.of(String(subject)))\n")
      }
    case .jsonl:
      for commit in commits { try output.write(commit.json + "\n") }
    case .json:
      try output.write("[")
      for (index, commit) in commits.enumerated() { try output.write((index == 0 ? "" : ",\n") + commit.json) }
      try output.write("]\n")
    }
  }

  private static func text(_ commit: Commit) -> String {
    var text = "commit \(commit.id)\n"
    if commit.parents.count > 1 { text += "Merge:  \(commit.parents.map(\.short).joined(separator: " "))\n" }
    text += "Author: \(VisibleText.of(commit.author))\nDate:   \(commit.time)\n\n"
    for line in commit.message.split(separator: "\n", omittingEmptySubsequences: false) {
      text += "    \(VisibleText.of(String(line)))\n"
    }
    if !commit.changes.isEmpty {
      let changes = commit.changes.map { change in
        "\(change.relation.name)" + (change.added == 0 ? "" : " +\(change.added)")
          + (change.retired == 0 ? "" : " -\(change.retired)")
      }
      text += "\n    \(changes.joined(separator: "  "))\n"
    }
    return text
  }
}

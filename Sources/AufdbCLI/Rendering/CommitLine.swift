// What a verb that commits tells the person who typed it: one line, like git's.

import Aufdb

enum CommitLine {
  /// "[main 3f2a91c0d4e5] Import 500 prompts from a.jsonl", or why nothing was committed.
  static func text(_ commit: Commit?, branch: String, nothing: String) -> String {
    guard let commit else { return "nothing to commit: \(nothing)\n" }
    return "[\(VisibleText.of(branch)) \(commit.id.short)] \(VisibleText.of(commit.message))\n"
  }

  /// A note below it, when there is something to note.
  static func note(_ count: Int, _ text: String) -> String {
    count == 0 ? "" : "  \(count) \(text)\n"
  }
}

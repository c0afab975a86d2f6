// What is told of the rows that answers became.

import Aufdb

enum SettledNotes {
  static func lines(_ counts: SettledCounts) -> [String] {
    [
      CommitLine.note(counts.failedCount, "failed; --retry-failed asks again"),
      CommitLine.note(counts.cutCount, "were cut: the model came to its bound (max_tokens)"),
      CommitLine.note(counts.emptyCount, "are empty"),
      CommitLine.note(counts.missingCount, "are still missing"),
    ].filter { !$0.isEmpty }
  }
}

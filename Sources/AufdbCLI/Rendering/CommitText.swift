// Commits for people and for scripts, one after the other.

import Aufdb

/// Writes commits as they come. Only a graph's lanes are kept of those that were written.
struct CommitText {
  private let format: CommitFormat
  private let output: StandardOutput
  private var graph: CommitGraph<CommitID>?
  private var isFirst = true

  /// - Parameter hasGraph: whether the lines of history are drawn beside text and single lines.
  init(_ format: CommitFormat, hasGraph: Bool = false, in surroundings: Surroundings) {
    self.format = format
    output = surroundings.output
    if hasGraph { graph = CommitGraph() }
  }

  /// Writes the next commit.
  mutating func write(_ entry: LogEntry) throws(StreamError) {
    switch format {
    case .text: try write(Self.lines(entry), of: entry.commit, isSpaced: true)
    case .oneline: try write([Self.line(entry)], of: entry.commit, isSpaced: false)
    case .jsonl: try output.write(entry.commit.json + "\n")
    case .json: try output.write((isFirst ? "[" : ",\n") + entry.commit.json)
    }
    isFirst = false
  }

  /// Lets a graph know of a commit that isn't shown.
  mutating func passOver(_ commit: Commit) { graph?.passOver(commit.id, parents: commit.parents) }

  /// Ends what was begun.
  func finish() throws(StreamError) {
    if format == .json { try output.write(isFirst ? "[]\n" : "]\n") }
  }

  private mutating func write(_ lines: [String], of commit: Commit, isSpaced: Bool) throws(StreamError) {
    let space = isSpaced && !isFirst
    guard graph != nil else {
      return try output.write((space ? "\n" : "") + lines.map { $0 + "\n" }.joined())
    }
    if space { try output.write((graph?.beside ?? "") + "\n") }
    guard let rows = graph?.draw(commit.id, parents: commit.parents) else { return }
    for row in rows.before { try output.write(row + "\n") }
    let drawn = [rows.node] + rows.after
    for index in 0..<max(lines.count, drawn.count) {
      let row = index < drawn.count ? drawn[index] : rows.beside
      let line = index < lines.count ? lines[index] : ""
      let blanks = line.isEmpty ? "" : String(repeating: " ", count: rows.width - row.utf8.count)
      try output.write("\(row)\(blanks)\(line)\n")
    }
  }

  /// "35bb16de593c (main, v1) Annotate 64 pairs by overall"
  private static func line(_ entry: LogEntry) -> String {
    "\(entry.commit.id.short)\(refs(entry)) \(VisibleText.of(entry.commit.subject))"
  }

  private static func refs(_ entry: LogEntry) -> String {
    (entry.refs.isEmpty ? "" : " (\(entry.refs.map { VisibleText.of($0.name) }.joined(separator: ", ")))")
      + (entry.commit.isPruned ? " (pruned)" : "")
  }

  private static func lines(_ entry: LogEntry) -> [String] {
    let commit = entry.commit
    var lines = ["commit \(commit.id)\(refs(entry))"]
    if commit.parents.count > 1 { lines.append("Merge:  \(commit.parents.map(\.short).joined(separator: " "))") }
    lines += ["Author: \(VisibleText.of(commit.author))", "Date:   \(commit.time)", ""]
    for line in commit.message.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append("    \(VisibleText.of(String(line)))")
    }
    if !commit.changes.isEmpty {
      let changes = commit.changes.map { change in
        "\(change.relation.name)" + (change.added == 0 ? "" : " +\(change.added)")
          + (change.retired == 0 ? "" : " -\(change.retired)")
      }
      lines += ["", "    \(changes.joined(separator: "  "))"]
    }
    return lines
  }
}

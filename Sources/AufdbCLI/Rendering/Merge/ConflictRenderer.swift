// Conflicts, one a line: of a merge, or of a revert.

import ArgumentParser
import Aufdb

/// How conflicts are written.
enum ConflictFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, jsonl
}

/// Writes each conflict as it comes. As JSON it is {table, key, reason, base, ours, theirs}; the reason is "changed" or
/// "dangling", and the rows are whole, or null.
final class ConflictRenderer {
  private let format: ConflictFormat
  private let output: StandardOutput
  private var count = 0
  /// How many rows of each relation refer to what would be gone: as text, thousands of them say no more than a few.
  private var danglingCounts: [Relation: Int] = [:]
  private static let danglingLimit = 5

  init(_ format: ConflictFormat, in surroundings: Surroundings) {
    self.format = format
    output = surroundings.output
  }

  func conflict(_ conflict: MergeConflict) throws {
    defer { count += 1 }
    guard format != .text else { return try writeLine(conflict) }
    if format == .json { try output.write(count == 0 ? "[\n" : ",\n") }
    try output.write(Self.object(conflict))
    if format == .jsonl { try output.write("\n") }
  }

  private func writeLine(_ conflict: MergeConflict) throws {
    if conflict.isDangling {
      danglingCounts[conflict.relation, default: 0] += 1
      guard danglingCounts[conflict.relation, default: 0] <= Self.danglingLimit else { return }
    }
    try output.write(VisibleText.of(Self.line(conflict)) + "\n")
  }

  /// Ends the JSON array, which an outcome without conflicts leaves empty; as text, counts what wasn't listed.
  func finish() throws {
    for relation in Relation.allCases {
      let surplus = danglingCounts[relation, default: 0] - Self.danglingLimit
      if surplus > 0 { try output.write("\(relation.name)  and \(surplus) more; --format jsonl lists all\n") }
    }
    if format == .json { try output.write(count == 0 ? "[]\n" : "\n]\n") }
  }

  /// `labels  p1  a vs b  (overall): chosen_model: ours a, theirs b`
  static func line(_ conflict: MergeConflict) -> String {
    let row = RowChange(conflict.relation, old: conflict.ours ?? conflict.theirs ?? conflict.base, new: nil)
    let name = "\(conflict.relation.name)  \(row.keyText)"
    if conflict.isDangling { return "\(name): refers to a row that would be gone" }
    guard let ours = conflict.ours, let theirs = conflict.theirs else {
      let (gone, kept) = conflict.ours == nil ? ("ours", "theirs") : ("theirs", "ours")
      return "\(name): \(gone) removed it, \(kept) \(conflict.base == nil ? "added" : "modified") it"
    }
    let columns = conflict.differingColumns.map { column in
      func text(_ row: [SQLValue]) -> String {
        conflict.relation.columns.firstIndex(of: column).map { shortened(row[$0].shortText) } ?? ""
      }
      return "\(column): ours \(text(ours)), theirs \(text(theirs))"
    }
    return "\(name): \(columns.joined(separator: "; "))"
  }

  /// A line is for finding the row; `--format json` has all of it.
  private static func shortened(_ text: String) -> String { text.count > 60 ? "\(text.prefix(57))..." : text }

  private static func object(_ conflict: MergeConflict) -> String {
    var writer = JSONWriter()
    let relation = conflict.relation
    writer.beginObject()
    writer.key("table")
    writer.string(relation.name)
    writer.key("key")
    writer.row(relation.keyColumns, conflict.key)
    writer.key("reason")
    writer.string(conflict.isDangling ? "dangling" : "changed")
    for (name, values) in [("base", conflict.base), ("ours", conflict.ours), ("theirs", conflict.theirs)] {
      writer.key(name)
      writer.row(relation.columns, values)
    }
    writer.endObject()
    return writer.text
  }
}

// `--stat`: how many rows changed, a table each, and what became of the labels, a judge each.
//
// As text, these are two tables. The other formats have one shape: {table, judge, added, removed, modified, flipped}.
// A line without a judge counts a whole table; one with a judge counts that judge's labels again. flipped, which only
// labels have, is a part of modified. Tables without a change are left out.

import Aufdb

struct DiffStatRenderer {
  let stat: DiffStat
  let surroundings: Surroundings

  func write(_ format: DiffFormat) throws {
    switch format {
    case .text: try writeText()
    case .json: try writeRows(.json)
    case .jsonl: try writeRows(.jsonl)
    case .csv: try writeRows(.csv)
    }
  }

  private func writeText() throws {
    guard !stat.rows.isEmpty else { return }
    try write(
      .table, ["table", "added", "removed", "modified"],
      changedRelations.map { relation, rows in
        [.text(relation.name)] + Self.numbers(rows.added, rows.removed, rows.modified)
      })
    guard !stat.labels.isEmpty else { return }
    try surroundings.output.write(UInt8(ascii: "\n"))
    try write(
      .table, ["labels of", "added", "retracted", "flipped", "modified otherwise"],
      stat.labels.map { labels in
        [.text(labels.judge)]
          + Self.numbers(labels.added, labels.retracted, labels.flipped, labels.modifiedOtherwise)
      })
  }

  private func writeRows(_ format: OutputFormat) throws {
    let flipped = stat.labels.reduce(0) { $0 + $1.flipped }
    let tables = changedRelations.map { relation, rows in
      [.text(relation.name), .null] + Self.numbers(rows.added, rows.removed, rows.modified)
        + (relation == .labels ? Self.numbers(flipped) : [.null])
    }
    let judges = stat.labels.map { labels in
      [.text(Relation.labels.name), .text(labels.judge)]
        + Self.numbers(labels.added, labels.retracted, labels.flipped + labels.modifiedOtherwise, labels.flipped)
    }
    try write(format, ["table", "judge", "added", "removed", "modified", "flipped"], tables + judges)
  }

  private var changedRelations: [(Relation, DiffStat.Rows)] {
    Relation.allCases.compactMap { relation in stat.rows[relation].map { (relation, $0) } }
  }

  private static func numbers(_ numbers: Int...) -> [SQLValue] { numbers.map { .integer(Int64($0)) } }

  private func write(_ format: OutputFormat, _ columns: [String], _ rows: [[SQLValue]]) throws {
    try format.write(columns, rows, in: surroundings)
  }
}

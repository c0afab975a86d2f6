// What all ways to write a diff have in common.

import Aufdb

/// Writes changed rows as they come, and keeps none: a million of them take no more memory than one.
protocol DiffRenderer: AnyObject {
  /// Takes the next row, in order of table and key.
  func change(_ change: RowChange) throws(StreamError)

  /// Writes what can only be written at the end. Nothing may be written before the first row or this, because a diff
  /// that fails at its start writes nothing.
  func finish() throws
}

/// How much of each row is written.
enum DiffDetail {
  case wholeRows
  /// Its table and key.
  case names
}

/// How a diff is written. The first is the default.
enum DiffFormat: String, CaseIterable {
  case text, json, jsonl, csv

  /// What writes this format to the surroundings' output.
  func renderer(_ detail: DiffDetail, in surroundings: Surroundings) -> any DiffRenderer {
    switch (detail, self) {
    case (.names, .text): DiffNameRenderer(surroundings.output)
    case (_, .text): DiffTextRenderer(in: surroundings)
    case (_, .json): DiffJSONRenderer(in: surroundings, isArray: true, namesOnly: detail == .names)
    case (_, .jsonl): DiffJSONRenderer(in: surroundings, isArray: false, namesOnly: detail == .names)
    case (_, .csv): DiffCSVRenderer(in: surroundings, namesOnly: detail == .names)
    }
  }
}

// The formats in which the history of rows is written.

import Aufdb

/// A format for what commits did to rows. The first is the default.
enum HistoryFormat: String, CaseIterable {
  case text, json, jsonl, csv

  func renderer(in surroundings: Surroundings) -> any HistoryRenderer {
    switch self {
    case .text: HistoryTextRenderer(in: surroundings)
    case .json: HistoryJSONRenderer(in: surroundings, isArray: true)
    case .jsonl: HistoryJSONRenderer(in: surroundings, isArray: false)
    case .csv: HistoryCSVRenderer(in: surroundings)
    }
  }
}

/// Writes what commits did to rows, one after the other, in one format.
protocol HistoryRenderer: AnyObject {
  func event(_ event: RowEvent) throws

  /// Writes what ends the format.
  func finish() throws
}

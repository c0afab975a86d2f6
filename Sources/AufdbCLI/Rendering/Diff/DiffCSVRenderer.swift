// A diff as CSV: table,change,key,column,old,new, with a line for each column of a row that changed; of a row that came
// or went, for each that isn't NULL. Values look as `query --format csv` writes them. With names only: table,key.

import Aufdb

final class DiffCSVRenderer: DiffRenderer {
  private let renderer: DelimitedRenderer
  private let namesOnly: Bool
  private var hasHeader = false

  init(in surroundings: Surroundings, namesOnly: Bool) {
    renderer = CSV.renderer(in: surroundings)
    self.namesOnly = namesOnly
  }

  func change(_ change: RowChange) throws(StreamError) {
    try writeHeader()
    let table = SQLValue.text(change.relation.name)
    let key = SQLValue.text(change.keyText)
    guard !namesOnly else { return try write([table, key]) }
    let columns = change.relation.columns
    for column in change.changedColumns {
      let old = change.old?[column] ?? .null
      let new = change.new?[column] ?? .null
      guard change.kind == .modified || old != .null || new != .null else { continue }
      try write([table, .text(change.kind.rawValue), key, .text(columns[column]), old, new])
    }
  }

  func finish() throws(StreamError) { try writeHeader() }

  private func writeHeader() throws(StreamError) {
    guard !hasHeader else { return }
    hasHeader = true
    try renderer.header(namesOnly ? ["table", "key"] : ["table", "change", "key", "column", "old", "new"])
  }

  private func write(_ values: [SQLValue]) throws(StreamError) {
    for value in values {
      try value.withQueryValue { value throws(StreamError) in try renderer.value(value) }
    }
    try renderer.endRow()
  }
}

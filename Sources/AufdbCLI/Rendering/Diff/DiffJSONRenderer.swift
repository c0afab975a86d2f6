// A diff as JSON: an object a changed row, each on a line of its own; with `--format json`, all of them in one array.
//
//   {"table":"labels","key":{"prompt_id":"p1",...},"change":"modified","columns":["tie"],"old":{...},"new":{...}}
//
// old and new are whole rows, column by column, or null; columns, the names of those that differ, is there for modified
// rows only. Values look as `query --format json` writes them. With names only: table and key.

import Aufdb

final class DiffJSONRenderer: DiffRenderer {
  private let surroundings: Surroundings
  private let isArray: Bool
  private let namesOnly: Bool
  private var writer = JSONWriter(capacity: 64 << 10)
  private var isFirst = true

  init(in surroundings: Surroundings, isArray: Bool, namesOnly: Bool) {
    self.surroundings = surroundings
    self.isArray = isArray
    self.namesOnly = namesOnly
  }

  func change(_ change: RowChange) throws(StreamError) {
    if isArray { try surroundings.output.write(isFirst ? "[" : ",\n") }
    isFirst = false
    writer.beginObject()
    writer.members(of: change, namesOnly: namesOnly)
    writer.endObject()
    if !isArray { writer.newline() }
    try writer.withBytes(surroundings.writeJSON)
    writer.removeAll()
  }

  func finish() throws(StreamError) {
    if isArray { try surroundings.output.write(isFirst ? "[]\n" : "]\n") }
  }
}

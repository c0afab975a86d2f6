// The history of rows as JSON: an object for each row that a commit did something to, each on a line of its own; with
// `--format json`, all of them in one array.
//
//   {"commit":"35bb...","time":"2026-01-01T00:00:00.000Z","author":"ada","message":"Annotate 64 pairs by overall",
//    "table":"labels","key":{"prompt_id":"p1",...},"change":"modified","columns":["tie"],"old":{...},"new":{...}}
//
// From table on it is what `diff` writes.

import Aufdb

final class HistoryJSONRenderer: HistoryRenderer {
  private let surroundings: Surroundings
  private let isArray: Bool
  private var writer = JSONWriter(capacity: 64 << 10)
  private var isFirst = true

  init(in surroundings: Surroundings, isArray: Bool) {
    self.surroundings = surroundings
    self.isArray = isArray
  }

  func event(_ event: RowEvent) throws {
    if isArray { try surroundings.output.write(isFirst ? "[" : ",\n") }
    isFirst = false
    writer.beginObject()
    let commit = event.commit
    for (key, value) in [
      ("commit", commit.id.description), ("time", commit.time), ("author", commit.author), ("message", commit.message),
    ] {
      writer.key(key)
      writer.string(value)
    }
    writer.members(of: event.change)
    writer.endObject()
    if !isArray { writer.newline() }
    try writer.withBytes(surroundings.writeJSON)
    writer.removeAll()
  }

  func finish() throws {
    if isArray { try surroundings.output.write(isFirst ? "[]\n" : "]\n") }
  }
}

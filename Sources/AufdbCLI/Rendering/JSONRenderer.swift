// JSON: one array of objects, a row each, one a line.

import Aufdb

final class JSONRenderer: RowRenderer {
  private let output: StandardOutput
  private let objects: JSONObjects
  private var isFirst = true

  init(in surroundings: Surroundings) {
    output = surroundings.output
    objects = JSONObjects(in: surroundings)
  }

  func header(_ names: [String]) throws(StreamError) {
    objects.header(names)
    try output.write("[")
  }

  func value(_ value: QueryValue) { objects.value(value) }

  func endRow() throws(StreamError) {
    if !isFirst { try output.write(",\n") }
    isFirst = false
    try objects.endRow()
  }

  func finish() throws(StreamError) { try output.write("]\n") }
}

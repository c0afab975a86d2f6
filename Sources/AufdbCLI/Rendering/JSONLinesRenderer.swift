// JSON Lines: an object a row, each on a line of its own.

import Aufdb

final class JSONLinesRenderer: RowRenderer {
  private let output: StandardOutput
  private let objects: JSONObjects

  init(in surroundings: Surroundings) {
    output = surroundings.output
    objects = JSONObjects(in: surroundings)
  }

  func header(_ names: [String]) { objects.header(names) }

  func value(_ value: QueryValue) { objects.value(value) }

  func endRow() throws(StreamError) {
    try objects.endRow()
    try output.write(UInt8(ascii: "\n"))
  }

  func finish() {}
}

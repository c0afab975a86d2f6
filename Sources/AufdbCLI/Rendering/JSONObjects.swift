// Rows as JSON objects, for the two formats that are made of them; JSONWriter+QueryValue.swift says how values look.
//
// Columns of one name get different keys: model, model_2.

import Aufdb

final class JSONObjects {
  private let surroundings: Surroundings
  private var writer = JSONWriter(capacity: 64 << 10)
  private var keys: [[UInt8]] = []
  private var column = 0

  init(in surroundings: Surroundings) {
    self.surroundings = surroundings
  }

  func header(_ names: [String]) {
    var taken = Set(names)
    var seen: Set<String> = []
    for name in names {
      var key = name
      var number = 2
      while seen.contains(key) || (key != name && taken.contains(key)) {
        key = "\(name)_\(number)"
        number += 1
      }
      seen.insert(key)
      taken.insert(key)
      keys.append(Array(key.utf8))
    }
  }

  func value(_ value: QueryValue) {
    if column == 0 { writer.beginObject() }
    keys[column].withUnsafeBytes { writer.key($0) }
    column += 1
    writer.value(value)
  }

  /// Closes the object of the row; a line end is the caller's.
  func endRow() throws(StreamError) {
    writer.endObject()
    column = 0
    try writer.withBytes(surroundings.writeJSON)
    writer.removeAll()
  }
}

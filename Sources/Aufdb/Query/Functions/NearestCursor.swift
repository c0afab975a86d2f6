// One walk through the answer of nearest.

import GRDBSQLite

/// Holds the whole answer.
final class NearestCursor: TableFunctionCursor {
  private let connection: Connection
  private var arguments: [NearestArguments: SQLValue] = [:]
  private var neighbours: [Neighbour] = []
  private var encoder = ""
  private var index = 0

  init(_ connection: Connection) { self.connection = connection }

  var isAtEnd: Bool { index >= neighbours.count }
  var rowNumber: Int64 { Int64(index + 1) }

  /// Searches.
  func begin(_ plan: Int32, _ values: SQLArguments) throws {
    (neighbours, index) = ([], 0)
    arguments = [:]
    for (place, argument) in NearestArguments.inOrder.filter(NearestArguments(rawValue: plan).contains).enumerated() {
      arguments[argument] = values.copy(place)
    }
    var search = try NearestSearch(NearestQuestion(arguments), in: connection)
    neighbours = try search.neighbours()
    encoder = search.encoder
  }

  func advance() { index += 1 }

  func value(_ column: Int, to context: OpaquePointer) {
    guard !isAtEnd, let column = NearestTable.Column(rawValue: Int32(column)) else {
      return sqlite3_result_null(context)
    }
    let neighbour = neighbours[index]
    switch column {
    case .rank: sqlite3_result_int64(context, rowNumber)
    case .cosine: sqlite3_result_double(context, neighbour.cosine)
    case .encoder: SQLResult.text(encoder, to: context)
    case .promptID: neighbour.promptID.withUnsafeBytes { SQLResult.text($0, to: context) }
    case .model:
      if let model = neighbour.model {
        model.withUnsafeBytes { SQLResult.text($0, to: context) }
      } else {
        sqlite3_result_null(context)
      }
    case .sample: sqlite3_result_int64(context, neighbour.sample)
    case .response: SQLResult.value(arguments[.response] ?? .null, to: context)
    case .k: SQLResult.value(arguments[.k] ?? .integer(NearestQuestion.defaultCount), to: context)
    case .among: SQLResult.value(arguments[.among] ?? .null, to: context)
    }
  }
}

// What was probably meant by a function that doesn't exist.

import AufdbAcquisition

enum UnknownFunction {
  /// The hint for a function that SQLite doesn't know: what it is called here if another program has it, or the nearest
  /// of aufdb's and SQLite's own, with the way that one of ours is called.
  ///
  /// - Parameter message: SQLite's words.
  /// - Returns: nil for an error about something else.
  static func hint(for message: String, in connection: Connection) -> String? {
    let beginning = "no such function: "
    guard message.hasPrefix(beginning) else { return nil }
    let name = String(message.dropFirst(beginning.count))
    if let meant = ForeignFunction.here(name) { return "write \(meant)" }
    let pages = FunctionPage.all
    // A hint is worth no second error: without SQLite's names there are still the others.
    let builtins = (try? connection.builtinFunctions()) ?? []
    guard let nearest = (pages.map(\.name) + builtins).nearest(to: name) else {
      return "beside SQLite's own functions there are \(pages.map(\.name).joined(separator: ", "))"
    }
    return "did you mean \(pages.first { $0.name == nearest }?.signature ?? nearest)?"
  }
}

extension Connection {
  /// The names of SQLite's own functions, in order. Those of operators and of full-text search are none to be called.
  func builtinFunctions() throws(AufdbError) -> [String] {
    try all(
      "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*' AND name NOT GLOB 'fts*' ORDER BY 1"
    ) { $0.string(0) }
  }
}

extension Store {
  /// The names of the functions that a query can call, SQLite's and aufdb's, in order.
  ///
  /// - Throws: `.inputOutput`, `.badData` of the store.
  public func functionNames() throws -> [String] {
    let builtins = try read { try $0.builtinFunctions() }
    return Set(builtins + FunctionPage.all.map(\.name)).sorted()
  }
}

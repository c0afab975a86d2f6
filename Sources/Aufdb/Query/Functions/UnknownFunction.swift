// What was probably meant by a function that doesn't exist.

import AufdbAcquisition

enum UnknownFunction {
  /// The hint for a function that SQLite doesn't know: the nearest of aufdb's and SQLite's own, with the way that one of
  /// ours is called.
  ///
  /// - Parameter message: SQLite's words.
  /// - Returns: nil for an error about something else.
  static func hint(for message: String, in connection: Connection) -> String? {
    let beginning = "no such function: "
    guard message.hasPrefix(beginning) else { return nil }
    let name = String(message.dropFirst(beginning.count))
    let pages = FunctionPage.all
    // A hint is worth no second error: without SQLite's names there are still the others. Those of operators and of
    // full-text search are none to be called.
    let builtins =
      (try? connection.all(
        "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*' AND name NOT GLOB 'fts*' ORDER BY 1"
      ) { $0.string(0) }) ?? []
    guard let nearest = (pages.map(\.name) + builtins).nearest(to: name) else {
      let ours = pages.map(\.name).filter { !$0.hasSuffix("_diff") }
      return "beside SQLite's own functions there are \(ours.joined(separator: ", "))"
    }
    return "did you mean \(pages.first { $0.name == nearest }?.signature ?? nearest)?"
  }
}

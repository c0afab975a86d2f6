// The named parameters of a script and the values given for them: each must find the other.

enum QueryParameters {
  /// Binds every parameter of the statements.
  ///
  /// - Parameters:
  ///   - file: where they come from, for messages.
  ///   - caller: who is told how to give a value.
  /// - Throws: `.usage` naming the parameter that has no value, or the value that no statement has a parameter for.
  static func bind(
    _ values: [String: SQLValue], to statements: [SQLStatement], file: String? = nil,
    for caller: QueryCaller = .commandLine
  ) throws(AufdbError) {
    let place = file.map { AufdbError.Place(file: $0) }
    var unused = Set(values.keys)
    var names: [String] = []
    for statement in statements {
      for index in stride(from: 1, through: statement.parameterCount, by: 1) {
        guard let marked = statement.parameterName(index), marked.first != "?" else {
          throw AufdbError(
            .usage, "the SQL has a parameter without a name: \(statement.parameterName(index) ?? "?")",
            hint: "write :name instead", at: place)
        }
        let name = String(marked.dropFirst())
        guard let value = values[name] else {
          throw AufdbError(
            .usage, "no value is given for the parameter \(marked)", hint: "give one with \(caller.filling(name))",
            at: place)
        }
        statement.bind(index, value)
        unused.remove(name)
        if !names.contains(marked) { names.append(marked) }
      }
    }
    guard let name = unused.min() else { return }
    let existing = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    throw AufdbError(.usage, "the SQL has no parameter named '\(name)'", hint: existing, at: place)
  }
}

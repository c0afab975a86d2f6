// The named parameters of a query and the values given for them: each must find the other.

enum QueryParameters {
  /// Binds every parameter of the statement.
  ///
  /// - Throws: `.usage` naming the parameter that has no value or the value that has no parameter.
  static func bind(_ values: [String: SQLValue], to statement: SQLStatement) throws(AufdbError) {
    var unused = Set(values.keys)
    var names: [String] = []
    for index in stride(from: 1, through: statement.parameterCount, by: 1) {
      guard let marked = statement.parameterName(index), marked.first != "?" else {
        throw AufdbError(
          .usage, "the SQL has a parameter without a name: \(statement.parameterName(index) ?? "?")",
          hint: "write :name instead")
      }
      let name = String(marked.dropFirst())
      guard let value = values[name] else {
        throw AufdbError(
          .usage, "no value is given for the parameter \(marked)", hint: "give one with --param \(name)=VALUE")
      }
      statement.bind(index, value)
      unused.remove(name)
      names.append(marked)
    }
    guard let name = unused.min() else { return }
    let existing = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    throw AufdbError(.usage, "the SQL has no parameter named '\(name)'", hint: existing)
  }
}

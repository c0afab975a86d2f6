// `--param name=value`: values for a query's parameters.

import Aufdb

enum ParameterArguments {
  /// Reads the arguments: the name ends at the first "=", and all that follows is the value.
  ///
  /// - Throws: `.usage` for one without a name or "=", or a name given twice.
  static func values(_ arguments: [String]) throws(AufdbError) -> [String: SQLValue] {
    var values: [String: SQLValue] = [:]
    for argument in arguments {
      guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
        throw AufdbError(
          .usage, "--param takes name=value, not '\(argument)'", hint: "for example --param judge=overall")
      }
      let bare = bareName(argument[..<sign])
      guard values.updateValue(value(String(argument[argument.index(after: sign)...])), forKey: bare) == nil else {
        throw AufdbError(.usage, "--param \(bare) is given twice")
      }
    }
    return values
  }

  /// A parameter's name; people write the mark that stands in the SQL, too.
  static func bareName(_ name: Substring) -> String {
    String(name.first.map { ":@$".contains($0) } == true && name.count > 1 ? name.dropFirst() : name)
  }

  /// An integer or a real in decimal digits, if the text is nothing else; a text otherwise.
  static func value(_ text: String) -> SQLValue {
    if let integer = Int64(text) { return .integer(integer) }
    // Double takes "nan", "inf" and hexadecimal digits too, which are words here.
    let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    if isDecimal, let real = Double(text), real.isFinite { return .real(real) }
    return .text(text)
  }
}

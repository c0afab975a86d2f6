// Which method a line is asked about with: the same for all lines, or, where a default depends on what there is to
// see, the one that goes with the line's columns.

import AufdbAcquisition

/// The method that was asked for, made for the columns of a line.
struct MethodOfLine: Sendable {
  private let name: String
  private let parameters: [String: String]
  /// The method, where every line gets the same; nil where a default depends on the columns.
  let fixed: (any SelectionMethod)?

  /// - Throws: `.usage` for an unknown method or parameter, or a refused value.
  init(_ options: FilterOptions) throws(AufdbError) {
    (name, parameters) = (options.method, options.parameters)
    let method = try Self.make(name, parameters, available: .estimates)
    // A default prefers one of the method's alternatives: if none of them, nor having nothing or everything, makes a
    // difference, then nothing does.
    var isFixed = true
    for available in type(of: method).alternativeNeeds + [[], .all] {
      if Self.difference(try Self.make(name, parameters, available: available), method) != nil { isFixed = false }
    }
    fixed = isFixed ? method : nil
  }

  /// The method for a line that has these columns.
  func method(for columns: CandidateColumns) throws(AufdbError) -> any SelectionMethod {
    if let fixed { return fixed }
    return try Self.make(name, parameters, available: columns)
  }

  /// The first parameter in which two methods of one name differ, with both values; nil where they are the same method,
  /// because a method is what its name and parameters say.
  static func difference(
    _ one: any SelectionMethod, _ other: any SelectionMethod
  ) -> (name: String, one: String, other: String)? {
    zip(one.parameters, other.parameters).first { $0 != $1 }.map { ($0.name, $0.value.text, $1.value.text) }
  }

  private static func make(
    _ name: String, _ parameters: [String: String], available: CandidateColumns
  ) throws(AufdbError) -> any SelectionMethod {
    do throws(MethodError) {
      return try SelectionMethods.make(name, parameters: parameters, available: available)
    } catch {
      throw AufdbError(.usage, "\(error)", hint: error.hint)
    }
  }
}

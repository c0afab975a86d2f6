// What help and documentation say of a parameter, and the one place where its range is checked.

/// A parameter that a method has: name, meaning, allowed values and default.
public struct ParameterDefinition: Sendable, Hashable {
  /// The allowed values.
  public enum Kind: Sendable, Hashable {
    /// A finite number in a range; an upper end of `Double.greatestFiniteMagnitude` means no limit.
    case real(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    case word([String])
    /// Any text but an empty one, described by what it names; it has no default.
    case text(String)
  }

  /// In lower case with hyphens, as after `--` on the command line.
  public let name: String
  /// One line for help.
  public let summary: String
  public let kind: Kind
  /// The default, as help shows it; nil where the parameter must be given.
  public let defaultText: String?

  /// The allowed values in words, such as "a whole number from 0 to 10".
  public var allowed: String {
    switch kind {
    case .real(let range) where range.upperBound == .greatestFiniteMagnitude:
      "a finite number of at least \(range.lowerBound)"
    case .real(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .text(let meaning): meaning
    }
  }

  /// Returns a number if it lies in the range of a `.real` parameter; -0 means the same as 0, and is recorded so.
  func checked(_ number: Double) throws(ParameterError) -> Double {
    // A range never contains NaN, and none reaches infinity.
    guard case .real(let range) = kind, range.contains(number) else { throw refusal(of: "\(number)") }
    return number == 0 ? 0 : number
  }

  /// Checks a number against the range of an `.integer` parameter.
  func check(_ number: Int) throws(ParameterError) {
    guard case .integer(let range) = kind, range.contains(number) else { throw refusal(of: "\(number)") }
  }

  /// Checks a text against a `.text` parameter.
  func check(_ text: String) throws(ParameterError) {
    guard case .text = kind, !text.isEmpty else { throw refusal(of: text) }
  }

  func refusal(of value: String?) -> ParameterError {
    ParameterError(parameter: name, value: value, allowed: allowed)
  }
}

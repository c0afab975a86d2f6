// A parameter's value that can't be: which, what was given, what is allowed.

/// A refused parameter value.
public struct ParameterError: Error, Sendable, Hashable {
  /// The parameter's name, such as "beta".
  public let parameter: String
  /// The value given, as text; nil where none was and there must be one.
  public let value: String?
  /// What would be allowed, in words such as "a number from 0.0 to 1.0".
  public let allowed: String
}

extension ParameterError: CustomStringConvertible {
  public var description: String {
    if let value { "\(parameter) can't be '\(value)': it must be \(allowed)" } else { "\(parameter) must be given" }
  }
}

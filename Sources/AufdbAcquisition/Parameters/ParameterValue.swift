// Parameters as they are recorded with a selection: enough to make the same method again.

/// A named value of a method's parameter.
public struct Parameter: Sendable, Hashable {
  public let name: String
  public let value: ParameterValue

  public init(_ name: String, _ value: ParameterValue) {
    self.name = name
    self.value = value
  }
}

/// A parameter's value, typed so that a record can tell numbers from words.
public enum ParameterValue: Sendable, Hashable {
  /// A finite double.
  case real(Double)
  case integer(Int)
  case word(String)

  /// The value as text that `SelectionMethods.make` reads back to the same value; for numbers also valid JSON.
  public var text: String {
    switch self {
    // Swift prints the shortest decimal that reads back to the same double, and always with a point or an exponent.
    case .real(let number): "\(number)"
    case .integer(let number): "\(number)"
    case .word(let word): word
    }
  }
}

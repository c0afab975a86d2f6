// Why a method can't be made from a name and texts.

/// A method that doesn't exist, or parameters that it can't have.
public enum MethodError: Error, Sendable, Hashable {
  /// No such method; `known` lists all there are, the nearest spelling first.
  case unknownMethod(String, known: [String])
  /// The method has no such parameter; `known` lists those it has, the nearest spelling first.
  case unknownParameter(String, method: String, known: [String])
  /// A parameter's value is refused.
  case refusedValue(ParameterError, method: String)
}

extension MethodError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownMethod(let name, _): "there is no selection method '\(name)'"
    case .unknownParameter(let parameter, let method, _): "the method \(method) has no parameter '\(parameter)'"
    case .refusedValue(let error, let method): "method \(method): \(error)"
    }
  }

  /// What to do about it, in one line.
  public var hint: String {
    switch self {
    case .unknownMethod(_, let known): "known methods: " + known.joined(separator: ", ")
    case .unknownParameter(_, _, let known) where known.isEmpty: "it has no parameters: leave this one out"
    case .unknownParameter(_, _, let known): "it has: " + known.joined(separator: ", ")
    case .refusedValue(let error, _): "give \(error.allowed)"
    }
  }
}

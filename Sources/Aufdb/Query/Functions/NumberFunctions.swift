// sigmoid(x): the logistic function 1 / (1 + e^-x), by which a difference of two rewards is a probability to be chosen
// (R. Bradley and M. Terry, "Rank analysis of incomplete block designs", Biometrika 39, 1952).

import AufdbReward

enum NumberFunctions {
  /// The same bits on every machine; NULL for NULL.
  static func sigmoid(_ arguments: SQLArguments) throws -> SQLValue {
    guard arguments.count == 1 else { throw AufdbError(.usage, "sigmoid takes one number") }
    guard !arguments.hasNull else { return .null }
    guard let x = arguments.number(0) else { throw AufdbError(.usage, "sigmoid: the argument is not a number") }
    return .real(PortableMath.sigmoid(x))
  }
}

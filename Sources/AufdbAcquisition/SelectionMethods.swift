// The list of all selection methods: help, documentation and tests go by it.

/// All selection methods there are, and how one is made from a name.
public enum SelectionMethods {
  /// Every method, in the order in which help shows them: the baselines, then those that use uncertainty.
  public static let all: [any SelectionMethod.Type] = [
    RandomMethod.self,
    GreedyMethod.self,
    LengthMethod.self,
    FarMethod.self,
    UltraFeedbackMethod.self,
    MaxMinMethod.self,
    FixedPairMethod.self,
    DTSMethod.self,
    DRTSMethod.self,
    DeltaUCBMethod.self,
    DeltaQuantileMethod.self,
    InfoMaxMethod.self,
    InfoGainMethod.self,
    MaxMinLCBMethod.self,
    RUCBMethod.self,
    IDSMethod.self,
    BALDMethod.self,
    DOptMethod.self,
  ]

  /// The names of all methods, in the same order.
  public static var names: [String] { all.map { $0.name } }

  /// Makes a method from its name and parameters as text.
  ///
  /// - Parameters:
  ///   - name: one of `names`, exactly.
  ///   - parameters: parameter name -> value as text; those left out take their defaults.
  ///   - available: the columns that the caller will fill. A default may depend on it (`ultrafeedback` ranks by rewards
  ///     where there are any, otherwise by scores); it is no check.
  /// - Throws: `MethodError` for an unknown method, a parameter it doesn't have (the first in alphabetical order), or a
  ///   refused value.
  public static func make(
    _ name: String, parameters: [String: String] = [:], available: CandidateColumns = .estimates
  ) throws(MethodError) -> any SelectionMethod {
    guard let type = all.first(where: { $0.name == name }) else {
      throw .unknownMethod(name, known: names.nearestFirst(to: name))
    }
    let known = type.parameterDefinitions.map(\.name)
    if let unknown = parameters.keys.filter({ !known.contains($0) }).min() {
      throw .unknownParameter(unknown, method: name, known: known.nearestFirst(to: unknown))
    }
    do {
      return try type.init(texts: ParameterTexts(parameters, available: available))
    } catch {
      throw .refusedValue(error, method: name)
    }
  }
}

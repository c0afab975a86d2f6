// `fixed-pair`: the responses of two models that are named beforehand, a large one and a small one.

/// First = the response of the model `first-model`, second = that of `second-model`.
///
/// Where a model has several responses to a prompt, the one of the lowest index is taken. A prompt without a response
/// of both is skipped (`SkipReason.lacksModel`). Names are compared by their UTF-8 bytes. No random draws; pairs aren't
/// compared, so there is no criterion. It assumes that the first model is better than the second, everywhere.
/// Complexity: O(total length of the names).
///
/// Source: Geng et al., "The Delta Learning Hypothesis", arXiv 2507.06187; in arXiv 2603.09692 as DeltaQwen, with
/// Qwen3-32B over Qwen3-0.6B.
public struct FixedPairMethod: SelectionMethod {
  public static let name = "fixed-pair"
  public static let summary = "the responses of two named models, whatever they say"
  public static let formula = "first = the response of model A, second = that of model B"
  public static let source = "Geng et al., arXiv 2507.06187; in arXiv 2603.09692 as DeltaQwen"
  public static let parameterDefinitions: [ParameterDefinition] = [.firstModel, .secondModel]
  public static let alternativeNeeds: [CandidateColumns] = [.models]

  /// The model whose response comes first.
  public let firstModel: String
  /// The model whose response comes second.
  public let secondModel: String
  private let firstBytes: [UInt8]
  private let secondBytes: [UInt8]

  /// - Throws: `ParameterError` for an empty name, or the same name twice.
  public init(firstModel: String, secondModel: String) throws(ParameterError) {
    try ParameterDefinition.firstModel.check(firstModel)
    try ParameterDefinition.secondModel.check(secondModel)
    self.firstModel = firstModel
    self.secondModel = secondModel
    firstBytes = [UInt8](firstModel.utf8)
    secondBytes = [UInt8](secondModel.utf8)
    // By bytes, as the responses' models are: two spellings of one name under Unicode may be two models.
    guard firstBytes != secondBytes else {
      throw ParameterError(
        parameter: ParameterDefinition.secondModel.name, value: secondModel, allowed: "another model than the first")
    }
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    try self.init(firstModel: texts.text(.firstModel), secondModel: texts.text(.secondModel))
  }

  public var needs: CandidateColumns { .models }
  public var parameters: [Parameter] {
    [
      Parameter(ParameterDefinition.firstModel.name, .word(firstModel)),
      Parameter(ParameterDefinition.secondModel.name, .word(secondModel)),
    ]
  }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    guard
      let first = candidates.models.firstIndex(of: firstBytes),
      let second = candidates.models.firstIndex(of: secondBytes)
    else { return .skipped(.lacksModel) }
    return .pair(Pair(first: first, second: second))
  }
}

extension ParameterDefinition {
  /// `first-model`: whose response comes first.
  fileprivate static let firstModel = ParameterDefinition(
    name: "first-model", summary: "the model whose response comes first", kind: .text("a model's name"),
    defaultText: nil)

  /// `second-model`: whose response comes second.
  fileprivate static let secondModel = ParameterDefinition(
    name: "second-model", summary: "the model whose response comes second", kind: .text("a model's name"),
    defaultText: nil)
}

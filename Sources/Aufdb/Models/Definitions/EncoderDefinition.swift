// A model that makes embeddings.

/// What an encoder sees of a response.
public enum EncoderInput: String, Sendable, CaseIterable {
  case response
  /// The prompt and the response.
  case conversation
}

/// An encoder, as a store defines it.
public struct EncoderDefinition: Sendable, Equatable {
  public var name: String
  /// Counted from 1.
  public var version: Int
  /// Who is asked: a model of the store or, of an encoder that has a server of its own, this server under the encoder's
  /// name and version.
  public var endpoint: ModelDefinition
  /// Whether the server stands in the encoder's own definition.
  public var hasOwnServer: Bool
  /// How many elements each vector has.
  public var dimensions: Int
  /// How they are stored.
  public var element: EmbeddingElement
  public var input: EncoderInput
  /// How many texts go into one request.
  public var batchSize: Int

  public init(
    name: String, version: Int, endpoint: ModelDefinition, hasOwnServer: Bool = false, dimensions: Int,
    element: EmbeddingElement = .float16, input: EncoderInput = .response, batchSize: Int = 64
  ) {
    self.name = name
    self.version = version
    self.endpoint = endpoint
    self.hasOwnServer = hasOwnServer
    self.dimensions = dimensions
    self.element = element
    self.input = input
    self.batchSize = batchSize
  }

  /// "minilm@1": the encoder of its embeddings.
  public var reference: String { "\(name)@\(version)" }

  /// What decides the answers, as canonical JSON: the column `definition`.
  public var definition: String {
    Operation.object(
      values.merging(hasOwnServer ? endpoint.values : ["endpoint": .text(endpoint.reference)]) { own, _ in own })
  }

  /// What a question's id tells of who is asked, beside the name; see `JudgeDefinition.identity`.
  public var identity: String {
    hasOwnServer ? definition : Operation.object(values.merging(["endpoint": .json(endpoint.named)]) { own, _ in own })
  }

  private var values: [String: Operation.Value] {
    [
      "dimensions": .integer(Int64(dimensions)), "element": .text(element.rawValue), "input": .text(input.rawValue),
    ]
  }

  static let dimensionCounts = 1...1_000_000
  static let batchSizes = 1...100_000
}

// A definition of any kind.

/// A model, a judge or an encoder, as a store defines it.
public enum Definition: Sendable, Equatable {
  case model(ModelDefinition)
  case judge(JudgeDefinition)
  case encoder(EncoderDefinition)

  public var kind: DefinitionKind {
    switch self {
    case .model: .model
    case .judge: .judge
    case .encoder: .encoder
    }
  }

  public var name: String {
    switch self {
    case .model(let model): model.name
    case .judge(let judge): judge.name
    case .encoder(let encoder): encoder.name
    }
  }

  /// Counted from 1.
  public var version: Int {
    switch self {
    case .model(let model): model.version
    case .judge(let judge): judge.version
    case .encoder(let encoder): encoder.version
    }
  }

  /// "ember@2"
  public var reference: String { "\(name)@\(version)" }

  /// The model that is asked: of a model, itself.
  public var endpoint: ModelDefinition {
    switch self {
    case .model(let model): model
    case .judge(let judge): judge.endpoint
    case .encoder(let encoder): encoder.endpoint
    }
  }

  /// What decides the answers, as canonical JSON: the column `definition`.
  public var definition: String {
    switch self {
    case .model(let model): model.definition
    case .judge(let judge): judge.definition
    case .encoder(let encoder): encoder.definition
    }
  }

  /// How its server is reached, as canonical JSON: the column `access`. A judge has none of its own, nor has an encoder
  /// that asks a model of the store; but how many texts an encoder sends at once decides nothing, and stands here too.
  public var access: String {
    switch self {
    case .model(let model): Operation.object(model.access.values)
    case .judge: Operation.object([:])
    case .encoder(let encoder):
      Operation.object(
        (encoder.hasOwnServer ? encoder.endpoint.access.values : [:])
          .merging(["batch": .integer(Int64(encoder.batchSize))]) { own, _ in own })
    }
  }
}

extension [Definition] {
  /// The newest version of each, in the same order.
  public var newest: [Definition] {
    filter { one in !contains { $0.kind == one.kind && $0.name == one.name && $0.version > one.version } }
  }
}

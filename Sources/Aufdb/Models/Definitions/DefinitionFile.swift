// A file of definitions, as people write it for `aufdb model add` and as `aufdb model show` gives it back.
//
//   models:
//     ember:                             its name in the store
//       url: http://localhost:8000/v1    http or https; a slash at the end doesn't matter, and a query stays a query
//       model: ember-3b-instruct         the server's name for it; without this line: the name above
//       parameters: {temperature: 0.7}   whatever the server knows, sent as it is
//       key: {env: OPENAI_API_KEY}       or {file: ~/.keys/openai}; never a key itself
//       price: {input: 0.15, output: 0.60}   of a million tokens
//       limits: {concurrency: 16, timeout: 120, attempts: 6, requests_per_minute: 500}
//   judges:
//     helpful:
//       endpoint: ember                  a model of this file or of the store: its newest version; ember@2 is that one
//       mode: pointwise                  or pairwise; without this line: as the rubric says, and it must say the same
//       rubric: ultrafeedback            a shipped one, the path of a file beside this one, or a rubric itself
//   encoders:
//     minilm:
//       endpoint: ember                  or url, model, parameters, key, price and limits of its own
//       dimensions: 384
//       element: f16                     or f32
//       input: response                  or conversation: prompt and response
//       batch: 64                        texts in one request
//
// A number or word is what JSON or YAML 1.2 says it is: `true` is a truth value, `yes` a word.

/// What a file defines, as it is written there.
public struct DefinitionFile: Sendable {
  /// A server, what it is asked for, and how.
  struct Server: Sendable, Equatable {
    var model: String
    var parameters: [ModelParameter] = []
    var access: ModelAccess
  }

  struct Model: Sendable, Equatable {
    var name: String
    var server: Server
  }

  struct Judge: Sendable, Equatable {
    var name: String
    var endpoint: DefinitionReference
    var rubric: Rubric
    var place: AufdbError.Place?
  }

  struct Encoder: Sendable, Equatable {
    /// Who is asked.
    enum Endpoint: Sendable, Equatable {
      case model(DefinitionReference)
      case own(Server)
    }

    var name: String
    var endpoint: Endpoint
    var dimensions: Int
    var element = EmbeddingElement.float16
    var input = EncoderInput.response
    var batchSize = 64
    var place: AufdbError.Place?
  }

  // Each in the order of the file.
  var models: [Model] = []
  var judges: [Judge] = []
  var encoders: [Encoder] = []

  /// How many definitions it has.
  public var count: Int { models.count + judges.count + encoders.count }

  /// The file that says what some definitions of a store say; judges and encoders name the versions that they ask.
  ///
  /// - Parameter definitions: one of each kind and name.
  public init(_ definitions: [Definition]) {
    for definition in definitions {
      switch definition {
      case .model(let model): models.append(Model(name: model.name, server: Server(model)))
      case .judge(let judge):
        judges.append(Judge(name: judge.name, endpoint: judge.endpoint.ownReference, rubric: judge.rubric))
      case .encoder(let encoder):
        let endpoint = encoder.endpoint
        encoders.append(
          Encoder(
            name: encoder.name, endpoint: encoder.hasOwnServer ? .own(Server(endpoint)) : .model(endpoint.ownReference),
            dimensions: encoder.dimensions, element: encoder.element, input: encoder.input,
            batchSize: encoder.batchSize))
      }
    }
  }

  init() {}
}

extension DefinitionFile.Server {
  fileprivate init(_ model: ModelDefinition) {
    self.init(model: model.serverModel, parameters: model.parameters, access: model.access)
  }

  /// The model that it is under a name.
  func definition(_ name: String, _ version: Int) -> ModelDefinition {
    ModelDefinition(name: name, version: version, serverModel: model, parameters: parameters, access: access)
  }
}

extension ModelDefinition {
  fileprivate var ownReference: DefinitionReference { DefinitionReference(name: name, version: version) }
}

// A model that answers chats, and where it is.

/// A model behind a URL, as a store defines it.
public struct ModelDefinition: Sendable, Equatable {
  public var name: String
  /// Counted from 1.
  public var version: Int
  /// The server's name for it.
  public var serverModel: String
  /// Sent as they are, in this order: by name.
  public var parameters: [ModelParameter]
  public var access: ModelAccess

  public init(
    name: String, version: Int, serverModel: String, parameters: [ModelParameter] = [], access: ModelAccess
  ) {
    self.name = name
    self.version = version
    self.serverModel = serverModel
    self.parameters = parameters
    self.access = access
  }

  /// "ember@2"
  public var reference: String { "\(name)@\(version)" }

  /// What decides the answers, as canonical JSON: the column `definition`.
  public var definition: String { Operation.object(values) }

  /// What a question's id tells of who is asked, beside the name: a definition of the same text gives the same answers,
  /// on whichever branch it stands.
  public var identity: String { definition }

  var values: [String: Operation.Value] { ["model": .text(serverModel), "parameters": .json(parameters.json)] }
}

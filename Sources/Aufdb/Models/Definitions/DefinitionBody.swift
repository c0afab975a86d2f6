// Reads one definition of a file, key by key; DefinitionFile.swift says what there is.

import Yams

/// One definition of a file: its name, and the map under it.
struct DefinitionBody {
  let name: String
  let map: YAMLMap
  let place: AufdbError.Place

  static let serverKeys = ["url", "model", "parameters", "key", "price", "limits"]
  private static let encoderKeys = ["dimensions", "element", "input", "batch"]

  func model() throws(AufdbError) -> DefinitionFile.Model {
    try map.refuseKeys(otherThan: Self.serverKeys, in: "a model")
    return DefinitionFile.Model(name: name, server: try server())
  }

  func judge() throws -> DefinitionFile.Judge {
    try map.refuseKeys(otherThan: ["endpoint", "mode", "rubric"], in: "a judge")
    let endpoint = try endpoint()
    let mode = try map.word("mode", JudgeMode.self)
    guard let entry = map["rubric"] else {
      let names = Rubric.shipped.map(\.name).joined(separator: ", ")
      throw missing("rubric", hint: "shipped ones: \(names); or the path of a file")
    }
    let rubric = try rubric(entry)
    guard mode == nil || mode == rubric.mode else {
      throw AufdbError(
        .badData, "the rubric \(rubric.name.quoted) is \(rubric.mode.rawValue)",
        hint: "write mode: \(rubric.mode.rawValue), or name another rubric", at: map.place(of: entry))
    }
    return DefinitionFile.Judge(name: name, endpoint: endpoint, rubric: rubric, place: place)
  }

  func encoder() throws(AufdbError) -> DefinitionFile.Encoder {
    try map.refuseKeys(otherThan: ["endpoint"] + Self.serverKeys + Self.encoderKeys, in: "an encoder")
    guard let dimensions = try map.integer("dimensions", EncoderDefinition.dimensionCounts) else {
      throw missing("dimensions", hint: "how many elements each vector has")
    }
    let stray = map.entries.first { Self.serverKeys.contains($0.key) }
    let owner: DefinitionFile.Encoder.Endpoint
    if map["endpoint"] == nil {
      owner = .own(try server())
    } else if let stray {
      throw AufdbError(
        .badData, "an encoder has an endpoint or a \(stray.key) of its own, not both", at: map.place(of: stray))
    } else {
      owner = .model(try endpoint())
    }
    var encoder = DefinitionFile.Encoder(name: name, endpoint: owner, dimensions: dimensions, place: place)
    encoder.element = try map.word("element", EmbeddingElement.self) ?? encoder.element
    encoder.input = try map.word("input", EncoderInput.self) ?? encoder.input
    encoder.batchSize = try map.integer("batch", EncoderDefinition.batchSizes) ?? encoder.batchSize
    return encoder
  }

  private func missing(_ key: String, hint: String) -> AufdbError {
    AufdbError(.badData, "\(name) needs a key '\(key)'", hint: hint, at: place)
  }

  private func endpoint() throws(AufdbError) -> DefinitionReference {
    guard let entry = map["endpoint"], let text = try map.text("endpoint") else {
      throw missing("endpoint", hint: "the name of a model of this file, or of the store")
    }
    return try at(entry) { () throws(AufdbError) in try DefinitionReference(text) }
  }

  private func server() throws(AufdbError) -> DefinitionFile.Server {
    guard let entry = map["url"], let text = try map.text("url") else {
      throw missing("url", hint: "such as url: http://localhost:8000/v1")
    }
    var access = ModelAccess(baseURL: try at(entry) { () throws(AufdbError) in try ServerURL.checked(text) })
    access.key = try key()
    if let price = try map.map("price", what: "price") {
      try price.refuseKeys(otherThan: ["input", "output"], in: "price")
      access.inputPrice = try price.number("input", ModelAccess.prices)
      access.outputPrice = try price.number("output", ModelAccess.prices)
    }
    if let limits = try map.map("limits", what: "limits") {
      try limits.refuseKeys(
        otherThan: ["concurrency", "timeout", "attempts", "requests_per_minute"], in: "limits")
      access.concurrency = try limits.integer("concurrency", ModelAccess.concurrencies) ?? access.concurrency
      access.timeoutSeconds = try limits.number("timeout", ModelAccess.timeouts) ?? access.timeoutSeconds
      access.attempts = try limits.integer("attempts", ModelAccess.attemptCounts) ?? access.attempts
      access.requestsPerMinute = try limits.integer("requests_per_minute", ModelAccess.requestRates)
    }
    return DefinitionFile.Server(
      model: try map.text("model") ?? name, parameters: try parameters(), access: access)
  }

  /// What stands under `key` is never shown: it may be the key itself.
  private func key() throws(AufdbError) -> KeySource? {
    guard let entry = map["key"] else { return nil }
    let place = map.place(of: entry)
    // One that says something was refused (PlainKey.swift).
    if case .scalar = entry.value { return nil }
    guard case .mapping = entry.value, let source = try map.map("key", what: "key"), source.entries.count == 1,
      let name = source.entries.first?.key, let text = try keyText(name, of: source), !text.isEmpty
    else { throw AufdbError(.badData, "key takes one of env and file, with a text", hint: PlainKey.hint, at: place) }
    switch name {
    case "env":
      let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      guard isName, text.first?.isNumber == false else {
        throw AufdbError(
          .badData, "key: {env: ...} takes the name of an environment variable: letters, digits and _",
          hint: "such as key: {env: OPENAI_API_KEY}", at: place)
      }
      return .environment(text)
    case "file": return .file(text)
    default:
      try source.refuseKeys(otherThan: ["env", "file"], in: "key")
      return nil
    }
  }

  private func keyText(_ name: String, of source: YAMLMap) throws(AufdbError) -> String? {
    guard case .scalar? = source[name]?.value else { return nil }
    return try source.text(name)
  }

  private func parameters() throws(AufdbError) -> [ModelParameter] {
    guard let map = try map.map("parameters", what: "parameters") else { return [] }
    var parameters: [ModelParameter] = []
    for entry in map.entries {
      guard !ModelQuestions.ownKeys.contains(entry.key) else {
        throw AufdbError(
          .badData, "\(entry.key.quoted) is no parameter: it is part of each question", at: map.place(of: entry))
      }
      parameters.append(ModelParameter(entry.key, json: try entry.value.json(in: map.file)))
    }
    return parameters.sorted { $0.name < $1.name }
  }

  private func rubric(_ entry: YAMLMap.Entry) throws -> Rubric {
    guard let scalar = entry.value.scalar else {
      guard case .mapping = entry.value else { throw map.refusal(of: entry, "a name, a path or a rubric") }
      // Its lines aren't those of the file any more.
      let yaml = try Yams.serialize(node: entry.value, width: -1, allowUnicode: true)
      return try at(entry) { () throws(AufdbError) in try Rubric(yaml: yaml, file: map.file) }
    }
    let text = scalar.string
    guard text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml") else {
      return try at(entry) { () throws(AufdbError) in try Rubric.named(text) }
    }
    let folder = map.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = text.hasPrefix("/") ? text : (folder.map(String.init) + [text]).joined(separator: "/")
    guard let bytes = try ByteSource.contents(of: path, limit: DefinitionFile.sizeLimitBytes),
      let yaml = String(validating: bytes, as: UTF8.self)
    else { throw AufdbError(.badData, "a rubric is UTF-8 of at most 1 MB", at: .init(file: path)) }
    return try Rubric(yaml: yaml, file: path)
  }

  /// Gives what is thrown the place of a key.
  private func at<Value>(
    _ entry: YAMLMap.Entry, _ body: () throws(AufdbError) -> Value
  ) throws(AufdbError) -> Value {
    do throws(AufdbError) {
      return try body()
    } catch {
      throw AufdbError(.badData, error.message, hint: error.hint, at: map.place(of: entry))
    }
  }
}

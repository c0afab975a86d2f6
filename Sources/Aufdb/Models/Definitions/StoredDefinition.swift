// One row of the relation definitions, and what it defines.

/// A row as it is stored.
struct StoredDefinition {
  /// The row's id; 0 for what isn't stored yet.
  var id: Int64 = 0
  var kind: DefinitionKind
  var name: String
  var version: Int
  /// JSON.
  var definition: String
  /// JSON.
  var access: String

  init(_ definition: Definition) {
    kind = definition.kind
    name = definition.name
    version = definition.version
    self.definition = definition.definition
    access = definition.access
  }

  /// - Parameter row: kind, name, version, definition, access, id.
  init(_ row: SQLStatement) throws(AufdbError) {
    // After any version another may come.
    guard let kind = DefinitionKind(rawValue: row.string(0)), let version = Int(exactly: row.integer(2)),
      (1..<Int.max).contains(version)
    else {
      throw AufdbError(.badData, "the store has a definition that is none: '\(row.string(0)) \(row.string(1))'")
    }
    id = row.integer(5)
    self.kind = kind
    name = row.string(1)
    self.version = version
    definition = row.string(3)
    access = row.string(4)
  }

  /// What the row defines.
  ///
  /// - Parameter model: finds the model of a reference such as "ember@2".
  /// - Throws: `.badData` for a row that no definition has, as only damage or another program can have made.
  func decoded(model: (String) throws(AufdbError) -> ModelDefinition) throws(AufdbError) -> Definition {
    let fields: DefinitionFields
    do throws(JSONError) {
      fields = try DefinitionFields(definition: definition, access: access)
    } catch {
      throw damaged("\(error)")
    }
    if kind != .judge, fields.endpoint == nil { try check(fields.server.access) }
    switch kind {
    case .model: return .model(fields.server.definition(name, version))
    case .judge:
      guard let endpoint = fields.endpoint, let json = fields.rubric else { throw damaged("something is missing") }
      let endpointModel = try model(endpoint)
      let rubric: Rubric
      do throws(AufdbError) {
        rubric = try Self.rubric(json)
      } catch {
        throw damaged(error.message)
      }
      return .judge(JudgeDefinition(name: name, version: version, endpoint: endpointModel, rubric: rubric))
    case .encoder:
      guard let dimensions = fields.dimensions, EncoderDefinition.dimensionCounts.contains(dimensions),
        let element = fields.element, let input = fields.input, let batchSize = fields.batchSize,
        EncoderDefinition.batchSizes.contains(batchSize)
      else { throw damaged("something is missing") }
      let own = fields.server.definition(name, version)
      return .encoder(
        EncoderDefinition(
          name: name, version: version, endpoint: try fields.endpoint.map(model) ?? own,
          hasOwnServer: fields.endpoint == nil, dimensions: dimensions, element: element, input: input,
          batchSize: batchSize))
    }
  }

  private static func rubric(_ json: String) throws(AufdbError) -> Rubric {
    var json = json
    return try json.withUTF8 { bytes in
      Result { () throws(AufdbError) in try Rubric(json: UnsafeRawBufferPointer(bytes)) }
    }.get()
  }

  /// A store may come from anywhere: what a definition file couldn't say isn't done for a store either.
  private func check(_ access: ModelAccess) throws(AufdbError) {
    do throws(AufdbError) {
      guard try ServerURL.checked(access.baseURL) == access.baseURL else { throw damaged("its URL is none") }
    } catch {
      throw damaged(error.message)
    }
    let prices = [access.inputPrice, access.outputPrice].compactMap { $0 }
    guard ModelAccess.concurrencies.contains(access.concurrency), ModelAccess.timeouts.contains(access.timeoutSeconds),
      ModelAccess.attemptCounts.contains(access.attempts), prices.allSatisfy(ModelAccess.prices.contains),
      access.requestsPerMinute.map(ModelAccess.requestRates.contains) ?? true
    else { throw damaged("a limit or a price is out of range") }
  }

  private func damaged(_ reason: String) -> AufdbError {
    AufdbError(.badData, "the store is damaged: the \(kind.rawValue) \(name)@\(version): \(reason)")
  }
}

/// All that the two JSON objects of a row can say.
private struct DefinitionFields {
  var server = DefinitionFile.Server(model: "", access: ModelAccess(baseURL: ""))
  var endpoint: String?
  /// JSON.
  var rubric: String?
  var dimensions: Int?
  var element: EmbeddingElement?
  var input: EncoderInput?
  var batchSize: Int?

  init(definition: String, access: String) throws(JSONError) {
    for text in [definition, access] {
      try JSONReader.read(text) { (reader) throws(JSONError) in try read(&reader) }
    }
  }

  private mutating func read(_ reader: inout JSONReader) throws(JSONError) {
    func text(_ reader: inout JSONReader) throws(JSONError) -> String {
      String(decoding: try reader.string(), as: UTF8.self)
    }
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "model": server.model = try text(&reader)
      case "parameters": server.parameters = try [ModelParameter](&reader)
      case "endpoint": endpoint = try text(&reader)
      case "rubric": rubric = String(decoding: try reader.skipValue(), as: UTF8.self)
      case "dimensions": dimensions = Int(try reader.int())
      case "element": element = EmbeddingElement(rawValue: try text(&reader))
      case "input": input = EncoderInput(rawValue: try text(&reader))
      case "batch": batchSize = Int(try reader.int())
      default:
        // What a later version of aufdb may add, and "mode", which the rubric says too.
        if try !server.access.take(key, from: &reader) { _ = try reader.skipValue() }
      }
    }
  }
}

// A file of definitions on its way into a store: which are new, which are new versions, which are there.

/// One addition, inside the change that commits it.
struct DefinitionAddition {
  private let change: Change
  private var stored: StoredDefinitions
  private(set) var report = DefinitionReport()

  init(to change: Change, stored: [StoredDefinition]) {
    self.change = change
    self.stored = StoredDefinitions(stored)
  }

  /// Adds models first, so that judges and encoders of the same file can ask them.
  mutating func add(_ file: DefinitionFile) throws {
    for model in file.models { try add(.model, model.name) { .model(model.server.definition(model.name, $0)) } }
    for judge in file.judges {
      let endpoint = try model(judge.endpoint, of: judge.name, at: judge.place)
      try add(.judge, judge.name) {
        .judge(JudgeDefinition(name: judge.name, version: $0, endpoint: endpoint, rubric: judge.rubric))
      }
    }
    for encoder in file.encoders {
      switch encoder.endpoint {
      case .own(let server):
        try add(.encoder, encoder.name) {
          .encoder(encoder.definition($0, endpoint: server.definition(encoder.name, $0), isOwn: true))
        }
      case .model(let reference):
        let endpoint = try model(reference, of: encoder.name, at: encoder.place)
        try add(.encoder, encoder.name) { .encoder(encoder.definition($0, endpoint: endpoint, isOwn: false)) }
      }
    }
  }

  /// What the commit says of itself.
  var note: CommitNote {
    let done = report.entries.filter { $0.outcome != .unchanged }
    let names = done.prefix(4).map { "\($0.kind.rawValue) \($0.reference)" }.joined(separator: ", ")
    return CommitNote(
      message: "Define \(names)\(done.count > 4 ? " and \(done.count - 4) more" : "")",
      operation: Operation(
        "model", ["add": .list(done.map { .text("\($0.kind.rawValue) \($0.reference)") })]))
  }

  /// The model that a definition of the file asks.
  private func model(
    _ reference: DefinitionReference, of name: String, at place: AufdbError.Place?
  ) throws(AufdbError) -> ModelDefinition {
    do throws(AufdbError) {
      let row = try stored.named(reference, .model)
      guard case .model(let model) = try stored.decoded(row) else {
        throw AufdbError(.internalDefect, "a definition of another kind than was asked for")
      }
      return model
    } catch {
      throw AufdbError(
        error.kind, "\(name) asks a model that isn't there: \(error.message)", hint: error.hint, at: place)
    }
  }

  /// - Parameter definition: what is defined, as a version.
  private mutating func add(
    _ kind: DefinitionKind, _ name: String, _ definition: (_ version: Int) -> Definition
  ) throws {
    let newest = stored.newest(kind, name)
    var row = StoredDefinition(definition(newest?.version ?? 1))
    let outcome: DefinitionReport.Outcome
    switch newest {
    case nil: outcome = .new
    case let old? where old.definition != row.definition:
      row = StoredDefinition(definition(old.version + 1))
      outcome = .newVersion
    case let old?: outcome = old.access == row.access ? .unchanged : .access
    }
    report.entries.append(.init(kind: kind, reference: "\(name)@\(row.version)", outcome: outcome))
    guard outcome != .unchanged else { return }
    if outcome == .access, let newest {
      try change.retire(.definitions, newest.id)
      stored.rows.removeAll { $0.kind == kind && $0.name == name && $0.version == row.version }
    }
    let writer = try change.writer(.definitions)
    writer.text(kind.rawValue)
    writer.text(name)
    writer.integer(row.version)
    writer.text(row.definition)
    writer.text(row.access)
    try writer.insert()
    stored.rows.append(row)
  }
}

extension DefinitionFile.Encoder {
  fileprivate func definition(_ version: Int, endpoint: ModelDefinition, isOwn: Bool) -> EncoderDefinition {
    EncoderDefinition(
      name: name, version: version, endpoint: endpoint, hasOwnServer: isOwn, dimensions: dimensions, element: element,
      input: input, batchSize: batchSize)
  }
}

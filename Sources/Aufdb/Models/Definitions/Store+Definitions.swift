// Keeping definitions, and finding them.
//
// A definition is a row of the relation definitions, whose key is kind, name and version. What decides its answers
// stands in the column `definition`, and can't change under a version: another text is the next version, and the old
// ones stay, because rows that were made by them name them. How the server is reached stands in `access`, and may.

import AufdbAcquisition

extension Store {
  /// Adds what a file defines to a branch, with one commit.
  ///
  /// - Returns: the commit, nil where all of it is there already; and what became of each definition.
  /// - Throws: `.refused` with the place in the file for a judge or an encoder that asks a model which neither the file
  ///   nor the branch's tip has.
  @discardableResult
  public func addDefinitions(
    _ file: DefinitionFile, context: CommitContext
  ) throws -> (commit: Commit?, report: DefinitionReport) {
    let (commit, report) = try commit(context) { change -> (CommitNote, DefinitionReport) in
      var addition = DefinitionAddition(to: change, stored: try change.connection.storedDefinitions(showsIDs: true))
      try addition.add(file)
      return (addition.note, addition.report)
    }
    return (commit, report)
  }

  /// All definitions that a revision has: models, judges, encoders, each by name and version.
  public func definitions(at revision: Revision = .head) throws -> [Definition] {
    try read(at: revision) { connection, _ in
      let stored = StoredDefinitions(try connection.storedDefinitions())
      return try stored.rows.map { row throws(AufdbError) in try stored.decoded(row) }
    }
  }

  /// The definition of a kind that a reference names.
  ///
  /// - Parameter reference: "ember" for the newest version, or "ember@2".
  /// - Throws: `.refused` where the revision has none; `.usage` for what can't be a name.
  public func definition(
    _ kind: DefinitionKind, _ reference: String, at revision: Revision = .head
  ) throws -> Definition {
    let reference = try DefinitionReference(reference)
    return try read(at: revision) { connection, _ in
      let stored = StoredDefinitions(try connection.storedDefinitions())
      return try stored.decoded(stored.named(reference, kind))
    }
  }

  /// Definitions as the file that would define them.
  ///
  /// - Parameter references: "ember" for the newest version of whatever has that name, or "ember@2"; none: the newest
  ///   version of each.
  /// - Throws: `.refused` where the revision has no such definition; `.usage` for two versions of one.
  public func definitionFile(of references: [String], at revision: Revision = .head) throws -> DefinitionFile {
    let references = try references.map { text throws(AufdbError) in try DefinitionReference(text) }
    return try read(at: revision) { connection, _ in
      let stored = StoredDefinitions(try connection.storedDefinitions())
      let all = try stored.rows.map { row throws(AufdbError) in try stored.decoded(row) }
      if references.isEmpty { return DefinitionFile(all.newest) }
      var chosen: [Definition] = []
      for reference in references {
        let found = (reference.version == nil ? all.newest : all).filter {
          $0.name == reference.name && (reference.version == nil || $0.version == reference.version)
        }
        guard !found.isEmpty else { throw stored.unknown(reference) }
        guard !chosen.contains(where: { $0.name == reference.name }) else {
          throw AufdbError(.usage, "\(reference.name) is named twice", hint: "a file defines one version of it")
        }
        chosen += found
      }
      return DefinitionFile(chosen)
    }
  }

  /// The model of a reference; see `definition`.
  public func modelDefinition(_ reference: String, at revision: Revision = .head) throws -> ModelDefinition {
    guard case .model(let model) = try definition(.model, reference, at: revision) else { throw Self.otherKind }
    return model
  }

  /// The judge of a reference; see `definition`.
  public func judgeDefinition(_ reference: String, at revision: Revision = .head) throws -> JudgeDefinition {
    guard case .judge(let judge) = try definition(.judge, reference, at: revision) else { throw Self.otherKind }
    return judge
  }

  /// The encoder of a reference; see `definition`.
  public func encoderDefinition(_ reference: String, at revision: Revision = .head) throws -> EncoderDefinition {
    guard case .encoder(let encoder) = try definition(.encoder, reference, at: revision) else { throw Self.otherKind }
    return encoder
  }

  private static let otherKind = AufdbError(.internalDefect, "a definition of another kind than was asked for")
}

/// The definitions that a revision has.
struct StoredDefinitions {
  /// In the order of kinds, then by name and version.
  var rows: [StoredDefinition]

  init(_ rows: [StoredDefinition]) { self.rows = rows }

  /// The newest version under a name.
  func newest(_ kind: DefinitionKind, _ name: String) -> StoredDefinition? {
    rows.filter { $0.kind == kind && $0.name == name }.max { $0.version < $1.version }
  }

  /// What a row defines, with the model that it asks.
  func decoded(_ row: StoredDefinition) throws(AufdbError) -> Definition {
    try row.decoded { reference throws(AufdbError) in
      let found = rows.first { $0.kind == .model && "\($0.name)@\($0.version)" == reference }
      guard let found, case .model(let model) = try decoded(found) else {
        throw AufdbError(
          .badData, "the store is damaged: the model \(reference.quoted) of \(row.name)@\(row.version) is missing")
      }
      return model
    }
  }

  /// The row that a reference names.
  ///
  /// - Throws: `.refused` where there is none, with what was probably meant.
  func named(_ reference: DefinitionReference, _ kind: DefinitionKind) throws(AufdbError) -> StoredDefinition {
    guard let newest = newest(kind, reference.name) else { throw unknown(reference.name, kind) }
    guard let version = reference.version else { return newest }
    let versions = rows.filter { $0.kind == kind && $0.name == reference.name }
    guard let row = versions.first(where: { $0.version == version }) else {
      throw AufdbError(
        .refused, "there is no version \(version) of the \(kind.rawValue) \(reference.name)",
        hint: newest.version == 1 ? "its only version is 1" : "its newest version is \(newest.version)")
    }
    return row
  }

  /// The error for what no kind has.
  func unknown(_ reference: DefinitionReference) -> AufdbError {
    let hint =
      if let versions = rows.filter({ $0.name == reference.name }).map(\.version).max() {
        versions == 1 ? "its only version is 1" : "its newest version is \(versions)"
      } else {
        Array(Set(rows.map(\.name))).sorted().nearest(to: reference.name).map { "did you mean \($0)?" }
          ?? "`aufdb model list STORE` lists what there is"
      }
    return AufdbError(.refused, "there is no definition \(reference.description.quoted)", hint: hint)
  }

  private func unknown(_ name: String, _ kind: DefinitionKind) -> AufdbError {
    let names = Array(Set(rows.filter { $0.kind == kind }.map(\.name))).sorted()
    let hint =
      if let other = rows.first(where: { $0.name == name }) {
        "\(name) is \(other.kind.withArticle)"
      } else if let nearest = names.nearest(to: name) {
        "did you mean \(nearest)?"
      } else if names.isEmpty {
        "`aufdb model add STORE FILE` defines one"
      } else {
        "\(kind.section) here: \(names.prefix(20).joined(separator: ", "))"
      }
    return AufdbError(.refused, "there is no \(kind.rawValue) \(name.quoted)", hint: hint)
  }
}

extension Connection {
  /// The definitions that it shows.
  ///
  /// - Parameter showsIDs: whether the view has the rows' ids, as it has for a change.
  fileprivate func storedDefinitions(showsIDs: Bool = false) throws -> [StoredDefinition] {
    let statement = try statement(
      "SELECT kind, name, version, definition, access, \(showsIDs ? "id" : "0") FROM definitions ORDER BY name, version"
    )
    var rows: [StoredDefinition] = []
    while try statement.step() { rows.append(try StoredDefinition(statement)) }
    return DefinitionKind.allCases.flatMap { kind in rows.filter { $0.kind == kind } }
  }
}

// Reads a file of definitions; DefinitionFile.swift says what one looks like.

extension DefinitionFile {
  /// Reads a file's text.
  ///
  /// - Parameters:
  ///   - yaml: a map with the keys models, judges and encoders.
  ///   - path: the file's path, for errors, and because the paths of rubrics are relative to its folder.
  /// - Throws: `.badData` with the line: text that isn't YAML, an unknown key, a value that a key can't have, a key to a
  ///   server in plain sight, a rubric that is none; `StreamError` for a rubric's file that can't be read.
  public init(yaml: String, path: String) throws {
    self.init()
    guard let root = try YAMLMap.compose(yaml, file: path) else {
      throw AufdbError(.badData, "the file defines nothing", hint: Self.hint, at: .init(file: path))
    }
    try PlainKey.refuse(in: root, file: path)
    let map = try YAMLMap(root, file: path, what: "a file of definitions")
    try map.refuseKeys(otherThan: DefinitionKind.allCases.map(\.section), in: "a file of definitions")
    for kind in DefinitionKind.allCases {
      guard let section = try map.map(kind.section, what: kind.section) else { continue }
      for entry in section.entries {
        guard RefName.isWellFormed(entry.key) else {
          throw AufdbError(
            .badData, "\(entry.key.quoted) can't be the name of \(kind.withArticle)", hint: RefName.grammar,
            at: section.place(of: entry))
        }
        let body = DefinitionBody(
          name: entry.key, map: try YAMLMap(entry.value, file: path, what: kind.withArticle),
          place: section.place(of: entry))
        if kind == .judge, (try? Aufdb.Judge(entry.key)) != nil {
          throw AufdbError(
            .badData, "a judge can't be called \(entry.key): every store has one of that name", at: body.place)
        }
        switch kind {
        case .model: models.append(try body.model())
        case .judge: judges.append(try body.judge())
        case .encoder: encoders.append(try body.encoder())
        }
      }
    }
    guard count > 0 else {
      throw AufdbError(.badData, "the file defines nothing", hint: Self.hint, at: .init(file: path))
    }
  }

  /// Reads a file.
  ///
  /// - Throws: as `init(yaml:path:)`; `StreamError` where it can't be read.
  public init(path: String) throws {
    guard let bytes = try ByteSource.contents(of: path, limit: Self.sizeLimitBytes) else {
      throw AufdbError(.badData, "a file of definitions has at most 1 MB", at: .init(file: path))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AufdbError(.badData, "the file is not UTF-8", at: .init(file: path))
    }
    try self.init(yaml: text, path: path)
  }

  static let sizeLimitBytes = 1 << 20
  private static let hint = "write models:, judges: or encoders:; `aufdb help model add` shows a file"
}

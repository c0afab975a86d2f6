// Reads a run's configuration from YAML: one map of keys, none unknown. (Yams refuses a key that stands twice.)

import Yams

extension RunConfiguration {
  /// Reads a configuration file; keys that it doesn't name keep their defaults.
  ///
  /// - Parameters:
  ///   - yaml: the file's text: a map with the keys of `RunKey.all`, and `version: 1`.
  ///   - file: the file's name, for errors.
  /// - Throws: `.badData` with the line: text that isn't YAML, an unknown or repeated key, a value that the key can't
  ///   have, a newer version.
  public init(yaml: String, file: String) throws(AufdbError) {
    self.init()
    guard let root = try YAMLMap.compose(yaml, file: file) else { return }
    guard case .mapping(let mapping) = root else {
      throw AufdbError(
        .badData, "a configuration is a map of keys and values", hint: "such as 'method: drts'",
        at: .init(file: file, line: root.mark?.line))
    }
    for (keyNode, node) in mapping {
      let place = AufdbError.Place(file: file, line: keyNode.mark?.line)
      do throws(AufdbError) {
        guard let name = keyNode.scalar?.string else { throw AufdbError(.badData, "a key is a word") }
        try take(name, try RunValue(node))
      } catch {
        throw AufdbError(.badData, error.message, hint: error.hint, at: place)
      }
    }
  }

  /// Reads a configuration file.
  ///
  /// - Throws: as `init(yaml:file:)`; `StreamError` where it can't be read.
  public init(file: String) throws {
    guard let bytes = try ByteSource.contents(of: file, limit: Self.sizeLimitBytes) else {
      throw AufdbError(.badData, "a configuration has at most 1 MB", at: .init(file: file))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AufdbError(.badData, "the configuration is not UTF-8", at: .init(file: file))
    }
    try self.init(yaml: text, file: file)
  }

  private static let sizeLimitBytes = 1 << 20

  private mutating func take(_ name: String, _ value: RunValue) throws(AufdbError) {
    guard name == "version" else { return try RunKey.named(name).set(value, in: &self) }
    guard case .text(let text) = value, let version = Int(text), version >= 1 else {
      throw AufdbError(.badData, "version takes a whole number, not \(value.shown)")
    }
    guard version <= Self.version else {
      throw AufdbError(
        .badData, "this configuration is of version \(version), and this aufdb reads up to \(Self.version)",
        hint: "use a newer aufdb")
    }
  }

  /// Sets one key from a text, as a command line gives it: `set("seed", "7")`. Another method than before begins without
  /// that one's parameters.
  ///
  /// - Throws: `.usage` for an unknown key or a value that it can't have.
  public mutating func set(_ name: String, _ text: String) throws(AufdbError) {
    let method = method
    try RunKey.named(name).set(text == "null" ? .null : .text(text), in: &self)
    if method != self.method { methodParameters = [:] }
  }
}

extension RunValue {
  fileprivate init(_ node: Node) throws(AufdbError) {
    func text(_ node: Node) throws(AufdbError) -> String {
      guard let scalar = node.scalar else { throw AufdbError(.badData, "values don't nest so deep") }
      return scalar.string
    }
    switch node {
    case .scalar(let scalar):
      // A quoted "null" is a word.
      self = scalar.style == .plain && node.null != nil ? .null : .text(scalar.string)
    case .sequence(let sequence):
      var list: [String] = []
      for element in sequence { list.append(try text(element)) }
      self = .list(list)
    case .mapping(let mapping):
      var map: [String: String] = [:]
      for (key, value) in mapping {
        map[try text(key)] = try text(value)
      }
      self = .map(map)
    case .alias: throw AufdbError(.badData, "aliases aren't read here")
    }
  }
}

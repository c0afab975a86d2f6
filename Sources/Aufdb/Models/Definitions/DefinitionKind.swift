// What can be defined, and how a definition is named.

/// The kinds of definition, in the order in which they are listed: what a kind asks comes before it.
public enum DefinitionKind: String, Sendable, CaseIterable {
  case model, judge, encoder

  /// The key of a definition file under which such definitions stand.
  var section: String { rawValue + "s" }

  /// With its article, as messages have it.
  var withArticle: String { self == .encoder ? "an encoder" : "a \(rawValue)" }
}

/// The name of a definition, with or without a version: "ember", or "ember@2".
struct DefinitionReference: Sendable, Equatable, CustomStringConvertible {
  var name: String
  /// Counted from 1; nil for the newest.
  var version: Int?

  init(name: String, version: Int?) {
    self.name = name
    self.version = version
  }

  /// - Throws: `.usage` for any other text.
  init(_ text: String) throws(AufdbError) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, RefName.isWellFormed(name) else {
      throw AufdbError(.usage, "\(text.quoted) can't be the name of a definition", hint: RefName.grammar)
    }
    self.name = name
    guard parts.count == 2 else { return }
    guard let version = Int(parts[1]), version >= 1, "\(version)" == parts[1] else {
      throw AufdbError(
        .usage, "\(parts[1].quoted) is no version of \(name)", hint: "versions are \(name)@1, \(name)@2 ...")
    }
    self.version = version
  }

  var description: String { version.map { "\(name)@\($0)" } ?? name }
}

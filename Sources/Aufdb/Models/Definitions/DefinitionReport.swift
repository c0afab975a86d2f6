// What adding a file of definitions did.

/// What became of each definition of a file, in the order models, judges, encoders.
public struct DefinitionReport: Sendable, Equatable {
  public enum Outcome: String, Sendable, CaseIterable {
    /// The first version under its name.
    case new
    /// Another definition than the newest version's: one version more.
    case newVersion = "new version"
    /// The same definition, reached in another way: its version stays, and so does what was made by it.
    case access = "new access"
    case unchanged
  }

  public struct Entry: Sendable, Equatable {
    public var kind: DefinitionKind
    /// "ember@2"
    public var reference: String
    public var outcome: Outcome
  }

  public var entries: [Entry] = []
}

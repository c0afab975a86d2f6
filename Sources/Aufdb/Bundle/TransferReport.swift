// What came into a store from a bundle or from another store.

/// What commits, branches and tags arrived.
public struct TransferReport: Sendable, Equatable {
  /// A branch or tag that is new, or has moved.
  public struct RefChange: Sendable, Equatable {
    public var kind: Ref.Kind
    public var name: String
    /// Where a branch was; nil for one that is new.
    public var old: CommitID?
    public var new: CommitID
  }

  /// Those that are new or have moved; not those that were there already.
  public var refs: [RefChange] = []
  public var commitCount = 0
  /// The commits, the newest first; known in a dry run only.
  public var commits: [Commit] = []
  /// How many row versions these commits bore.
  public var added: [Relation: Int] = [:]

  /// Whether the store has something that it hadn't.
  public var changesStore: Bool { commitCount > 0 || !refs.isEmpty }
}

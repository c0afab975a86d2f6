// What pruning is asked to do, and what it says that it did.

/// How a store is pruned.
public struct PruneOptions: Sendable, Equatable {
  /// How many of each branch's newest commits are kept, beside all tags and the branches' tips: at least 1.
  public var keepCount: Int
  /// Whether everything is only counted, and nothing changed.
  public var isDryRun: Bool
  /// Whether the file gives back the room of what was dropped.
  public var compacts: Bool

  public init(keepCount: Int, isDryRun: Bool = false, compacts: Bool = true) {
    self.keepCount = keepCount
    self.isDryRun = isDryRun
    self.compacts = compacts
  }
}

/// What pruning dropped, or would drop.
public struct PruneReport: Sendable, Equatable {
  /// The row versions of one relation.
  public struct Dropped: Sendable, Equatable {
    public var relation: Relation
    public var rowCount: Int
    /// The length of all their values: a text's or blob's bytes, 8 for a number. The file shrinks by more or less, for
    /// keys stand in indexes, too.
    public var sizeBytes: Int
  }

  /// The relations that lose something, in order of their codes.
  public var dropped: [Dropped] = []
  /// How many commits lose something that they saw, and didn't before.
  public var prunedCount = 0
  /// How many commits are kept: all that they see stays.
  public var keptCount = 0
  /// The size of the file and its log, before and after; nil where nothing was changed.
  public var fileBytes: FileBytes?
  /// Why the file wasn't compacted though it was asked for; nil where it was, or needn't be.
  public var compactionFailure: String?

  public struct FileBytes: Sendable, Equatable {
    public var before: Int64
    public var after: Int64
  }

  /// Whether there is nothing to drop.
  public var isEmpty: Bool { dropped.isEmpty }

  public var rowCount: Int { dropped.reduce(0) { $0 + $1.rowCount } }
  public var sizeBytes: Int { dropped.reduce(0) { $0 + $1.sizeBytes } }
}

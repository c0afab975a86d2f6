// What was salvaged, and what was not.

/// What came out of a damaged store.
public struct SalvageReport: Sendable, Equatable {
  /// The row versions of one relation.
  public struct Rows: Sendable, Equatable {
    public var relation: Relation
    /// Copied, and proven to be those that their commits recorded.
    public var proven = 0
    /// Copied from commits whose rows are not all there or not all right: some may be wrong.
    public var unproven = 0
    /// Of those that commits recorded, how many are not copied; as far as that is known.
    public var lost = 0
  }

  /// A commit that could not keep its id.
  public struct Rebuilt: Sendable, Equatable {
    public var old: CommitID
    public var new: CommitID
    public var message: String
    /// Whether its rows are proven: then only its id differs, because an ancestor's does.
    public var isProven: Bool
    /// How many of its rows are lost, by relation.
    public var lost: [Relation: Int]
  }

  /// A commit on top of a branch.
  public struct Added: Sendable, Equatable {
    public var branch: String
    public var message: String
  }

  /// Commits that are what they were, with their ids.
  public var exactCount = 0
  /// Commits that were made anew of what is left of others, parents first.
  public var rebuilt: [Rebuilt] = []
  /// Commits that were added to put in order what is left, by branch.
  public var added: [Added] = []
  public var rows: [Rows] = []
  public var answerCount = 0
  /// Kept answers that aren't those that were kept, and are left out.
  public var badAnswerCount = 0
  /// What became of branches and tags that could not stay as they were, in words.
  public var losses: [String] = []
  /// Pages that should hold something and can't be read.
  public var badPageCount = 0
  /// Places of rows that hold none.
  public var badRowCount = 0
  /// What `verify` says of the new store: nothing, unless aufdb has a defect.
  public var problems: [String] = []

  /// Counts rows of no commit that is known.
  mutating func add(_ relation: Relation, unproven: Int, lost: Int) {
    let place = rows.firstIndex { $0.relation.rawValue >= relation.rawValue } ?? rows.endIndex
    if place == rows.endIndex || rows[place].relation != relation { rows.insert(Rows(relation: relation), at: place) }
    rows[place].unproven += unproven
    rows[place].lost += lost
  }

  /// Whether the new store is all that the damaged one was.
  public var isWhole: Bool {
    rebuilt.isEmpty && added.isEmpty && losses.isEmpty && rows.allSatisfy { $0.unproven + $0.lost == 0 }
      && problems.isEmpty && badAnswerCount == 0 && badPageCount == 0
      && badRowCount == 0
  }
}

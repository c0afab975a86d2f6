// Which commits a log shows.

/// Where a log begins, and which of the commits that it comes by it shows. A commit has to pass every filter that is set.
public struct LogOptions: Sendable {
  /// The commit to begin at; nil for the head of the current branch.
  public var revision: Revision?
  /// Whether it begins at every branch and tag as well.
  public var isAll: Bool
  /// Shows commits that changed one of these; all commits where it is empty.
  public var relations: Set<Relation>
  /// Shows commits whose author's name has this text somewhere in it, in upper or lower case; nil for anybody's.
  public var author: String?
  /// Shows commits of this date or later; nil for those of any time.
  public var since: RevisionDate?
  /// Shows commits of this date or earlier; nil for those of any time.
  public var until: RevisionDate?
  /// Shows at most so many; nil for all.
  public var limit: Int?

  public init(
    revision: Revision? = nil, isAll: Bool = false, relations: Set<Relation> = [], author: String? = nil,
    since: RevisionDate? = nil, until: RevisionDate? = nil, limit: Int? = nil
  ) {
    self.revision = revision
    self.isAll = isAll
    self.relations = relations
    self.author = author
    self.since = since
    self.until = until
    self.limit = limit
  }

  /// - Throws: `.usage` for filters that no commit can pass.
  func check() throws(AufdbError) {
    if let since, let until, since.first > until.last {
      throw AufdbError(
        .usage, "nothing can be since \(since) and until \(until)", hint: "the earlier date belongs to --since")
    }
    if let author, author.isEmpty {
      throw AufdbError(.usage, "the author's name is empty", hint: "leave --author out for the commits of everybody")
    }
  }

  /// Whether a commit passes every filter.
  func shows(_ commit: Commit) -> Bool {
    if let since, commit.milliseconds < since.first { return false }
    if let until, commit.milliseconds > until.last { return false }
    if let author, !commit.author.lowercased().contains(author.lowercased()) { return false }
    return relations.isEmpty || commit.changes.contains { relations.contains($0.relation) }
  }
}

// All prompts, a page at a time, so that a walk that lasts for hours holds neither a transaction nor all ids.

/// Walks through the prompts of a revision in the order of their ids.
struct PromptWalk {
  private enum Source {
    /// The ids that a condition is true of, which were found at the beginning; and how many are done.
    case chosen([String], doneCount: Int)
    /// All after an id; nil: from the beginning.
    case all(after: String?)
  }

  private var source: Source
  private static let pageSize = 64

  /// - Throws: `.refused` for a condition that can't be run.
  init(_ condition: String?, in connection: Connection) throws {
    source = .all(after: nil)
    if let condition { self = PromptWalk(try PromptCondition.promptIDs(condition, prefix: "", in: connection)) }
  }

  /// Walks through these, each once.
  init(_ promptIDs: some Sequence<String>) {
    source = .chosen(Set(promptIDs).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, doneCount: 0)
  }

  /// The ids of the next page; none at the end.
  mutating func next(in connection: Connection) throws -> [String] {
    switch source {
    case .chosen(let ids, let count):
      let page = ids[count...].prefix(Self.pageSize)
      source = .chosen(ids, doneCount: page.endIndex)
      return Array(page)
    case .all(let last):
      let page = try connection.all(
        """
        SELECT prompt_id FROM prompts WHERE prompt_id > ?1 ORDER BY prompt_id LIMIT \(Self.pageSize)
        """, .text(last ?? "")
      ) { $0.string(0) }
      source = .all(after: page.last ?? last)
      return page
    }
  }

  /// All that are left.
  func remaining(in connection: Connection) throws -> [String] {
    var walk = self
    var ids: [String] = []
    try walk.all(in: connection) { ids.append($0) }
    return ids
  }

  /// Hands all that are left to `body`.
  mutating func all(in connection: Connection, _ body: (String) throws -> Void) throws {
    while true {
      let page = try next(in: connection)
      if page.isEmpty { return }
      for promptID in page { try body(promptID) }
    }
  }
}

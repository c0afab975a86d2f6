// The pages of X_history and X_diff.

extension RelationPage {
  /// What X_history is, of any relation X.
  public static let historySummary = """
    Every version of the rows of X that the revision ever saw: the columns of X, and by whom and when each version was \
    born and retired.
    """

  /// What X_diff is, of any relation X.
  public static let diffSummary = """
    The rows of X that differ between two revisions. It is called like a function, X_diff('main~1', 'main'); without the \
    second argument it compares with the revision that is queried.
    """

  static func history(of relation: Relation) -> RelationPage {
    let columns = all.first { $0.name == relation.name }?.columns ?? []
    let meanings = [
      "the id of the commit that added this version", "who made that commit", "when, in UTC",
      "the id of the commit that replaced or removed it; NULL while the revision sees it", "who made that commit",
      "when, in UTC",
    ]
    let commits = zip(HistoryViews.columns, meanings).map {
      Column(name: $0, type: "TEXT", isOptional: $0.hasPrefix("retired"), meaning: $1)
    }
    return RelationPage(
      name: HistoryViews.name(relation), kind: .versions,
      summary: historySummary.replacing("X", with: relation.name), columns: columns + commits,
      examples: ["SELECT * FROM \(HistoryViews.name(relation)) ORDER BY born_at DESC LIMIT 10"])
  }

  static func diff(of relation: Relation) -> RelationPage {
    let columns = all.first { $0.name == relation.name }?.columns ?? []
    let name = DiffColumns.tableName(relation)
    let meanings = Dictionary(columns.map { ($0.name, $0.meaning) }) { first, _ in first }
    let diffColumns = DiffColumns(relation).names.map { name in
      let own =
        switch name {
        case "change": "'added', 'removed' or 'modified'"
        case "columns": "the names of the columns that differ, with a blank between them; NULL unless modified"
        case "from_revision": "the first argument; SELECT * leaves it out"
        case "to_revision": "the second argument; SELECT * leaves it out"
        case _ where name.hasPrefix("old_"): "\(name.dropFirst(4)) in the first revision; NULL for an added row"
        case _ where name.hasPrefix("new_"): "\(name.dropFirst(4)) in the second revision; NULL for a removed row"
        default: meanings[name] ?? "of the key: the pair's two responses in sorted order"
        }
      return Column(name: name, type: nil, meaning: own)
    }
    return RelationPage(
      name: name, kind: .versions, summary: diffSummary.replacing("X", with: relation.name), columns: diffColumns,
      examples: ["SELECT change, count(*) FROM \(name)('main~1', 'main') GROUP BY change"])
  }
}

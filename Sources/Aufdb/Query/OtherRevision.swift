// A second revision in one query: `past_labels` beside `labels`.
//
// All that the revision of a query has under a relation's name, another has under its own name, an underscore and the
// relation's. Histories and differences are of the query's revision alone.

/// A revision under a name of its own.
public struct OtherRevision: Sendable, Equatable {
  /// What stands before its relations' names, without the underscore.
  public let name: String
  public let revision: Revision

  private static let byteLimit = 60

  /// - Throws: `.usage` for a name that can't stand in SQL as it is, or means something there already.
  public init(_ name: String, _ revision: Revision) throws(AufdbError) {
    let utf8 = Array(name.utf8)
    let isIdentifier =
      !utf8.isEmpty && utf8.count <= Self.byteLimit && !(48...57).contains(utf8[0])
      && utf8.allSatisfy { $0 < 0x80 && SQLSpace.isNameByte($0) }
    guard isIdentifier else {
      throw AufdbError(
        .usage, "\(name.quoted) can't be a revision's name in a query",
        hint: "use letters, digits and _ (ASCII, at most \(Self.byteLimit)), and no digit first: past gives past_labels"
      )
    }
    let lower = name.lowercased()
    // "sqlite_" is SQLite's own, "main" and "temp" are schemas, and a relation's name would make two words of one.
    guard !lower.hasPrefix("sqlite"), lower != "main", lower != "temp", Relation(name: lower) == nil else {
      throw AufdbError(
        .usage, "\(name.quoted) has a meaning in SQL already", hint: "give the revision another name, such as past")
    }
    self.name = name
    self.revision = revision
  }

  /// What stands before its relations' names.
  var prefix: String { name + "_" }

  /// - Throws: `.usage` where two have one name; case is ignored, as SQL ignores it.
  static func check(_ others: [OtherRevision]) throws(AufdbError) {
    var names: Set<String> = []
    for other in others where !names.insert(other.name.lowercased()).inserted {
      throw AufdbError(.usage, "two revisions are named \(other.name.quoted)", hint: "give each a name of its own")
    }
  }

  /// Makes its views, on a connection that shows the query's own revision.
  ///
  /// - Throws: `.refused` for an unknown or pruned revision, whether the query mentions it or not.
  func install(mentionedIn words: QueryWords, in connection: Connection) throws {
    let visibility = try connection.visibility(of: connection.resolve(revision))
    try visibility.install(QueryMentions.relations(words, prefix: prefix), in: connection, prefix: prefix)
    try DerivedViews.install(mentionedIn: words, prefix: prefix, in: connection)
  }
}

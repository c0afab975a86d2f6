// All that a person needs to know of one relation to query it: what it is, what its columns mean, and examples.
//
// What is in schema.sql is explained there, and taken from its comments.

/// What can be selected from, explained.
public struct RelationPage: Sendable, Equatable {
  /// What kind of relation it is, in the order in which they are listed.
  public enum Kind: Sendable, CaseIterable {
    /// Under version control: what the revision sees.
    case versioned
    /// Computed from versioned ones, as the revision sees them.
    case derived
    /// Commits, branches and tags, whatever the revision is.
    case history
    /// What became of one versioned relation: X_history and X_diff.
    case versions
  }

  /// A column.
  public struct Column: Sendable, Equatable {
    public var name: String
    /// Its type as SQLite has it; nil where it is what an expression gives.
    public var type: String?
    /// Whether it may be NULL, for one with a type.
    public var isOptional = false
    public var meaning: String
  }

  public var name: String
  public var kind: Kind
  /// What it is, in a sentence or more.
  public var summary: String
  /// Which columns tell its rows apart, in words; nil for what has no natural key.
  public var key: String?
  public var columns: [Column]
  /// Queries that can be run as they are.
  public var examples: [String]

  /// The first example.
  public var example: String { examples.first ?? "SELECT * FROM \(name) LIMIT 10" }

  /// All but those of versions, of which there are two for each versioned one.
  public static let all: [RelationPage] =
    Relation.allCases.map(RelationPage.init)
    + DerivedViews.views.map { RelationPage(view: $0, .derived) } + [leaderboard]
    + ["commits", "branches", "tags"].map { RelationPage(view: $0, .history) }

  /// Those of versions: X_history and X_diff of each versioned relation X.
  public static let versions: [RelationPage] = Relation.allCases.flatMap { [history(of: $0), diff(of: $0)] }

  /// The page of a relation, of one's versions too, in any case; nil for a name that no relation has.
  public static func named(_ name: String) -> RelationPage? {
    let name = name.lowercased()
    return (all + versions).first { $0.name == name }
  }

  private init(_ relation: Relation) {
    let comments = SchemaComments(above: "CREATE TABLE \(relation.table) (")
    let meanings = Dictionary(comments.columns.map { ($0.name, $0.meaning) }) { first, _ in first }
    let definitions = SchemaComments.definitions(of: relation.table)
    let columns = relation.columns.map { name in
      let definition = definitions.first { $0.name == name }
      let comment = definition?.comment ?? ""
      return Column(
        name: name, type: definition?.type, isOptional: definition?.isOptional ?? false,
        meaning: meanings[name] ?? (comment.isEmpty ? SchemaComments.common[name] ?? "" : comment))
    }
    self.init(
      name: relation.name, kind: .versioned, summary: comments.summary, key: comments.key, columns: columns,
      examples: Self.examples[relation.name] ?? [])
  }

  private init(view: String, _ kind: Kind) {
    let comments = SchemaComments(above: "CREATE VIEW \(view) AS")
    self.init(
      name: view, kind: kind, summary: comments.summary, key: comments.key,
      columns: comments.columns.map { Column(name: $0.name, type: nil, meaning: $0.meaning) },
      examples: Self.examples[view] ?? [])
  }

  private static var leaderboard: RelationPage {
    RelationPage(
      name: Leaderboard.name, kind: .derived, summary: Leaderboard.summary,
      columns: Leaderboard.columns.map { Column(name: $0.name, type: nil, meaning: $0.meaning) },
      examples: examples[Leaderboard.name] ?? [])
  }

  init(
    name: String, kind: Kind, summary: String, key: String? = nil, columns: [Column], examples: [String]
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.key = key
    self.columns = columns
    self.examples = examples
  }
}

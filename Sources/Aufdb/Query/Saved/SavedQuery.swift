// Saved queries: SQL that a store keeps under a name, versioned like all else.
//
// Each is a row of the relation `queries`, whose key is the name. So a commit saves one, `diff` and `log` show what was
// done to it, a merge of two changes to one is a conflict, and bundles carry it.

/// SQL under a name.
public struct SavedQuery: Sendable, Equatable {
  public var name: String
  /// One statement or several.
  public var sql: String
  /// What it is for.
  public var description: String?

  public init(name: String, sql: String, description: String? = nil) {
    self.name = name
    self.sql = sql
    self.description = description
  }

  /// - Throws: `.usage` for a name of another form than a branch's.
  static func check(name: String) throws(AufdbError) {
    guard RefName.isWellFormed(name) else {
      throw AufdbError(.usage, "\(name.quoted) can't be the name of a query", hint: RefName.grammar)
    }
  }
}

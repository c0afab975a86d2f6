// The columns of X_diff, in order:
//
//   change                  'added', 'removed' or 'modified'
//   the natural key         prompt_id, model ..., as Relation.keyColumns names its parts
//   columns                 the names of those that differ, with a blank between them; NULL unless modified
//   old_X, new_X            for each column X of the relation: the row as either revision has it; NULL where none is
//   from_revision, to_revision   hidden: the arguments

/// What stands in which column of X_diff(FROM, TO).
struct DiffColumns {
  enum Content: Equatable {
    case change
    /// A part of the key.
    case key(Int)
    case columns
    /// A column of the relation.
    case old(Int)
    case new(Int)
    case from, to
  }

  let relation: Relation
  let contents: [Content]

  static func tableName(_ relation: Relation) -> String { relation.name + "_diff" }

  init(_ relation: Relation) {
    self.relation = relation
    contents =
      [.change] + relation.keyColumns.indices.map { .key($0) } + [.columns]
      + relation.columns.indices.flatMap { [.old($0), .new($0)] } + [.from, .to]
  }

  var names: [String] { contents.map(name) }

  private func name(_ content: Content) -> String {
    switch content {
    case .change: "change"
    case .key(let part): relation.keyColumns[part]
    case .columns: "columns"
    case .old(let column): "old_" + relation.columns[column]
    case .new(let column): "new_" + relation.columns[column]
    case .from: "from_revision"
    case .to: "to_revision"
    }
  }

  /// The CREATE TABLE that SQLite wants to be told (https://sqlite.org/c3ref/declare_vtab.html).
  ///
  /// - Parameter types: those of the relation's columns, by name, so that values are compared here as they are there.
  func declaration(types: [String: String]) -> String {
    let columns = contents.map { content in
      let type: String? =
        switch content {
        case .key(let part): keyType(relation.keyColumns[part], types)
        case .old(let column), .new(let column): types[relation.columns[column]]
        case .change, .columns: "TEXT"
        case .from, .to: "TEXT HIDDEN"
        }
      return "\(name(content)) \(type ?? "")"
    }
    return "CREATE TABLE x(\(columns.joined(separator: ", ")))"
  }

  private func keyType(_ part: String, _ types: [String: String]) -> String? {
    // The parts of a pair are no columns of their own.
    types[part] ?? (part.hasPrefix("sample") ? "INTEGER" : "TEXT")
  }
}

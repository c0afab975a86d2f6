// One walk through the rows of X_diff(FROM, TO).

import GRDBSQLite

/// Stands on one row that differs, or behind the last one.
final class DiffCursor: TableFunctionCursor {
  private let table: DiffTable
  private let connection: Connection
  private var walk: Walk?
  private(set) var isAtEnd = true
  private(set) var rowNumber: Int64 = 0

  /// What is prepared for one pair of revisions. An inner loop of a join begins anew for each row of the outer one, and
  /// mostly with the same revisions.
  private struct Walk {
    let from: String
    /// nil where it isn't given.
    let to: String?
    /// Whether it looks a prompt up.
    let isOfPrompt: Bool
    let places: SQLStatement
    let old: RowReader
    let new: RowReader
  }

  init(_ table: DiffTable) {
    self.table = table
    connection = table.tables.connection
  }

  func begin(_ plan: Int32, _ arguments: SQLArguments) throws {
    let plan = DiffArguments(rawValue: plan)
    let from = try revision(arguments, 0)
    let to = try plan.contains(.to) ? revision(arguments, 1) : nil
    let prompt = plan.contains(.prompt) ? Self.text(arguments, arguments.count - 1) : nil
    isAtEnd = true
    let walk = try prepared(from: from, to: to, isOfPrompt: prompt != nil)
    walk.places.reset()
    if let prompt { walk.places.bind(1, .text(prompt)) }
    try advance()
  }

  /// Goes to the next row that differs.
  func advance() throws {
    guard let walk else { return }
    isAtEnd = false
    rowNumber += 1
    while try walk.places.step() {
      try walk.old.read(walk.places.isNull(0) ? nil : walk.places.integer(0))
      try walk.new.read(walk.places.isNull(1) ? nil : walk.places.integer(1))
      // A row that was given up and came back as it was is no difference.
      if !walk.old.isEqual(to: walk.new) { return }
    }
    isAtEnd = true
    // Frees what is held on pages of the store.
    walk.places.reset()
    try walk.old.read(nil)
    try walk.new.read(nil)
  }

  func value(_ column: Int, to context: OpaquePointer) {
    guard let walk, table.columns.contents.indices.contains(column) else { return sqlite3_result_null(context) }
    let (old, new) = (walk.old, walk.new)
    switch table.columns.contents[column] {
    case .change:
      let kind: RowChange.Kind = old.place == nil ? .added : new.place == nil ? .removed : .modified
      SQLResult.text(kind.rawValue, to: context)
    case .key(let part): SQLResult.value(walk.places, Int32(part) + 2, to: context)
    case .columns:
      guard old.place != nil, new.place != nil else { return sqlite3_result_null(context) }
      let names = table.columns.relation.columns
      let different = names.indices.filter { !old.statement.isEqual(Int32($0), to: new.statement, Int32($0)) }
      SQLResult.text(different.map { names[$0] }.joined(separator: " "), to: context)
    case .old(let column):
      old.place == nil ? sqlite3_result_null(context) : SQLResult.value(old.statement, Int32(column), to: context)
    case .new(let column):
      new.place == nil ? sqlite3_result_null(context) : SQLResult.value(new.statement, Int32(column), to: context)
    case .from: SQLResult.text(walk.from, to: context)
    case .to: SQLResult.text(walk.to ?? table.tables.revision.description, to: context)
    }
  }

  private func prepared(from: String, to: String?, isOfPrompt: Bool) throws -> Walk {
    if let walk, walk.from == from, walk.to == to, walk.isOfPrompt == isOfPrompt { return walk }
    let relation = table.columns.relation
    let second = try to.map { try connection.resolve(Revision($0)) } ?? table.tables.commit
    let difference = try Difference(connection.resolve(Revision(from)), second, in: connection)
    let places = try connection.statement(
      difference.placesSQL(relation, where: isOfPrompt ? "t.prompt_id = ?1" : "1"))
    let walk = try Walk(
      from: from, to: to, isOfPrompt: isOfPrompt, places: places,
      old: RowReader(relation, in: connection), new: RowReader(relation, in: connection))
    self.walk = walk
    return walk
  }

  private func revision(_ arguments: SQLArguments, _ index: Int) throws(AufdbError) -> String {
    if let text = Self.text(arguments, index) { return text }
    let name = DiffColumns.tableName(table.columns.relation)
    throw AufdbError(
      .refused, "a revision for \(name) is NULL, or no text",
      hint: "for example \(name)('main~1') or \(name)('main~1', 'main')")
  }

  /// A text or number as text; nil for NULL, a blob, and what isn't UTF-8.
  private static func text(_ arguments: SQLArguments, _ index: Int) -> String? {
    arguments.text(index).flatMap { String(validating: $0, as: UTF8.self) }
  }
}

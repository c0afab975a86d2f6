// X_diff(FROM, TO): what differs between two revisions, as table-valued functions in SQL.
//
// Nothing is computed but for rows that are asked for, and no more than one row is held: Difference finds the places, and
// the rows are read one after the other.
//
// It all happens while a query runs under guard, on the query's own connection. So nothing here makes a table, not even
// a TEMP one, and what it reads, the guard lets anybody read.

import GRDBSQLite

/// The functions that one query may call, from before it is prepared until after it is done.
final class DiffTables {
  let connection: Connection
  /// What stands for TO where it isn't given.
  let revision: Revision
  let commit: Int64

  /// The first error inside a function: SQLite would pass on its text alone.
  fileprivate var failure: AufdbError?
  /// A function that was called without FROM, or with one that isn't known before its own rows are.
  fileprivate var withoutFrom: Relation?

  private var relations: [Relation] = []

  /// - Parameters: revision, commit: the one that the query reads.
  init(_ revision: Revision, commit: Int64, in connection: Connection) {
    self.connection = connection
    self.revision = revision
    self.commit = commit
  }

  /// Registers the functions that a query mentions.
  func register(mentionedIn words: QueryWords) throws(AufdbError) {
    for relation in Relation.allCases where words.contains(DiffColumns.tableName(relation)) {
      let types = try connection.all("SELECT name, type FROM pragma_table_info(?1)", .text(relation.table)) {
        ($0.string(0), $0.string(1))
      }
      let columns = DiffColumns(relation)
      let table = DiffTable(
        columns, declaration: columns.declaration(types: Dictionary(types) { first, _ in first }), of: self)
      try TableFunctionModule.register(DiffColumns.tableName(relation), table, in: connection)
      relations.append(relation)
    }
  }

  /// Takes them away from the connection. No statement that calls one may be left.
  func unregister() {
    for relation in relations { TableFunctionModule.unregister(DiffColumns.tableName(relation), in: connection) }
    relations = []
  }

  /// What to throw for an error that a query ended with.
  func explained(_ error: AufdbError) -> AufdbError {
    if let failure { return failure }
    guard error.message == "no query solution", let relation = withoutFrom else { return error }
    let name = DiffColumns.tableName(relation)
    return AufdbError(
      .refused, "\(name) has no revision to compare with",
      hint: "write \(name)('main~1') for what differs from there, or \(name)('main~1', 'main')")
  }
}

/// One of the functions.
final class DiffTable: TableFunction {
  let columns: DiffColumns
  let declaration: String
  let tables: DiffTables

  init(_ columns: DiffColumns, declaration: String, of tables: DiffTables) {
    self.columns = columns
    self.declaration = declaration
    self.tables = tables
  }

  func makeCursor() -> any TableFunctionCursor { DiffCursor(self) }

  /// The first one, to be thrown in place of what SQLite makes of it.
  func note(_ error: AufdbError) { tables.failure = tables.failure ?? error }

  /// It needs FROM, takes TO, and looks a prompt up by its id. Which of these it was promised goes into `idxNum`, as
  /// `DiffArguments`; their values come in that order.
  func plan(_ info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
    var (places, unusable): ([DiffArguments: Int], DiffArguments) = ([:], [])
    for place in 0..<Int(info.pointee.nConstraint) {
      let constraint = info.pointee.aConstraint[place]
      guard let argument = argument(of: constraint, info, Int32(place)) else { continue }
      if constraint.usable == 0 {
        unusable.insert(argument)
      } else if places[argument] == nil {
        places[argument] = place
      }
    }
    // With TO not known yet it would compare with another revision. A plan that knows it may be found still.
    if places[.from] == nil || (places[.to] == nil && unusable.contains(.to)) {
      tables.withoutFrom = columns.relation
      return SQLITE_CONSTRAINT
    }
    var (arguments, count): (DiffArguments, Int32) = ([], 0)
    for argument in [DiffArguments.from, .to, .prompt] {
      guard let place = places[argument] else { continue }
      arguments.insert(argument)
      count += 1
      info.pointee.aConstraintUsage[place].argvIndex = count
      // SQLite compares a prompt's id once more, by its own rules.
      info.pointee.aConstraintUsage[place].omit = argument == .prompt ? 0 : 1
    }
    info.pointee.idxNum = arguments.rawValue
    // Guesses that make a join begin here, and look up what it is joined with: to begin anew costs far more than a row.
    info.pointee.estimatedCost = arguments.contains(.prompt) ? 1_000 : 10_000
    info.pointee.estimatedRows = arguments.contains(.prompt) ? 5 : 1_000
    return SQLITE_OK
  }

  /// Which argument a constraint gives; nil for none.
  private func argument(
    of constraint: sqlite3_index_constraint, _ info: UnsafeMutablePointer<sqlite3_index_info>, _ place: Int32
  ) -> DiffArguments? {
    let isEqual = Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ
    guard isEqual || Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_IS, constraint.iColumn >= 0 else { return nil }
    switch columns.contents[Int(constraint.iColumn)] {
    case .from: return .from
    case .to: return .to
    case .key(let part) where columns.relation.keyColumns[part] == "prompt_id":
      // Another collation would find more than the same bytes.
      let collation = sqlite3_vtab_collation(info, place).map { String(cString: $0) }
      return isEqual && collation == "BINARY" ? .prompt : nil
    default: return nil
    }
  }
}

/// What a plan knows when it begins.
struct DiffArguments: OptionSet, Hashable {
  let rawValue: Int32
  static let from = DiffArguments(rawValue: 1)
  static let to = DiffArguments(rawValue: 2)
  /// The prompt's id.
  static let prompt = DiffArguments(rawValue: 4)
}

// What a query may do: read, and nothing else.
//
// Three walls, each enough by itself for most of what could be tried: the connection is put into query_only mode, no
// database can be attached, and SQLite's authorizer (https://sqlite.org/c3ref/set_authorizer.html) is asked about each
// thing that a statement would do, as it is compiled. The list below says what is allowed; all else is not, and so
// what a later SQLite can do isn't either.

import GRDBSQLite

/// Guards one connection while a query runs on it.
final class QueryGuard {
  /// What was refused first, in words; nil if nothing was.
  private(set) var refusal: AufdbError?
  /// Whether a table is read of which no column is: its rows are counted.
  private(set) var hasCounting = false

  /// Pragmas that only tell what is there, whether they are given an argument or not.
  private static let describingPragmas: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "database_list", "collation_list", "function_list", "module_list", "pragma_list", "compile_options",
  ]

  /// Pragmas that tell something, and would change it if given an argument.
  private static let readablePragmas: Set<String> = [
    "application_id", "user_version", "schema_version", "data_version", "encoding", "page_size", "page_count",
    "freelist_count",
  ]

  /// Functions that reach outside the store, in SQLite itself or in its shell.
  private static let forbiddenFunctions: Set<String> = [
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer",
  ]

  /// Lets `body` use the connection under guard.
  ///
  /// GRDB's own authorizer is gone afterwards. It watches for transactions and changed tables on GRDB's behalf, which
  /// nothing here builds upon.
  static func run<Result>(on connection: Connection, _ body: (QueryGuard) throws -> Result) throws -> Result {
    let handle = connection.handle
    let guardian = QueryGuard()
    try connection.executeScript("PRAGMA query_only = ON")
    let limits = QueryLimits.set(handle)
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let guardian = Unmanaged<QueryGuard>.fromOpaque(context).takeUnretainedValue()
        return guardian.decide(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
      }, Unmanaged.passUnretained(guardian).toOpaque())
    defer {
      sqlite3_set_authorizer(handle, nil, nil)
      QueryLimits.restore(limits, handle)
      sqlite3_exec(handle, "PRAGMA query_only = OFF", nil, nil, nil)
    }
    return try withExtendedLifetime(guardian) { try body(guardian) }
  }

  /// Notes that a statement isn't a query, and gives the error to throw.
  func refuse() -> AufdbError {
    let refusal = refusal ?? AufdbError(.refused, "only SELECT is allowed in a query", hint: Self.changingHint)
    self.refusal = refusal
    return refusal
  }

  private static let changingHint = "a store is changed by aufdb's other verbs only, each of which leaves a commit"

  private func decide(_ action: Int32, _ first: String?, _ second: String?) -> Int32 {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE:
      if action == SQLITE_READ, second?.isEmpty == true { hasCounting = true }
      return SQLITE_OK
    case SQLITE_UPDATE where first == "sqlite_master":
      // Asked when a table-valued function such as json_each is first used, though nothing is written then. An UPDATE
      // of the schema in earnest is refused by SQLite itself before it gets here.
      return SQLITE_OK
    case SQLITE_FUNCTION:
      let name = second?.lowercased() ?? ""
      guard Self.forbiddenFunctions.contains(name) else { return SQLITE_OK }
      refusal = refusal ?? AufdbError(.refused, "the function \(name) is not allowed in a query")
    case SQLITE_PRAGMA:
      let name = first?.lowercased() ?? ""
      if Self.describingPragmas.contains(name) || (second == nil && Self.readablePragmas.contains(name)) {
        return SQLITE_OK
      }
      refusal =
        refusal
        ?? AufdbError(
          .refused, "PRAGMA \(name) is not allowed in a query",
          hint: "allowed are those that describe: \(Self.describingPragmas.sorted().joined(separator: ", "))")
    default:
      _ = refuse()
    }
    return SQLITE_DENY
  }
}

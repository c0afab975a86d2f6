// How a script is run: over which revisions, with which parameters, and within which bounds.

/// The options of `Store.queryScript`.
public struct QueryOptions: Sendable {
  /// The revision that relations show.
  public var revision: Revision
  /// Further revisions, whose relations stand beside them under names of their own.
  public var others: [OtherRevision]
  /// Values for parameters, by name; `name` fills `:name`, `@name` and `$name`.
  public var parameters: [String: SQLValue]
  /// At most so many rows of each statement; nil for all.
  public var rowLimit: Int?
  /// Whether the plan of each statement is given in place of its rows (https://sqlite.org/eqp.html): rows of a number,
  /// the number of the row that it belongs below or 0, a number without meaning, and what is done, in words.
  public var isExplained: Bool
  /// How many seconds SQLite may spend on each statement, the time between rows not counted; nil for any time.
  public var timeoutSeconds: Double?
  /// The file that the script comes from, for messages.
  public var file: String?
  /// Where the script was typed, for hints.
  public var caller: QueryCaller

  public init(
    revision: Revision = .head, others: [OtherRevision] = [], parameters: [String: SQLValue] = [:],
    rowLimit: Int? = nil, isExplained: Bool = false, timeoutSeconds: Double? = nil, file: String? = nil,
    caller: QueryCaller = .commandLine
  ) {
    self.revision = revision
    self.others = others
    self.parameters = parameters
    self.rowLimit = rowLimit
    self.isExplained = isExplained
    self.timeoutSeconds = timeoutSeconds
    self.file = file
    self.caller = caller
  }

  /// - Throws: `.usage` for what is out of range, and two revisions of one name.
  func check() throws(AufdbError) {
    if let rowLimit, rowLimit < 0 { throw AufdbError(.usage, "a limit of \(rowLimit) rows is none", hint: "0 or more") }
    if let timeoutSeconds, !(timeoutSeconds > 0) {
      throw AufdbError(.usage, "a timeout of \(timeoutSeconds) s leaves no time", hint: "a number above 0")
    }
    try OtherRevision.check(others)
  }
}

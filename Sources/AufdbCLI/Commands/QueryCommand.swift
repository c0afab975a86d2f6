// `aufdb query`: SQL over a revision.

import ArgumentParser
import Aufdb

/// Runs SELECTs and writes their rows.
struct QueryCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Run SELECTs over what a revision sees.",
    discussion: """
      Examples:
        aufdb query prefs.aufdb 'SELECT model, avg(score) FROM scores GROUP BY model'
        aufdb query prefs.aufdb 'SELECT * FROM labels WHERE judge = :j' --param j=overall --limit 20
        aufdb query prefs.aufdb 'SELECT count(*) FROM labels' --at main~3 --format csv
        aufdb query prefs.aufdb -f report.sql --format json
        aufdb query prefs.aufdb 'SELECT * FROM responses' --output responses.jsonl.zst
        aufdb query prefs.aufdb 'SELECT * FROM pairs LIMIT 3' --format vertical
        aufdb query prefs.aufdb 'SELECT count(*) FROM labels JOIN past_labels USING (prompt_id, judge)' \
      --with past=main~5
        aufdb query prefs.aufdb 'SELECT born_at, born_by, tie FROM labels_history WHERE prompt_id = :p' --param p=p1
        aufdb query prefs.aufdb 'SELECT source, count(*) FROM labels_diff(:from) JOIN prompts USING (prompt_id) GROUP \
      BY 1' --param from=main~1
        aufdb query prefs.aufdb 'SELECT * FROM labels WHERE prompt_id = 7' --explain
        aufdb query prefs.aufdb --save ties 'SELECT judge, avg(tie) FROM labels GROUP BY 1' --description 'Ties by judge'
        aufdb query prefs.aufdb @ties --at main~3

      The tables are prompts, responses, embeddings, scores, snapshots, estimates, selections, labels, reward_heads \
      and progress, as the revision has them, and commits, branches and tags. A query can read, and nothing else.

      Of each versioned table X there is also
        X_history         every version that the revision ever saw of X's rows: X's columns, and born_commit, born_by, \
      born_at, retired_commit, retired_by, retired_at (NULL while the revision sees it)
        X_diff(FROM, TO)  the rows that differ between two revisions: change ('added', 'removed', 'modified'), the \
      natural key, columns (the names of those that differ), and old_C and new_C for each column C. Without TO, it is \
      the revision of --at.
        NAME_X            X as the revision of --with NAME=REVISION has it.

      Of embeddings, vector_json(element, vector) gives a vector as a JSON list, and cosine(element, a, b) the cosine \
      of two vectors.

      Several statements have semicolons between them, and all see the same moment. Their results come one after the \
      other: with an empty line between them, as one JSON array each, or, in jsonl, with nothing between them.

      A query can be saved, which makes a commit; @NAME runs it, as the revision of --at has it or else as the current \
      branch has it. log, diff, merge and bundles know saved queries as rows of the table queries.
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp(
      "One statement or several; @NAME for a saved query; - reads them from standard input.", valueName: "sql"))
  var sql: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Read the statements from a file.", valueName: "path"))
  var file: String?

  @OptionGroup var revision: RevisionOption

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "Another revision, whose tables are NAME_labels and so on beside those of --at. Repeatable.",
      valueName: "name=revision"))
  var others: [String] = []

  @Option(
    name: .customLong("param"),
    help: ArgumentHelp(
      "Fills :name in the SQL: with an integer or a real where the value looks like one, else with a text. Repeatable.",
      valueName: "name=value"))
  var parameters: [String] = []

  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputFileOption
  @OptionGroup var bounds: QueryBounds

  @Flag(help: "Show how each statement would be run (EXPLAIN QUERY PLAN): a tree, or rows in other formats than table.")
  var explain = false

  @OptionGroup var saved: SavedQueryOptions

  private var isListing: Bool { saved.list || sql == "@" }

  func validate() throws {
    let needsSQL = saved.forget == nil && !saved.list
    guard needsSQL || (sql == nil && file == nil) else {
      throw ValidationError("--forget and --list take no SQL")
    }
    guard !needsSQL || (sql == nil) != (file == nil) else {
      throw ValidationError(sql == nil ? "query takes SQL, or a file with -f" : "query takes SQL or -f, not both")
    }
    let isRunning = !saved.isWriting && !isListing
    guard isRunning || (parameters.isEmpty && bounds.isDefault && !explain) else {
      throw ValidationError("--param, --limit, --timeout and --explain go with a query that is run")
    }
    guard isRunning || saved.save != nil || others.isEmpty else { throw ValidationError("--with goes with SQL only") }
    guard !saved.isWriting || (revision.at == nil && format.choice == nil && output.path == nil) else {
      throw ValidationError("--save and --forget take no --at, --format or --output")
    }
  }

  func run(in surroundings: Surroundings) throws {
    if saved.isWriting { return try change(in: surroundings) }
    let store = try store.openForReading(before: sql, "SQL")
    if isListing { return try list(store, in: surroundings) }
    let (sql, file) = try script(of: store, in: surroundings)
    let options = try QueryOptions(
      revision: revision.revision(), others: OtherRevisionArguments.revisions(others),
      parameters: ParameterArguments.values(parameters), rowLimit: bounds.limit, isExplained: explain,
      timeoutSeconds: bounds.timeoutSeconds, file: file)
    let format = try output.format(format)
    try output.write(in: surroundings) { surroundings in
      try store.queryScript(sql, options, while: surroundings.handingOn()) { rows in
        try QueryResult.write(rows, as: format, in: surroundings)
      }
    }
  }

  /// The SQL, and the name of the file that it is from.
  private func script(of store: Store, in surroundings: Surroundings) throws -> (sql: String, file: String?) {
    if let sql, sql.hasPrefix("@") {
      return try (store.savedQuery(String(sql.dropFirst()), at: revision.revision()).sql, sql)
    }
    return try givenSQL(in: surroundings)
  }

  private func givenSQL(in surroundings: Surroundings) throws -> (sql: String, file: String?) {
    guard sql == "-" || file == "-" else { return try (sql ?? QueryFile.text(of: file ?? ""), file) }
    return try (surroundings.readStandardInput(), "standard input")
  }

  private func list(_ store: Store, in surroundings: Surroundings) throws {
    let rows = try store.savedQueries(at: revision.revision()).map { query in
      [.text(query.name), query.description.map { .text($0) } ?? .null, SQLValue.text(query.sql)]
    }
    let format = try output.format(format)
    try output.write(in: surroundings) { try format.write(["name", "description", "sql"], rows, in: $0) }
  }

  /// Saves a query, or forgets one.
  private func change(in surroundings: Surroundings) throws {
    let context = try saved.commit.context(in: surroundings)
    let others = try OtherRevisionArguments.revisions(others)
    let given = try saved.save == nil ? nil : givenSQL(in: surroundings)
    let store = try store.openForWriting("query", saved.commit.waiting)
    // Before the commit: what fails after it would be taken for its failure.
    let branch = try context.branch ?? store.currentBranch()
    var (commit, nothing): (Commit?, String) = (nil, "")
    if let name = saved.save, let (sql, file) = given {
      commit = try store.saveQuery(
        SavedQuery(name: name, sql: sql, description: saved.about), with: others, file: file, context: context)
      nothing = "the query \(name) is saved like this already"
    } else if let name = saved.forget {
      commit = try store.deleteQuery(name, context: context)
    }
    surroundings.writeError(CommitLine.text(commit, branch: branch, nothing: nothing))
  }
}

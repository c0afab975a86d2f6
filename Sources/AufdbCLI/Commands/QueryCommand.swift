// `aufdb query`: SQL over a revision.

import ArgumentParser
import Aufdb

/// Runs one SELECT and writes its rows.
struct QueryCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Run a SELECT over what a revision sees.",
    discussion: """
      The tables are prompts, responses, embeddings, scores, snapshots, estimates, selections, labels, reward_heads \
      and progress, as the revision has them, and commits, branches and tags. A query can read, and nothing else.

      Of each versioned table X there is also
        X_history         every version that the revision ever saw of X's rows: X's columns, and born_commit, born_by, \
      born_at, retired_commit, retired_by, retired_at (NULL while the revision sees it)
        X_diff(FROM, TO)  the rows that differ between two revisions: change ('added', 'removed', 'modified'), the \
      natural key, columns (the names of those that differ), and old_C and new_C for each column C. Without TO, it is \
      the revision of --at.

      Of embeddings, vector_json(element, vector) gives a vector as a JSON list, and cosine(element, a, b) the cosine \
      of two vectors.

      Examples:
        aufdb query prefs.aufdb 'SELECT model, avg(score) FROM scores GROUP BY model'
        aufdb query prefs.aufdb 'SELECT * FROM labels WHERE judge = :j' --param j=overall
        aufdb query prefs.aufdb 'SELECT count(*) FROM labels' --at main~3 --format csv
        aufdb query prefs.aufdb 'SELECT born_at, born_by, tie FROM labels_history WHERE prompt_id = :p' --param p=p1
        aufdb query prefs.aufdb 'SELECT source, count(*) FROM labels_diff(:from) JOIN prompts USING (prompt_id) GROUP \
      BY 1' --param from=main~1
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: ArgumentHelp("One statement; - reads it from standard input.", valueName: "sql"))
  var sql: String

  @OptionGroup var revision: RevisionOption
  @OptionGroup var format: FormatOption

  @Option(
    name: .customLong("param"),
    help: ArgumentHelp(
      "Fills :name in the SQL: with an integer or a real where the value looks like one, else with a text. Repeatable.",
      valueName: "name=value"))
  var parameters: [String] = []

  func run(in surroundings: Surroundings) throws {
    let sql = try sql == "-" ? surroundings.readStandardInput() : sql
    let values = try ParameterArguments.values(parameters)
    try store.openForReading().query(sql, at: revision.revision(), parameters: values) { rows in
      try format.format.write(rows, in: surroundings)
    }
  }
}

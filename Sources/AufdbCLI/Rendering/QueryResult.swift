// What one statement of a query gives, as it is written.
//
// Results of several statements come one after the other: with an empty line between them in formats that people read
// and in those with a header line, by which they can be told apart; in json each is an array of its own; in jsonl the
// objects of one just follow those of another.

import Aufdb

enum QueryResult {
  /// Writes the rows of one statement, and on a terminal says if they were cut.
  static func write(_ rows: borrowing QueryRows, as format: OutputFormat, in surroundings: Surroundings) throws {
    if rows.statementIndex > 0, format != .json, format != .jsonl { try surroundings.output.write("\n") }
    if rows.isPlan, format == .table {
      try QueryPlan(rows).write(to: surroundings.output)
    } else {
      try format.write(rows, in: surroundings)
    }
    if rows.isCut, surroundings.isErrorTerminal {
      // After the rows themselves, where both go to one terminal.
      try surroundings.output.flush()
      surroundings.writeError("stopped at --limit: there may be more rows\n")
    }
  }
}

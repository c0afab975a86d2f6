// regexp(pattern, text), which SQLite calls for `text REGEXP pattern`: 1 if the pattern is found anywhere in the text, 0
// if not, NULL where either is NULL.
//
// Patterns are those of PCRE2 (https://www.pcre.org/current/doc/html/pcre2pattern.html), on Unicode: \w, \d and \b know
// all scripts, and (?i) all cases. A number is matched as its text. Bytes of a text or blob that aren't UTF-8 match
// nothing, not even a dot.

enum RegexpFunction {
  static func make(in connection: Connection) -> ScalarFunction.Body {
    let patterns = RecentPatterns()
    let interruption = QueryPulse(connection)
    return { arguments in
      guard arguments.count == 2 else {
        throw AufdbError(.usage, "regexp takes (pattern, text), or is written as text REGEXP pattern")
      }
      guard !arguments.hasNull else { return .null }
      guard let pattern = arguments.text(0) else { throw AufdbError(.usage, "regexp: the pattern is a blob") }
      guard let text = arguments.text(1) ?? arguments.blob(1) else { return .null }
      return .integer(try patterns.compiled(pattern).matches(text, interruption) ? 1 : 0)
    }
  }
}

/// The patterns that were used last, compiled: a query has one, or a few, or a new one in each row.
private final class RecentPatterns {
  private static let limit = 16
  private var patterns: [RegularExpression] = []

  func compiled(_ source: Bytes) throws(AufdbError) -> RegularExpression {
    if let index = patterns.firstIndex(where: { $0.isMade(of: source) }) {
      if index > 0 { patterns.insert(patterns.remove(at: index), at: 0) }
      return patterns[0]
    }
    let pattern = try RegularExpression(source)
    if patterns.count == Self.limit { patterns.removeLast() }
    patterns.insert(pattern, at: 0)
    return pattern
  }
}

/// Asks, inside of a long computation, whether anybody still waits for the query.
struct QueryPulse {
  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// - Throws: the interruption, if the query is to end.
  ///
  /// SQLite asks its progress handler after some thousand steps of a statement (QueryInterruption.swift), so this runs
  /// one that takes so many and does nothing: half a millisecond.
  func check() throws(AufdbError) {
    _ = try connection.integer(
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 2000) SELECT count(*) FROM c")
  }
}

// The SQL functions of aufdb: what a query can do beside what SQLite can by itself.
//
//   on vectors      vector_json, cosine, dot                     VectorFunctions.swift
//   on texts        excerpt, tokens_estimate, regexp             Excerpt, TokenEstimate, RegexpFunction.swift
//   on numbers      sigmoid; the aggregates median, percentile   NumberFunctions, PercentileFunctions.swift
//   tables          nearest                                      NearestTable.swift
//
// All are deterministic: the same arguments give the same answer, on any machine. FunctionPage.swift tells people what
// they do.

/// Makes the functions that a query mentions.
enum QueryFunctions {
  /// By their names. Each connection that registers one gets an object of its own, with memory that serves all rows.
  private static let scalars: [(name: String, make: @Sendable () -> ScalarFunction.Body)] = [
    ("vector_json", VectorFunctions.json), ("cosine", VectorFunctions.cosine), ("dot", VectorFunctions.dot),
    ("sigmoid", { NumberFunctions.sigmoid }), ("excerpt", { TextFunctions.excerpt }),
    ("tokens_estimate", { TextFunctions.tokensEstimate }),
  ]

  /// Registers the functions that a query mentions.
  static func register(mentionedIn words: QueryWords, in connection: Connection) throws(AufdbError) {
    for (name, make) in scalars where words.contains(name) {
      try ScalarFunction.register(name, in: connection, make())
    }
    // Also for the operator: SQLite makes `text REGEXP pattern` a call of regexp(pattern, text).
    if words.contains("regexp") {
      try ScalarFunction.register("regexp", in: connection, RegexpFunction.make(in: connection))
    }
    for name in PercentileFunctions.names where words.contains(name) {
      try PercentileFunctions.register(name, in: connection)
    }
    if words.contains(NearestTable.name) {
      try TableFunctionModule.register(NearestTable.name, NearestTable(connection), in: connection)
    }
  }
}

// What people are told of each function: by `aufdb schema`, by the shell's completion, and by hints about wrong names.

/// One function of SQL that aufdb adds to SQLite's own. X_diff, which is called like one, has a RelationPage.
public struct FunctionPage: Sendable {
  public let name: String
  /// How it is called: "cosine(element, a, b)".
  public let signature: String
  /// One sentence, or a few.
  public let summary: String
  /// A whole query.
  public let example: String

  /// All of them, by what they are for.
  public static let all = onVectors + onTexts + onNumbers

  private static let onVectors = [
    FunctionPage(
      name: "vector_json", signature: "vector_json(element, vector)",
      summary: "An embedding as a JSON list of numbers, each the shortest that reads back as the same float32.",
      example: "SELECT prompt_id, model, vector_json(element, vector) FROM embeddings LIMIT 3"),
    FunctionPage(
      name: "cosine", signature: "cosine(element, a, b)",
      summary: "The cosine of the angle between two embeddings, from -1 to 1; NULL where one is all zeros.",
      example: """
        SELECT a.model, b.model, round(avg(cosine(a.element, a.vector, b.vector)), 3) AS likeness
        FROM embeddings AS a JOIN embeddings AS b USING (prompt_id, encoder, element)
        WHERE a.model < b.model GROUP BY 1, 2 ORDER BY 3 DESC
        """),
    FunctionPage(
      name: "dot", signature: "dot(element, a, b)",
      summary: "The sum of the products of two embeddings' elements, in double precision.",
      example: "SELECT prompt_id, model, sqrt(dot(element, vector, vector)) AS length FROM embeddings LIMIT 3"),
    FunctionPage(
      name: "nearest", signature: "nearest(response, k, among)",
      summary: """
        A table: the k responses (10 if k isn't given) whose embeddings have the highest cosine to that of a response, \
        written 'PROMPT_ID MODEL' or 'PROMPT_ID MODEL SAMPLE'; to a vector; or, of a prompt's id, the prompts nearest to \
        it. among is 'responses' or 'prompts', for the other kind. Columns: rank, cosine, encoder, prompt_id, model, \
        sample. Where there are several encoders, add WHERE encoder = NAME. It reads the revision that the query is at, \
        and no other: not that of --with or of a difference.
        """,
      example: """
        SELECT n.rank, round(n.cosine, 3) AS cosine, n.model, excerpt(r.response, 60) AS response
        FROM (SELECT prompt_id || ' ' || model AS key FROM embeddings WHERE model IS NOT NULL LIMIT 1) AS e,
          nearest(e.key, 5) AS n JOIN responses AS r USING (prompt_id, model, sample) ORDER BY n.rank
        """),
  ]

  private static let onTexts = [
    FunctionPage(
      name: "excerpt", signature: "excerpt(text, n)",
      summary: "A text's beginning on one line, at most n characters, cut at a word's end with an ellipsis.",
      example: "SELECT model, excerpt(response, 60) AS response FROM responses LIMIT 5"),
    FunctionPage(
      name: "tokens_estimate", signature: "tokens_estimate(text)",
      summary: """
        About how many tokens a language model makes of a text: within 15 % for most English texts, much less exact for \
        other scripts.
        """,
      example: "SELECT model, sum(tokens_estimate(response)) AS tokens FROM responses GROUP BY 1 ORDER BY 2 DESC"),
    FunctionPage(
      name: "regexp", signature: "regexp(pattern, text), or text REGEXP pattern",
      summary: "Whether a regular expression of PCRE2 is found in a text; (?i) at its beginning ignores case.",
      example: "SELECT count(*) FROM responses WHERE response REGEXP '(?i)^(sorry|i can(no|.)t)'"),
  ]

  private static let onNumbers = [
    FunctionPage(
      name: "sigmoid", signature: "sigmoid(x)",
      summary: "1 / (1 + e^-x): of a difference of two rewards, the probability that the first response is chosen.",
      example: """
        SELECT prompt_id, round(sigmoid(max(reward) - min(reward)), 3) AS certainty
        FROM estimates GROUP BY snapshot, prompt_id LIMIT 5
        """),
    FunctionPage(
      name: "median", signature: "median(x)",
      summary: "Aggregate or window function: the value in the middle, NULLs left out; between two, their mean.",
      example: "SELECT model, median(score) AS score FROM scores GROUP BY 1 ORDER BY 2 DESC"),
    FunctionPage(
      name: "percentile", signature: "percentile(x, p)",
      summary: """
        Aggregate or window function: the value below which p percent of the values are, interpolated linearly; NULLs \
        left out. p goes from 0 to 100: 50 is the median, and 0.9, less than one percent, nearly the minimum.
        """,
      example: """
        SELECT model, percentile(length(response), 10) AS short, percentile(length(response), 90) AS long
        FROM responses GROUP BY 1
        """),
  ]
}

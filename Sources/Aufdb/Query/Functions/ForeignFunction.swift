// Functions that people know from DuckDB, PostgreSQL, MySQL or pandas, and what does the same here.

enum ForeignFunction {
  /// How to write here what a function of another program does; nil for one that nobody is known to have.
  static func here(_ name: String) -> String? {
    let name = name.lowercased()
    return meanings.first { $0.names.contains(name) }?.here
  }

  /// What to write, with a call that can be tried first.
  static let meanings: [(names: Set<String>, here: String)] = [
    (
      [
        "quantile", "quantile_cont", "quantile_disc", "percentile_cont", "percentile_disc", "approx_quantile",
        "approx_percentile",
      ], "percentile(x, p), with p in percent: 90, not 0.9"
    ),
    (
      ["stddev", "stdev", "std", "stddev_pop"],
      "sqrt(max(0, avg(x * x) - avg(x) * avg(x))): a standard deviation, of which there is no function"
    ),
    (
      ["stddev_samp"],
      "sqrt(max(0, (total(x * x) - count(x) * avg(x) * avg(x)) / (count(x) - 1))), of which there is no function"
    ),
    (["variance", "var", "var_pop"], "max(0, avg(x * x) - avg(x) * avg(x)), of which there is no function"),
    (
      ["var_samp"],
      "max(0, (total(x * x) - count(x) * avg(x) * avg(x)) / (count(x) - 1)), of which there is no function"
    ),
    (["mean", "average"], "avg(x)"),
    (["greatest"], "max(a, b)"),
    (["least"], "min(a, b)"),
    (["nvl"], "coalesce(a, b)"),
    (["len", "strlen", "char_length", "character_length"], "length(text)"),
    (["array_length", "list_length", "cardinality", "json_len", "json_length"], "json_array_length(json)"),
    (["array_agg", "list", "collect_list", "json_agg", "json_arrayagg"], "json_group_array(x)"),
    (["listagg"], "group_concat(x, ', ')"),
    (["ucase"], "upper(text)"),
    (["lcase"], "lower(text)"),
    (["contains", "strpos", "position", "charindex", "locate"], "instr(text, part), the place of a part or 0"),
    (["starts_with", "startswith", "prefix"], "glob('beginning*', text), or text GLOB 'beginning*'"),
    (["ends_with", "endswith", "suffix"], "glob('*end', text), or text GLOB '*end'"),
    (["regexp_matches", "regexp_like", "regexp_match", "rlike"], "regexp(pattern, text), or text REGEXP pattern"),
    (
      [
        "date_format", "to_char", "date_trunc", "datetrunc", "date_part", "datepart", "extract", "year", "month", "day",
        "hour", "formatdatetime",
      ], "strftime('%Y-%m', time), with as much of %Y-%m-%dT%H:%M:%S as is wanted"
    ),
    (["now", "getdate", "sysdate", "today"], "datetime('now')"),
    (["from_unixtime", "to_timestamp"], "datetime(seconds, 'unixepoch')"),
    (["datediff", "date_diff", "age"], "julianday(later) - julianday(earlier), in days"),
    (
      ["cosine_similarity", "list_cosine_similarity", "array_cosine_similarity", "vec_distance_cosine", "cos_sim"],
      "cosine(element, a, b), which is 1 for the same direction"
    ),
    (["dot_product", "inner_product", "list_dot_product", "array_inner_product"], "dot(element, a, b)"),
    (["logistic", "expit", "inv_logit"], "sigmoid(x)"),
    (["token_count", "num_tokens", "count_tokens"], "tokens_estimate(text)"),
    (["snippet", "truncate", "left"], "excerpt(text, n), on one line; or substr(text, 1, n)"),
  ]
}

// The bad lines of UltraFeedback, responses, scores and preferences, and what is said about each.

extension BadLine {
  static let goodUltraFeedback = """
    {"instruction":"u1","completions":[{"model":"a","response":"yes","overall_score":"7"}]}
    {"instruction":"u2","models":["a"],"completions":[]}

    """
  static let goodResponses = """
    {"prompt_id":"p1","model":"c","response":"maybe"}
    {"prompt":"q3","model":"a","response_text":"yes"}

    """
  static let goodScores = """
    {"prompt_id":"p1","model":"a","judge":"ada","score":3}
    {"prompt_id":"p2","model":"b","judge":"ada","aspects":{"x":1}}

    """
  static let goodPreferences = """
    {"prompt":"q4","chosen":"yes","rejected":"no"}
    {"prompt_id":"p1","prompt":"q1","chosen":"yes","rejected":"no","chosen_model":"a","rejected_model":"b"}

    """

  /// What is wrong with a name, where a text belongs.
  private static func names(_ field: String, line: (String) -> String) -> [BadLine] {
    [
      BadLine(line(#""\#(field)":5"#), "\(field) is a number, not a text"),
      BadLine(line(#""\#(field)":["a"]"#), "\(field) is an array, not a text"),
      BadLine(line(#""\#(field)":"""#), "\(field) is empty"),
      BadLine(line(#""\#(field)":"a\nb""#), "\(field) has a control character"),
      BadLine(line(#""\#(field)":NaN"#), "NaN or Infinity, which JSON does not have"),
      BadLine(line(#""\#(field)":"\ud83d""#), "a lone surrogate in a string"),
      BadLine(line(#""\#(field)":"a","\#(field)":"a""#), #"the key "\#(field)" stands twice in one object"#),
    ]
  }

  /// A response of UltraFeedback with further fields.
  private static func raw(_ fields: String, _ error: String) -> BadLine {
    BadLine(#"{"instruction":"u","completions":[{"model":"a","response":"r",\#(fields)}]}"#, error)
  }

  static let ultraFeedback: [BadLine] =
    names("prompt_id") { #"{"instruction":"u","completions":[],\#($0)}"# }
    + names("model") { #"{"instruction":"u","completions":[{"response":"r",\#($0)}]}"# } + [
      BadLine(#"{"completions":[]}"#, "instruction is missing"),
      BadLine(#"{"instruction":"u"}"#, "completions is missing"),
      BadLine(#"{"instruction":null,"completions":[]}"#, "instruction is null, not a text"),
      BadLine(#"{"instruction":[{"role":"user","content":"u"}]}"#, "instruction is an array, not a text"),
      BadLine(#"{"instruction":"u","source":1}"#, "source is a number, not a text"),
      BadLine(#"{"instruction":"u","completions":{}}"#, "completions is an object, not a list"),
      BadLine(#"{"instruction":"u","completions":["r"]}"#, "a completion is a string, not an object"),
      BadLine(#"{"instruction":"u","completions":[{"model":"a"}]}"#, "response is missing"),
      BadLine(#"{"instruction":"u","completions":[{"response":"r"}]}"#, "model is missing"),
      BadLine(#"{"instruction":"u","completions":[],"models":[NaN]}"#, "NaN or Infinity, which JSON does not have"),
      raw(#""custom_system_prompt":1"#, "custom_system_prompt is a number, not a text"),
      raw(#""principle":{}"#, "principle is an object, not a text"),
      raw(#""critique":[]"#, "critique is an array, not a text"),
      raw(#""overall_score":"ten""#, #"overall_score is the text "ten", which isn't a number"#),
      raw(#""overall_score":[10]"#, "overall_score is an array, not a number"),
      raw(#""annotations":{"a":{"Rating":NaN}}"#, "NaN or Infinity, which JSON does not have"),
      raw(#""fine-grained_score":1e999"#, "a number that is too large"),
      BadLine(
        #"{"prompt_id":"p1","instruction":"other","completions":[]}"#,
        "the prompt 'p1' is there already with another content"),
      BadLine(
        #"{"prompt_id":"n","instruction":"u","completions":[{"model":"a","response":"1"},"#
          + #"{"model":"a","response":"2"}]}"#, "the response of a to 'n' is there already with another content"),
    ]

  static let responses: [BadLine] =
    names("prompt_id") { #"{"prompt":"q","model":"a","response":"r",\#($0)}"# }
    + names("model") { #"{"prompt":"q","response":"r",\#($0)}"# } + [
      BadLine(#"{"model":"a","response":"r"}"#, "prompt_id is missing"),
      BadLine(#"{"model":"a","response":"r","prompt":null}"#, "prompt_id is missing"),
      BadLine(#"{"prompt_id":"p1","response":"r"}"#, "model is missing"),
      BadLine(#"{"prompt_id":"p1","model":"a"}"#, "response is missing"),
      BadLine(#"{"prompt_id":"p1","model":"a","response":null}"#, "response is null, not a text"),
      BadLine(#"{"prompt_id":"p1","model":"a","response_text":[]}"#, "response_text is an array, not a text"),
      BadLine(
        #"{"prompt_id":"p1","model":"d","response_text":"r","response":"r"}"#,
        "response and response_text stand in one line"),
      BadLine(#"{"prompt_id":"x","model":"a","response":"r"}"#, "there is no prompt 'x'"),
      BadLine(#"{"prompt":7,"model":"a","response":"r"}"#, "prompt is a number, not a text or a list of messages"),
      BadLine(#"{"prompt":[],"model":"a","response":"r"}"#, "prompt is an empty list of messages"),
      BadLine(#"{"prompt":["q"],"model":"a"}"#, "prompt[0] is not an object with role and content"),
      BadLine(#"{"prompt":[{"role":"user"}],"model":"a"}"#, "prompt[0].content is missing"),
      BadLine(#"{"prompt":[{"role":"user","content":"q"},{"content":"q"}]}"#, "prompt[1].role is missing"),
      BadLine(#"{"prompt":[{"role":"","content":"q"}]}"#, "prompt[0].role is empty"),
      BadLine(#"{"prompt":[{"role":"user","content":null}]}"#, "prompt[0].content is null, not a text"),
      BadLine(#"{"prompt_id":"p1","source":{},"model":"a"}"#, "source is an object, not a text"),
      BadLine(#"{"prompt_id":"p1","model":"a","sample":-1}"#, "sample is negative"),
      BadLine(#"{"prompt_id":"p1","model":"a","sample":1.0}"#, "sample is not a whole number"),
      BadLine(#"{"prompt_id":"p1","model":"a","sample":"1"}"#, "sample is a string, not a whole number"),
      BadLine(#"{"prompt_id":"p1","model":"a","system_prompt":1}"#, "system_prompt is a number, not a text"),
      BadLine(#"{"prompt_id":"p1","model":"a","extra":[1,]}"#, "a comma before a closing bracket"),
      BadLine(
        #"{"prompt_id":"p2","prompt":"q1","model":"z","response":"r"}"#,
        "the prompt 'p2' is there already with another content"),
      BadLine(
        #"{"prompt_id":"p1","prompt":[{"role":"system","content":"q1"}],"model":"z","response":"r"}"#,
        "the prompt 'p1' is there already with another content"),
    ]

  /// A line of scores with further fields.
  private static func score(_ fields: String, _ error: String) -> BadLine {
    BadLine(#"{"prompt_id":"p1","model":"b","judge":"eve",\#(fields)}"#, error)
  }

  static let scores: [BadLine] =
    names("prompt_id") { #"{"model":"a","judge":"j","score":1,\#($0)}"# }
    + names("model") { #"{"prompt_id":"p1","judge":"j","score":1,\#($0)}"# }
    + names("judge") { #"{"prompt_id":"p1","model":"a","score":1,\#($0)}"# } + [
      BadLine(#"{"model":"a","judge":"j","score":1}"#, "prompt_id is missing"),
      BadLine(#"{"prompt_id":"p1","judge":"j","score":1}"#, "model is missing"),
      BadLine(#"{"prompt_id":"p1","model":"a","score":1}"#, "judge is missing"),
      BadLine(#"{"prompt_id":"p1","model":"a","score":1,"judge":null}"#, "judge is missing"),
      BadLine(#"{"prompt_id":"p1","model":"a","judge":"j"}"#, "score is missing"),
      score(#""score":null"#, "score is missing"),
      score(#""score":"N/A","critique":"","aspects":[]"#, "score is missing"),
      score(#""score":"good""#, #"score is the text "good", which isn't a number"#),
      score(#""score":true"#, "score is true or false, not a number"),
      score(#""score":{}"#, "score is an object, not a number"),
      score(#""score":-Infinity"#, "NaN or Infinity, which JSON does not have"),
      score(#""score":1e999"#, "a number that is too large"),
      score(#""critique":1,"score":1"#, "critique is a number, not a text"),
      score(#""aspects":"{x}","score":1"#, "aspects is a text that is no JSON: unexpected 'x'"),
      score(#""aspects":"1 2""#, "aspects is a text that is no JSON: something follows the value"),
      score(#""sample":-1,"score":1"#, "sample is negative"),
      score(#""sample":1,"score":1"#, "there is no response of b (sample 1) to the prompt 'p1'"),
      BadLine(
        #"{"prompt_id":"p9","model":"a","judge":"j","score":1}"#,
        "there is no response of a (sample 0) to the prompt 'p9'"),
    ]
}

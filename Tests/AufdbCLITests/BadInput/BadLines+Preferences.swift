// The bad lines of a file of preferences, and what is said about each.

extension BadLine {
  private static func talk(_ turns: String...) -> String {
    let messages = turns.enumerated().map { index, text in
      #"{"role":"\#(index % 2 == 0 ? "user" : "assistant")","content":"\#(text)"}"#
    }
    return "[\(messages.joined(separator: ","))]"
  }

  /// A line with further fields.
  private static func preference(_ fields: String, _ error: String) -> BadLine {
    BadLine(#"{"prompt":"new","chosen":"yes","rejected":"no",\#(fields)}"#, error)
  }

  private static let preferenceSides: [BadLine] = [("chosen", "rejected"), ("rejected", "chosen")].flatMap {
    name, other in
    [
      (#""prompt":"q""#, "\(name) is missing"),
      (#""prompt":"q","\#(name)":null"#, "\(name) is null, not a text or a list of messages"),
      (#""\#(name)":{"model":"a"}"#, "\(name) is an object, not a text or a list of messages"),
      (#""\#(name)":5"#, "\(name) is a number, not a text or a list of messages"),
      (#""\#(name)":[]"#, "\(name) is an empty list of messages"),
      (#""\#(name)":["yes"]"#, "\(name)[0] is not an object with role and content"),
      (#""\#(name)":[{"role":"assistant"}]"#, "\(name)[0].content is missing"),
      (#""\#(name)":[{"content":"yes"}]"#, "\(name)[0].role is missing"),
      (#""\#(name)":[{"role":"assistant","content":["yes"]}]"#, "\(name)[0].content is an array, not a text"),
      (#""\#(name)":[{"role":"a","role":"a","content":""}]"#, #"the key "role" stands twice in one object"#),
      (#""\#(name)":\#(talk("q"))"#, "\(name) doesn't end with a message of the assistant's"),
      (#""\#(name)":\#(talk("q", "a", "q"))"#, "\(name) doesn't end with a message of the assistant's"),
      (#""\#(name)":"yes","\#(name)":"yes""#, #"the key "\#(name)" stands twice in one object"#),
    ].map { BadLine(#"{"\#(other)":"no",\#($0.0)}"#, $0.1) } + [
      preference(#""\#(name)_model":"a","\#(name)-model":"a""#, "\(name)-model and \(name)_model stand in one line"),
      preference(
        #""score_\#(name)":1,"\#(name)-rating":null"#, "\(name)-rating and score_\(name) stand in one line"),
      preference(#""\#(name)_model":"""#, "\(name)_model is empty"),
      preference(#""model_\#(name)":7"#, "model_\(name) is a number, not a text"),
      preference(#""\#(name)_sample":-1"#, "\(name)_sample is negative"),
      preference(#""\#(name)_score":"high""#, #"\#(name)_score is the text "high", which isn't a number"#),
      preference(#""score_\#(name)":NaN"#, "NaN or Infinity, which JSON does not have"),
      preference(#""\#(name)-rating":[1]"#, "\(name)-rating is an array, not a number"),
    ]
  }

  static let preferences: [BadLine] =
    preferenceSides + [
      BadLine(#"{"chosen":"yes","rejected":"no"}"#, "prompt is missing"),
      BadLine(#"{"prompt_id":"p1","prompt":null,"chosen":"yes","rejected":"no"}"#, "prompt is missing"),
      BadLine(#"{"prompt":5,"chosen":"yes"}"#, "prompt is a number, not a text or a list of messages"),
      BadLine(#"{"prompt":[],"chosen":"yes"}"#, "prompt is an empty list of messages"),
      BadLine(
        #"{"chosen":\#(talk("q", "yes")),"rejected":\#(talk("Q", "no"))}"#,
        "chosen and rejected are answers to two prompts"),
      BadLine(
        #"{"chosen":\#(talk("q", "a", "b", "yes")),"rejected":\#(talk("q", "no"))}"#,
        "chosen and rejected are answers to two prompts"),
      BadLine(
        #"{"prompt":"q","chosen":\#(talk("q", "yes")),"rejected":"no"}"#,
        "of chosen and rejected, one is a whole conversation and the other an answer alone"),
      BadLine(
        #"{"prompt":"other","chosen":\#(talk("q", "yes")),"rejected":\#(talk("q", "no"))}"#,
        "prompt is not what the conversations begin with"),
      BadLine(
        #"{"prompt":"yes","chosen":\#(talk("q", "yes")),"rejected":\#(talk("q", "no"))}"#,
        "prompt is not what the conversations begin with"),
      BadLine(
        #"{"prompt":\#(talk("q", "x", "y")),"chosen":\#(talk("q", "yes")),"rejected":\#(talk("q", "no"))}"#,
        "prompt is not what the conversations begin with"),
      preference(#""prompt_id":"""#, "prompt_id is empty"),
      preference(#""prompt_id":null"#, "prompt_id is null, not a text"),
      preference(#""source":[]"#, "source is an array, not a text"), preference(#""judge":"""#, "judge is empty"),
      preference(#""tie":"no""#, "tie is a string, not true, false, 0 or 1"),
      preference(#""method":1"#, "method is a number, not a text"), preference(#""batch":-1"#, "batch is negative"),
      preference(#""extra":"\ud800""#, "a lone surrogate in a string"),
      preference(#""messages":[NaN]"#, "NaN or Infinity, which JSON does not have"),
      preference(#""prompt_id":"p1""#, "the prompt 'p1' is there already with another content"),
      preference(
        #""prompt_id":"n","chosen_model":"a","chosen_sample":1,"rejected_model":"a","rejected_sample":1"#,
        "the response of a to 'n' is there already with another content"),
    ]
}

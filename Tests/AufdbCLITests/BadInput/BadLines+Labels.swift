// The bad lines of a file of labels, and what is said about each.

extension BadLine {
  /// Good lines about the stage's store.
  static let goodLabels = """
    {"prompt_id":"p1","chosen_model":"b","rejected_model":"a","judge":"ada"}
    {"prompt_id":"p2","chosen":{"model":"a"},"rejected":{"model":"b"},"judge":"ada","tie":true}

    """

  /// A line of labels with further fields.
  private static func label(_ fields: String, _ error: String) -> BadLine {
    BadLine(#"{"prompt_id":"p1","chosen_model":"a","rejected_model":"b","judge":"eve",\#(fields)}"#, error)
  }

  private static let labelNames: [BadLine] = ["prompt_id", "chosen_model", "rejected_model", "judge"].flatMap { name in
    let fields = [("prompt_id", "p1"), ("chosen_model", "a"), ("rejected_model", "b"), ("judge", "eve")]
    func line(_ value: String?, _ error: String) -> BadLine {
      let texts = fields.compactMap { field, text in
        (field == name ? value : "\"\(text)\"").map { #""\#(field)":\#($0)"# }
      }
      return BadLine("{\(texts.joined(separator: ","))}", error)
    }
    return [
      line(nil, "\(name) is missing"),
      line("null", name == "judge" ? "judge is missing" : "\(name) is null, not a text"),
      line("5", "\(name) is a number, not a text"), line(#"["a"]"#, "\(name) is an array, not a text"),
      line(#"{"model":"a"}"#, "\(name) is an object, not a text"), line(#""""#, "\(name) is empty"),
      line(#""a\nb""#, "\(name) has a control character"), line("NaN", "NaN or Infinity, which JSON does not have"),
    ]
  }

  private static let labelSides: [BadLine] = [("chosen", "rejected"), ("rejected", "chosen")].flatMap { name, other in
    [
      ("null", "\(name) is null, not a model's name or an object with model and sample"),
      ("7", "\(name) is a number, not a model's name or an object with model and sample"),
      ("true", "\(name) is true or false, not a model's name or an object with model and sample"),
      (
        #"[{"role":"user","content":"q1"},{"role":"assistant","content":"yes"}]"#,
        "\(name) is an array, not a model's name or an object with model and sample"
      ),
      (#""""#, "\(name) is empty"), (#""\u0000""#, "\(name) has a control character"),
      ("{}", "\(name).model is missing"), (#"{"sample":0}"#, "\(name).model is missing"),
      (#"{"model":null}"#, "\(name).model is null, not a text"), (#"{"model":""}"#, "\(name).model is empty"),
      (#"{"model":"a","model":"a"}"#, #"the key "model" stands twice in one object"#),
      (#"{"model":"a","sample":null}"#, "\(name).sample is null, not a whole number"),
      (#"{"model":"a","sample":"0"}"#, "\(name).sample is a string, not a whole number"),
      (#"{"model":"a","sample":-1}"#, "\(name).sample is negative"),
      (#"{"model":"a","sample":0.5}"#, "\(name).sample is not a whole number"),
      (#"{"model":"a","sample":9223372036854775808}"#, "\(name).sample is too large"),
      (#""a","\#(name)_model":"a""#, "\(name) and \(name)_model stand in one line"),
      (#"{"model":"a"},"\#(name)_model":"b""#, "\(name) and \(name)_model stand in one line"),
      (#"{"model":"a","sample":0},"\#(name)_sample":0"#, "\(name).sample and \(name)_sample stand in one line"),
      (#""a","\#(name)":"a""#, #"the key "\#(name)" stands twice in one object"#),
    ].map { value, error in
      BadLine(#"{"\#(name)":\#(value),"prompt_id":"p1","\#(other)_model":"b","judge":"eve"}"#, error)
    } + [
      label(#""\#(name)":"a""#, "\(name) and \(name)_model stand in one line"),
      label(#""\#(name)":{"model":"a"}"#, "\(name) and \(name)_model stand in one line"),
      label(
        #""\#(name)_sample":1,"\#(name)":{"sample":1}"#, "\(name).sample and \(name)_sample stand in one line"),
      label(#""\#(name)_sample":"1""#, "\(name)_sample is a string, not a whole number"),
      label(#""\#(name)_sample":null"#, "\(name)_sample is null, not a whole number"),
      label(#""\#(name)_sample":-1"#, "\(name)_sample is negative"),
      label(#""\#(name)_sample":1e0"#, "\(name)_sample is not a whole number"),
      label(#""\#(name)_score":"1""#, "\(name)_score is a string, not a number"),
      label(#""\#(name)_score":true"#, "\(name)_score is true or false, not a number"),
      label(#""\#(name)_score":[1]"#, "\(name)_score is an array, not a number"),
      label(#""\#(name)_score":-Infinity"#, "NaN or Infinity, which JSON does not have"),
      label(#""\#(name)_score":1e999"#, "a number that is too large"),
      label(#""\#(name)_score":1,"\#(name)_score":1"#, #"the key "\#(name)_score" stands twice in one object"#),
    ]
  }

  static let labelFields: [BadLine] =
    labelNames + labelSides + [
      label(#""tie":"true""#, "tie is a string, not true, false, 0 or 1"),
      label(#""tie":null"#, "tie is null, not true, false, 0 or 1"),
      label(#""tie":[]"#, "tie is an array, not true, false, 0 or 1"),
      label(#""tie":2"#, "tie is a number other than 0 and 1"),
      label(#""tie":-1"#, "tie is a number other than 0 and 1"),
      label(#""tie":1.0"#, "tie is a number other than 0 and 1"), label(#""tie":True"#, "unexpected 'T'"),
      label(#""method":3"#, "method is a number, not a text"), label(#""method":"""#, "method is empty"),
      label(#""method":"a\tb""#, "method has a control character"),
      label(#""batch":"1""#, "batch is a string, not a whole number"), label(#""batch":-1"#, "batch is negative"),
      label(#""batch":1.5"#, "batch is not a whole number"), label(#""batch":1e30"#, "batch is not a whole number"),
      label(#""judge":"eve""#, #"the key "judge" stands twice in one object"#),
      label(#""x":[1,]"#, "a comma before a closing bracket"),
      label(#""x":1}{"y":2"#, "something follows the value"),
      label(#""chosen_sample":1"#, "there is no response of a (sample 1) to the prompt 'p1'"),
      label(#""rejected_sample":2"#, "there is no response of b (sample 2) to the prompt 'p1'"),
      BadLine(
        #"{"prompt_id":"p9","chosen":"a","rejected":"b","judge":"eve"}"#,
        "there is no response of a (sample 0) to the prompt 'p9'"),
      BadLine(
        #"{"prompt_id":"p1","chosen":"a","rejected":"x","judge":"eve"}"#,
        "there is no response of x (sample 0) to the prompt 'p1'"),
      BadLine(
        #"{"prompt_id":"p1","chosen":"a","rejected_model":"a","judge":"eve","tie":1}"#,
        "chosen and rejected are the same response, that of a"),
      BadLine(
        #"{"prompt_id":"p1","chosen":{"model":"a","sample":3},"rejected":{"model":"a","sample":3},"judge":"eve"}"#,
        "chosen and rejected are the same response, that of a (sample 3)"),
    ]
}

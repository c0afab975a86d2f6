// The bad lines, and what is said about each.

extension BadLine {
  static let notJSON = [
    BadLine("hello", "unexpected 'h'"), BadLine("PK\u{3}\u{4}", "unexpected 'P'"),
    BadLine(#""x""#, "expected an object, found a string"),
    BadLine("12", "expected an object, found a number"), BadLine("null", "expected an object, found null"),
    BadLine("true", "expected an object, found true or false"), BadLine("// x", "unexpected '/'"),
    BadLine("{'prompt_id':'x'}", "unexpected '''"), BadLine("{x:1}", "unexpected 'x'"),
    BadLine("{} {}", "something follows the value"), BadLine("{},", "something follows the value"),
    BadLine(#"{"a":1,}"#, "a comma before a closing bracket"), BadLine(#"{"a" 1}"#, "unexpected '1'"),
    BadLine(#"{"a":1 "b":2}"#, "unexpected '\"'"), BadLine("{", "the text ends before its value does"),
    BadLine(#"{"a":1,"a":1}"#, #"the key "a" stands twice in one object"#),
    BadLine(#"{"a":tru}"#, "unexpected 't'"), BadLine(#"{"a":01}"#, "a malformed number"),
    BadLine(#"{"a":1.}"#, "a malformed number"), BadLine(#"{"a":0x1}"#, "unexpected 'x'"),
    BadLine(
      #"{"a":"# + String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + "}",
      "nested deeper than 512 levels"),
  ]

  static let notText = [
    BadLine(Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8), "not UTF-8 in a string"),
    BadLine(Array(#"{"a":"caf"#.utf8) + [0xE9] + Array(#""}"#.utf8), "not UTF-8 in a string"),
    BadLine(Array(#"{"a":""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8), "not UTF-8 in a string"),
    BadLine(Array(#"{"a":""#.utf8) + [0xF4, 0x90, 0x80, 0x80] + Array(#""}"#.utf8), "not UTF-8 in a string"),
    BadLine([0xFF, 0xFE, 0x7B, 0x00], "unexpected byte 0xFF"), BadLine([0x80], "unexpected byte 0x80"),
    BadLine(
      Array(#"{"a":""#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8),
      "a surrogate encoded as bytes in a string, which is not UTF-8"),
    BadLine(#"{"a":"\ud83d"}"#, "a lone surrogate in a string"),
    BadLine(#"{"a":"\ude42\ud83d"}"#, "a lone surrogate in a string"),
    BadLine(#"{"a":"\ud83dx"}"#, "a lone surrogate in a string"),
    BadLine(#"{"\ud83d":1}"#, "a lone surrogate in a string"),
    BadLine("{\"a\":\"x\ty\"}", "a raw control character in a string"),
    BadLine("{\"a\":\"x\0y\"}", "a raw control character in a string"),
    BadLine(#"{"a":"\x41"}"#, "an escape that JSON does not have"),
  ]

  static let notNumbers =
    ["NaN", "Infinity", "-Infinity", "[1,NaN]", #"{"b":-Infinity}"#].map {
      BadLine(#"{"a":\#($0)}"#, "NaN or Infinity, which JSON does not have")
    } + [
      BadLine(#"{"a":1e999}"#, "a number that is too large"), BadLine(#"{"a":-1e400}"#, "a number that is too large"),
    ]

  static let promptFields: [BadLine] =
    [
      .prompt("", "prompt_id is missing"), .prompt(#""prompt":"q","completions":[]"#, "prompt_id is missing"),
      .prompt(#""prompt_id":"x","completions":[]"#, "prompt is missing"),
      .prompt(#""prompt_id":"x","prompt":"q""#, "completions is missing"),
      .prompt(#""prompt_id":1,"prompt":"q","completions":[]"#, "prompt_id is a number, not a text"),
      .prompt(#""prompt_id":null,"prompt":"q","completions":[]"#, "prompt_id is null, not a text"),
      .prompt(#""prompt_id":"","prompt":"q","completions":[]"#, "prompt_id is empty"),
      .prompt(#""prompt_id":"a\u0000b","prompt":"q","completions":[]"#, "prompt_id has a control character"),
      .prompt(#""prompt_id":"a\u007f","prompt":"q","completions":[]"#, "prompt_id has a control character"),
      .prompt(#""prompt_id":"x","source":5,"prompt":"q","completions":[]"#, "source is a number, not a text"),
      .prompt(#""prompt_id":"x","source":["s"],"prompt":"q","completions":[]"#, "source is an array, not a text"),
      .prompt(#""prompt_id":"x","completions":null"#, "completions is null, not a list"),
      .prompt(#""prompt_id":"x","completions":{"model":"m"}"#, "completions is an object, not a list"),
      .prompt(#""prompt_id":"x","completions":[1]"#, "a completion is a number, not an object"),
      .prompt(#""prompt_id":"x","completions":[null]"#, "a completion is null, not an object"),
      .prompt(#""prompt_id":"x","prompt_id":"x""#, #"the key "prompt_id" stands twice in one object"#),
    ]
    + [
      ("null", "prompt is null, not a text or a list of messages"),
      ("7", "prompt is a number, not a text or a list of messages"),
      (#"{"role":"user","content":"x"}"#, "prompt is an object, not a text or a list of messages"),
      ("[]", "prompt is an empty list of messages"),
      (#"["x"]"#, "prompt[0] is not an object with role and content"),
      (#"[{"role":"user","content":"x"},[]]"#, "prompt[1] is not an object with role and content"),
      (#"[{"role":"user"}]"#, "prompt[0].content is missing"),
      (#"[{"role":"user","content":"x"},{"content":"x"}]"#, "prompt[1].role is missing"),
      (#"[{"role":1,"content":"x"}]"#, "prompt[0].role is a number, not a text"),
      (#"[{"role":"","content":"x"}]"#, "prompt[0].role is empty"),
      (#"[{"role":"user","content":null}]"#, "prompt[0].content is null, not a text"),
      (#"[{"role":"user","content":["x"]}]"#, "prompt[0].content is an array, not a text"),
      (#"[{"role":"user","role":"user","content":""}]"#, #"the key "role" stands twice in one object"#),
    ].map { .prompt(#""prompt_id":"x","prompt":\#($0.0),"completions":[]"#, $0.1) }

  static let completionFields: [BadLine] =
    [
      .completion("", "model is missing"), .completion(#""response_text":"r""#, "model is missing"),
      .completion(#""model":"m""#, "response_text is missing"),
      .completion(#""model":7,"response_text":"r""#, "model is a number, not a text"),
      .completion(#""model":"","response_text":"r""#, "model is empty"),
      .completion(#""model":"a\nb","response_text":"r""#, "model has a control character"),
      .completion(#""model":"m","response_text":null"#, "response_text is null, not a text"),
      .completion(#""model":"m","response_text":["r"]"#, "response_text is an array, not a text"),
      .completion(#""model":"m","model":"m""#, #"the key "model" stands twice in one object"#),
    ]
    + [
      (#""sample":"0""#, "sample is a string, not a whole number"),
      (#""sample":null"#, "sample is null, not a whole number"),
      (#""sample":-1"#, "sample is negative"), (#""sample":1.5"#, "sample is not a whole number"),
      (#""sample":1e0"#, "sample is not a whole number"), (#""sample":9223372036854775808"#, "sample is too large"),
      (#""system_prompt":1"#, "system_prompt is a number, not a text"),
      (#""principle":[]"#, "principle is an array, not a text"),
      (#""critique":{}"#, "critique is an object, not a text"),
      (#""overall_score":true"#, "overall_score is true or false, not a number"),
      (#""overall_score":[7]"#, "overall_score is an array, not a number"),
      (#""overall_score":{}"#, "overall_score is an object, not a number"),
      (#""overall_score":"good""#, #"overall_score is the text "good", which isn't a number"#),
      (#""overall_score":"1e999""#, #"overall_score is the text "1e999", which isn't a number"#),
      (#""overall_score":NaN"#, "NaN or Infinity, which JSON does not have"),
      (#""overall_score":-Infinity"#, "NaN or Infinity, which JSON does not have"),
      (#""overall_score":1e999"#, "a number that is too large"),
      (#""annotations":{"honesty":{"Rating":NaN}}"#, "NaN or Infinity, which JSON does not have"),
      (#""annotations":[1,]"#, "a comma before a closing bracket"),
      (#""extra":{"a":"\ud800"}"#, "a lone surrogate in a string"),
    ].map { .completion(#""model":"m","response_text":"r",\#($0.0)"#, $0.1) }

  static let estimateFields: [BadLine] =
    ["prompt_id", "model", "reward", "lower", "upper"].flatMap { missing in
      let fields = [
        ("prompt_id", #""p2""#), ("model", #""a""#), ("reward", "0.5"), ("lower", "0"), ("upper", "1"),
      ]
      func line(_ value: String?, _ error: String) -> BadLine {
        let texts = fields.compactMap { name, text in
          (name == missing ? value : text).map { #""\#(name)":\#($0)"# }
        }
        return BadLine("{\(texts.joined(separator: ","))}", error)
      }
      let isName = missing == "prompt_id" || missing == "model"
      let expected = isName ? "a text" : "a number"
      return [
        line(nil, "\(missing) is missing"), line("null", "\(missing) is null, not \(expected)"),
        line("[]", "\(missing) is an array, not \(expected)"),
        line("NaN", "NaN or Infinity, which JSON does not have"),
      ]
        + (isName
          ? [line("5", "\(missing) is a number, not a text"), line(#""""#, "\(missing) is empty")]
          : [line(#""0.5""#, "\(missing) is a string, not a number"), line("1e999", "a number that is too large")])
    } + [
      BadLine(#"{"prompt_id":"p2","model":"a","reward":0,"lower":2,"upper":1}"#, "lower (2.0) is above upper (1.0)"),
      BadLine(
        #"{"prompt_id":"p9","model":"a","reward":0,"lower":0,"upper":1}"#,
        "there is no response of a (sample 0) to the prompt 'p9'"),
      BadLine(
        #"{"prompt_id":"p1","model":"a","sample":1,"reward":0,"lower":0,"upper":1}"#,
        "there is no response of a (sample 1) to the prompt 'p1'"),
      BadLine(
        #"{"prompt_id":"p1","model":"a","sample":-1,"reward":0,"lower":0,"upper":1}"#, "sample is negative"),
    ]
    + [
      ("1", "heads is a number, not a list of numbers"), (#""1""#, "heads is a string, not a list of numbers"),
      ("[]", "heads is empty"), ("[null]", "heads[0] is null, not a number"),
      ("[0,[1]]", "heads[1] is an array, not a number"), ("[NaN]", "NaN or Infinity, which JSON does not have"),
      ("[1,1e39]", "heads[1] is too large: estimates are in single precision"),
      ("[1e999]", "a number that is too large"),
    ].map { BadLine(#"{"prompt_id":"p2","model":"a","reward":0,"lower":0,"upper":1,"heads":\#($0.0)}"#, $0.1) }
}

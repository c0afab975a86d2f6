// Answers of a chat: what servers really send, and every body that isn't one.

import Testing

@testable import Aufdb

@Suite("Chat answers") struct ChatAnswerTests {
  @Test("an answer as vLLM sends it")
  func whole() throws {
    let answer = try ChatAnswer(
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"ember-3b","choices":[{"index":0,
      "message":{"role":"assistant","content":"4","refusal":null,"tool_calls":[],"reasoning_content":null},
      "logprobs":{"content":[{"token":"4","logprob":-0.25,"bytes":[52],"top_logprobs":[
      {"token":"4","logprob":-0.25,"bytes":[52]},{"token":" 4","logprob":-2.5,"bytes":[32,52]},
      {"token":"\u{FFFD}","logprob":-9999.0,"bytes":[240,159]}]},{"token":"!","logprob":-1.0,"top_logprobs":[]}]},
      "finish_reason":"length","stop_reason":null}],"usage":{"prompt_tokens":12,"total_tokens":13,"completion_tokens":1},
      "prompt_logprobs":null}
      """)
    let tokens = [
      TokenLogprob("4", -0.25), TokenLogprob(" 4", -2.5), TokenLogprob("\u{FFFD}", -9999, bytes: [240, 159]),
    ]
    #expect(
      answer
        == ChatAnswer(text: "4", finishReason: "length", promptTokens: 12, completionTokens: 1, firstToken: tokens))
  }

  private func choice(_ rest: String) -> String { #"{"choices":[{"message":{"content":"x"}\#(rest)}]}"# }

  private func logprobs(_ first: String) -> String { choice(#","logprobs":{"content":[\#(first)]}"#) }

  @Test("what may be left out may also be null")
  func least() throws {
    for body in [
      choice(""), choice(#","finish_reason":null,"logprobs":null"#), choice(#","logprobs":{"content":null}"#),
      choice(#","logprobs":{"content":[]}"#), choice(#","logprobs":{}"#),
      #"{"error":null,"usage":null,"choices":[{"message":{"content":"x"}}]}"#,
      logprobs(#"{"token":"4","logprob":-0.1,"bytes":null}"#),
      logprobs(#"{"token":"4","logprob":-0.1,"top_logprobs":[]}"#),
      logprobs(#"{"token":"4","logprob":-0.1,"top_logprobs":null}"#),
    ] {
      #expect(try ChatAnswer(body) == ChatAnswer(text: "x"), "\(body)")
    }
  }

  @Test("no text is an empty one, and parts of a text are put together")
  func contents() throws {
    for message in ["{}", #"{"content":null}"#, #"{"content":""}"#, #"{"content":[]}"#, #"{"refusal":"I won't"}"#] {
      #expect(try ChatAnswer(#"{"choices":[{"message":\#(message)}]}"#).text.isEmpty)
    }
    let parts = #"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"x":1},{"text":"b"}]}}]}"#
    #expect(try ChatAnswer(parts).text == "ab")
    #expect(try ChatAnswer(#"{"choices":[{"message":{"content":"\ud83d\ude00\u0000"}}]}"#).text == "😀\0")
  }

  @Test("the token that was drawn counts, too, where it isn't among the likeliest")
  func drawnToken() throws {
    let far = try ChatAnswer(
      logprobs(#"{"token":"5","logprob":-3.0,"top_logprobs":[{"token":"4","logprob":-0.1}]}"#))
    #expect(far.firstToken == [TokenLogprob("4", -0.1), TokenLogprob("5", -3)])
    let near = try ChatAnswer(
      logprobs(#"{"token":"\ufffd","bytes":[52],"logprob":-0.1,"top_logprobs":[{"token":"\ufffd","logprob":-0.1}]}"#))
    #expect(near.firstToken?.count == 1)
    let unrated = try ChatAnswer(logprobs(#"{"token":"5","top_logprobs":[{"token":"4","logprob":0.000001}]}"#))
    #expect(unrated.firstToken == [TokenLogprob("4", 0.000001)])
    #expect(unrated.firstToken?.first?.probability == 1)
  }

  @Test("counts of tokens that make no sense are none", arguments: ["-1", "\"12\"", "null", "1.5", "[1]", "1e300"])
  func usage(_ count: String) throws {
    let body = #"{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":\#(count),"completion_tokens":7.0}}"#
    #expect(try ChatAnswer(body) == ChatAnswer(text: "x", completionTokens: 7))
  }

  @Test(
    "a body that is no answer is a fault",
    arguments: [
      ("", "the answer can't be read: the text ends before its value does (byte 0)"),
      ("<html>busy</html>", "the answer can't be read: unexpected '<' (byte 0)"),
      ("[]", "the answer can't be read: expected an object, found an array (byte 0)"),
      ("null", "the answer can't be read: expected an object, found null (byte 0)"),
      ("{}", "the answer has no choices"),
      (#"{"choices":[]}"#, "0 choices where one was asked for"),
      (#"{"choices":[{"message":{}},{"message":{}}]}"#, "2 choices where one was asked for"),
      (#"{"choices":[{}]}"#, "the choice has no message"),
      (#"{"choices":[{"message":null}]}"#, "the choice has no message"),
      (#"{"choices":null}"#, "the answer can't be read: expected an array, found null (byte 11)"),
      (#"{"choices":{}}"#, "the answer can't be read: expected an array, found an object (byte 11)"),
      (#"{"choices":[{"message":"x"}]}"#, "the answer can't be read: expected an object, found a string (byte 23)"),
      (
        #"{"choices":[{"message":{"content":4}}]}"#,
        "the answer can't be read: expected a string, found a number (byte 34)"
      ),
      (
        #"{"choices":[{"message":{"content":"x"}}]"#,
        "the answer can't be read: the text ends before its value does (byte 40)"
      ),
      (#"{"choices":[{"message":{"content":"x"#, "the answer can't be read: the text ends inside a string (byte 36)"),
      (
        #"{"choices":[{"message":{"content":"x"}}]}{}"#,
        "the answer can't be read: something follows the value (byte 41)"
      ),
      (
        #"{"choices":[],"choices":[]}"#,
        #"the answer can't be read: the key "choices" stands twice in one object (byte 14)"#
      ),
      (
        #"{"choices":[{"message":{"content":"\ud800"}}]}"#,
        "the answer can't be read: a lone surrogate in a string (byte 35)"
      ),
      (#"{"error":{"message":"busy","code":503}}"#, "an error in place of an answer: busy"),
      (#"{"error":"busy","choices":[{"message":{"content":"x"}}]}"#, "an error in place of an answer: busy"),
    ])
  func malformed(_ body: String, _ message: String) {
    let fault = fault { () throws(ProtocolFault) in _ = try ChatAnswer(body) }
    #expect(fault?.message == message)
    #expect(fault?.excerpt == body)
    #expect(fault?.description.hasSuffix(body.isEmpty ? "the server said nothing" : "the server said: \(body)") == true)
  }

  @Test(
    "probabilities that are none are a fault",
    arguments: [
      (#"{"token":"4","logprob":NaN}"#, "the answer can't be read: NaN or Infinity, which JSON does not have"),
      (#"{"token":"4","logprob":-Infinity}"#, "the answer can't be read: NaN or Infinity, which JSON does not have"),
      (#"{"token":"4","logprob":"-0.1"}"#, "the answer can't be read: expected a number, found a string"),
      (#"{"token":4,"logprob":-0.1}"#, "the answer can't be read: expected a string, found a number"),
      (#"{"token":"4","bytes":[256],"logprob":-0.1}"#, "the answer can't be read: a number that is too large"),
      (#"{"token":"4","logprob":null}"#, "a token has no log probability"),
      (#"{"token":"4"}"#, "a token has no log probability"),
      (#"{"token":"4","logprob":2.5}"#, "2.5 is no logarithm of a probability"),
      (
        #"{"token":"4","logprob":-0.1},{"token":"5","logprob":-0.1}"#,
        "the probabilities of the first token add up to 1.8"
      ),
    ])
  func badProbabilities(_ tokens: String, _ message: String) {
    let body = logprobs(#"{"token":"x","top_logprobs":[\#(tokens)]}"#)
    let fault = fault { () throws(ProtocolFault) in _ = try ChatAnswer(body) }
    #expect(fault?.message.hasPrefix(message) == true, "\(String(describing: fault))")
  }

  @Test("a fault quotes the beginning of a long answer, and whole characters of it")
  func excerpt() {
    for shift in 0..<4 {
      let body = String(repeating: "a", count: shift) + String(repeating: "😀", count: 1_000)
      let excerpt = fault { () throws(ProtocolFault) in _ = try ChatAnswer(body) }?.excerpt ?? ""
      #expect(excerpt.hasSuffix("😀...") && !excerpt.contains("\u{FFFD}"))
      #expect(excerpt.utf8.count > 490 && excerpt.utf8.count <= ProtocolFault.excerptLimit + 3)
    }
    let noText = fault { () throws(ProtocolFault) in _ = try ChatAnswer(body: [0xFF, 0xFE]) }
    #expect(noText?.excerpt == "\u{FFFD}\u{FFFD}")
  }

  @Test("an answer cut anywhere is a fault, never another answer")
  func cut() throws {
    let body = Array(logprobs(#"{"token":"4","logprob":-0.1,"top_logprobs":[{"token":"4","logprob":-0.1}]}"#).utf8)
    for count in 0..<body.count {
      #expect(throws: ProtocolFault.self, "\(count) bytes") { try ChatAnswer(body: Array(body.prefix(count))) }
    }
    #expect(try ChatAnswer(body: body).firstToken?.count == 1)
  }
}

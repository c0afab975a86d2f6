// What servers answer, and answers as they are kept.

@testable import Aufdb

extension FuzzTarget {
  static let answers = [
    FuzzTarget("chat", seeds: [Array(chat.utf8)]) { bytes in
      let kept = KeptAnswer.chat(try ChatAnswer(body: Array(bytes)))
      try require(try KeptAnswer(encoded: kept.encoded()) == kept, "an answer that is kept otherwise")
      guard let answer = try? kept.chat(), let rating = try? Rating(answer, leastMass: 0) else { return }
      try require((1...5).contains(rating.expectation), "a rating of \(rating.expectation)")
    },
    FuzzTarget("vectors", seeds: [Array(vectors.utf8)]) { bytes in
      let encoder = EncoderDefinition(
        name: "mini", version: 1,
        endpoint: ModelDefinition(
          name: "mini", version: 1, serverModel: "mini", parameters: [],
          access: ModelAccess(baseURL: "http://localhost:1/v1")), dimensions: 2, element: .float16)
      let request = ModelQuestions.embeddings(encoder, ["a", "b"])
      for answer in try ModelQuestions.answers(of: request, body: Array(bytes)) {
        if case .vector(let vector, let tokens) = answer {
          try require(vector.count == 4 && tokens >= 0, "a vector of \(vector.count) bytes, \(tokens) tokens")
        }
        try require(try KeptAnswer(encoded: answer.encoded()) == answer, "a vector that is kept otherwise")
      }
    },
    FuzzTarget("message", seeds: [Array(message.utf8)]) { bytes in
      let text = ServerMessage(body: bytes).message
      try require(text.utf8.count <= 3 * ServerMessage.messageLimit, "a message of \(text.utf8.count) bytes")
    },
    FuzzTarget("batch", seeds: [Array(batchLine.utf8)]) { bytes in
      try FuzzFile.withPath(bytes) { path in
        var reader = try BatchReader(path)
        while let result = try reader.next() {
          for expectation in [ModelRequest.Expectation.chat] { _ = try result.kept(expecting: expectation) }
        }
      }
    },
    FuzzTarget("kept", seeds: keptSeeds) { bytes in
      let answer = try KeptAnswer(encoded: Array(bytes))
      try require(try KeptAnswer(encoded: answer.encoded()) == answer, "an answer that is kept otherwise")
    },
    FuzzTarget("conversation", seeds: [Array(#"[{"role":"user","content":"Why?"}]"#.utf8)]) { bytes in
      _ = try Conversation(prompt: bytes, isMessages: true)
    },
  ]

  static let chat = """
    {"choices":[{"index":0,"message":{"content":[{"text":"4"}]},"logprobs":{"content":[{"token":"4","logprob":-0.25,\
    "bytes":[52],"top_logprobs":[{"token":"4","logprob":-0.25},{"token":" 5","logprob":-2.5,"bytes":[32,53]}]}]},\
    "finish_reason":"length"}],"usage":{"prompt_tokens":12,"completion_tokens":1}}
    """
  static let vectors = """
    {"data":[{"index":1,"embedding":[3,4.5]},{"index":0,"embedding":"AACAPwAAgD8="}],"usage":{"prompt_tokens":5}}
    """
  static let message = """
    {"error":{"message":"no","type":"a","code":"b"},"detail":[{"loc":["body"],"msg":"Field required"}]}
    """
  private static let batchLine =
    #"{"custom_id":"\#(String(repeating: "0a", count: 32))","response":{"status_code":200,"body":\#(chat)},"error":null}"#
  private static let keptSeeds = [
    KeptAnswer.chat(ChatAnswer(text: "Yes", firstToken: [TokenLogprob("Yes", -0.5), TokenLogprob("\u{0}", -2)])),
    .chat(ChatAnswer(text: (0..<100).map { "word \($0 * $0)" }.joined(separator: " "))),
    .failure(ModelFailure("no such model", text: "oops")), .vector([0, 0x3c, 0, 0x40], tokens: 3),
  ].map { $0.encoded() }
}

// Batch files: lines written, and results in every form that servers give them.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Batch files") struct BatchTests {
  private let request = ModelQuestions.generation(madeModel(), Conversation(text: "Hi"))
  private var id: QuestionID { request.questions[0] }
  private let okBody = #"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}"#

  private func result(_ line: String) throws -> BatchResult {
    var reader = JSONReader()
    return try Array(line.utf8).withUnsafeBytes { try BatchResult(line: $0, &reader) }
  }

  @Test("a line is the request, under the id of its question")
  func writing() {
    var writer = JSONWriter()
    request.writeBatchLine(to: &writer)
    ModelQuestions.embeddings(madeEncoder(), ["a"]).writeBatchLine(to: &writer)
    let lines = writer.text.split(separator: "\n")
    #expect(
      lines[0] == #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":\#(request.bodyText)}"#)
    #expect(lines.count == 2 && lines[1].contains(#""url":"/v1/embeddings","body":{"model":"mini-3b","input":["a"]"#))
  }

  @Test("answers, failures and what can be asked again are told apart")
  func outcomes() throws {
    let cases: [(String, BatchResult.Outcome)] = [
      (
        #""response":{"status_code":200,"request_id":"r","body":\#(okBody)},"error":null"#,
        .answered(body: Array(okBody.utf8))
      ),
      (#""response":{"status_code":200,"body":\#(okBody)}"#, .answered(body: Array(okBody.utf8))),
      (
        #""response":{"status_code":400,"body":{"error":{"message":"too long"}}},"error":null"#,
        .failed(ModelFailure("too long"))
      ),
      (
        #""response":{"status_code":422,"request_id":"r"},"error":{"object":"error","message":"bad","code":422}"#,
        .failed(ModelFailure("bad"))
      ),
      (#""response":{"status_code":413,"body":null}"#, .failed(ModelFailure("status 413"))),
      (#""response":{"status_code":429,"body":{"error":{"message":"slow down"}}}"#, .unanswered("slow down")),
      (#""response":{"status_code":500}"#, .unanswered("status 500")),
      (#""response":{"status_code":401,"body":{"detail":"no key"}}"#, .unanswered("no key")),
      (#""response":{"status_code":200},"error":null"#, .unanswered("status 200")),
      (#""response":null,"error":{"code":"batch_expired","message":"It expired."}"#, .unanswered("It expired.")),
      (#""error":{"message":"no"},"response":{"status_code":200,"body":\#(okBody)}"#, .unanswered("no")),
    ]
    for (rest, outcome) in cases {
      let result = try result(#"{"id":"b","custom_id":"\#(id)",\#(rest)}"#)
      #expect(result.question == id)
      #expect(result.outcome == outcome, "\(rest)")
    }
  }

  @Test("what is kept of a result is what would be kept of an answer over the wire")
  func kept() throws {
    let answered = try result(#"{"custom_id":"\#(id)","response":{"status_code":200,"body":\#(okBody)}}"#)
    #expect(try answered.kept(expecting: .chat) == .chat(ChatAnswer(text: "x", finishReason: "stop")))
    let failed = try result(#"{"custom_id":"\#(id)","response":{"status_code":400}}"#)
    #expect(try failed.kept(expecting: .chat) == .failure(ModelFailure("status 400")))
    let expired = try result(#"{"custom_id":"\#(id)","response":null,"error":{"message":"x"}}"#)
    #expect(try expired.kept(expecting: .chat) == nil)
    let shape = EmbeddingShape(dimension: 1, element: .float32)
    #expect(throws: ProtocolFault.self) { try answered.kept(expecting: .vectors(shape)) }
    let vector = #"{"custom_id":"\#(id)","response":{"status_code":200,"body":{"data":[{"index":0,"embedding":[1]}]}}}"#
    #expect(try result(vector).kept(expecting: .vectors(shape)) == .vector([0, 0, 0x80, 0x3F], tokens: 0))
  }

  @Test(
    "lines that are no results are refused",
    arguments: [
      ("", "the text ends before its value does"),
      ("[]", "expected an object, found an array"),
      ("{}", "custom_id is missing"),
      (#"{"custom_id":7}"#, "custom_id is a number, not a text"),
      (#"{"custom_id":"request-1"}"#, #"custom_id is "request-1", and those of aufdb have 64 hexadecimal digits"#),
      (#"{"custom_id":"ID"}"#, "neither a response with a status_code nor an error"),
      (#"{"custom_id":"ID","response":{}}"#, "neither a response with a status_code nor an error"),
      (#"{"custom_id":"ID","response":[]}"#, "expected an object, found an array"),
      (#"{"custom_id":"ID","response":{"status_code":"200"}}"#, "status_code is a string, not a whole number"),
      (#"{"custom_id":"ID","response":{"status_code":200,"body":{"a":NaN}}}"#, "NaN or Infinity"),
      (#"{"custom_id":"ID","custom_id":"ID"}"#, #"the key "custom_id" stands twice"#),
    ])
  func badLines(_ line: String, _ words: String) {
    let line = line.replacing("ID", with: "\(id)")
    #expect {
      _ = try result(line)
    } throws: { error in
      "\(error)".hasPrefix(words)
    }
  }

  @Test("a file is read line by line, in any order, past lines that are none")
  func file() throws {
    let folder = try ScratchFolder()
    let ids = (0..<3).map { ModelQuestions.generation(madeModel(), Conversation(text: "\($0)")).questions[0] }
    let lines = [
      #"{"custom_id":"\#(ids[2])","response":{"status_code":500}}"#, "{]", "",
      #"{"custom_id":"\#(ids[0])","response":{"status_code":200,"body":\#(okBody)}}"#,
      #"{"custom_id":"\#(ids[2])","response":{"status_code":200,"body":\#(okBody)}}"#,
    ]
    let text = Array(lines.joined(separator: "\n").utf8)
    for bytes in [text, try folder.compressed(text, .zstd())] {
      var reader = try BatchReader(folder.file("results.jsonl", bytes))
      #expect(try reader.next()?.outcome == .unanswered("status 500"))
      var bad: BatchReader.BadLine?
      do { _ = try reader.next() } catch let error as BatchReader.BadLine { bad = error }
      #expect(bad?.error.place?.line == 2 && bad?.error.kind == .badData)
      #expect(try reader.next()?.question == ids[0])
      #expect(try reader.next()?.question == ids[2])
      #expect(reader.lineNumber == 5)
      #expect(try reader.next() == nil)
    }
    #expect(throws: StreamError.self) { _ = try BatchReader(folder.path("nothing")).lineNumber }
  }
}

// Requests: their bodies to the byte, and what an id depends on.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Model questions") struct ModelQuestionsTests {
  private let turns = Conversation([
    .init("system", "Be kind."), .init("user", "Hi"), .init("assistant", "Hello."), .init("user", "Why?"),
  ])

  @Test("generation sends the messages and the parameters as they are")
  func generation() {
    let parameters = [
      ModelParameter("chat_template_kwargs", json: #"{"enable_thinking":false}"#),
      ModelParameter("max_tokens", json: "64"),
      ModelParameter("temperature", json: "1.0"), ModelParameter("top_logprobs", json: "5"),
    ]
    let request = ModelQuestions.generation(madeModel("ember", parameters), Conversation(text: "Say \"é\"\n"))
    #expect(
      request.bodyText == #"{"model":"ember-3b","messages":[{"role":"user","content":"Say \"é\"\n"}],"#
        + #""chat_template_kwargs":{"enable_thinking":false},"max_tokens":64,"temperature":1.0}"#)
    #expect(request.path == "chat/completions" && request.expectation == .chat && request.questions.count == 1)
    #expect(request.outputTokens == 64)
    #expect(request.inputTokens == "Say \"é\"\n".tokenEstimate + 7)
    #expect(ModelQuestions.generation(madeModel(), turns).outputTokens == ModelQuestions.guessedTokens)
  }

  @Test("turns stay turns, and a principle comes before the prompt's own system message")
  func turnsAndPrinciples() {
    let plain = ModelQuestions.generation(madeModel(), turns)
    #expect(
      plain.bodyText == #"{"model":"ember-3b","messages":[{"role":"system","content":"Be kind."},"#
        + #"{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},"#
        + #"{"role":"user","content":"Why?"}]}"#)
    let prefaced = ModelQuestions.generation(madeModel(), turns, systemPrompt: "Be honest.")
    #expect(prefaced.bodyText.contains(#"[{"role":"system","content":"Be honest.\n\nBe kind."},{"role":"user""#))
    let text = ModelQuestions.generation(madeModel(), Conversation(text: "Hi"), systemPrompt: "Be honest.")
    #expect(
      text.bodyText.contains(#"[{"role":"system","content":"Be honest."},{"role":"user","content":"Hi"}]"#))
  }

  @Test("each sample is another question, and gets another seed where there is one")
  func samples() {
    let model = madeModel("ember", [ModelParameter("seed", json: "41")])
    let requests = (0..<3).map { ModelQuestions.generation(model, turns, sample: $0) }
    #expect(requests.map { $0.bodyText.hasSuffix(#""seed":\#(41)}"#) } == [true, false, false])
    #expect(requests[2].bodyText.hasSuffix(#""seed":43}"#))
    let unseeded = (0..<3).map { ModelQuestions.generation(madeModel(), turns, sample: $0) }
    #expect(Set(unseeded.map(\.body)).count == 1)
    #expect(Set((requests + unseeded).flatMap(\.questions)).count == 6)
  }

  @Test("a pointwise judge asks for one token and its alternatives, whatever its model samples with")
  func pointwise() throws {
    let judge = try madeJudge(
      .pointwise,
      [ModelParameter("max_tokens", json: "9"), ModelParameter("temperature", json: "1"), .init("user", json: "\"u\"")])
    let request = ModelQuestions.pointwise(
      judge, judge.rubric.aspects[0], prompt: Conversation(text: "{aspect}"), response: "{prompt}")
    #expect(
      request.bodyText == #"{"model":"ember-3b","messages":[{"role":"system","content":"Rate."},"#
        + #"{"role":"user","content":"{aspect}|{prompt}|How witty?"}],"user":"u","max_tokens":1,"temperature":0,"#
        + #""logprobs":true,"top_logprobs":20}"#)
    #expect(request.outputTokens == 1)
    let other = ModelQuestions.pointwise(
      judge, judge.rubric.aspects[1], prompt: Conversation(text: "{aspect}"), response: "{prompt}")
    #expect(other.questions != request.questions)
  }

  @Test("models that call the bound otherwise, and servers with fewer alternatives, are asked in their way")
  func otherServers() throws {
    let judge = try madeJudge(
      .pairwise, [ModelParameter("max_completion_tokens", json: "9"), ModelParameter("top_logprobs", json: "5")])
    let request = ModelQuestions.pairwise(judge, prompt: turns, first: "a", second: "b")
    #expect(
      request.bodyText == #"{"model":"ember-3b","messages":[{"role":"user","content":""#
        + #"System:\nBe kind.\n\nUser:\nHi\n\nAssistant:\nHello.\n\nUser:\nWhy?|a|b"}],"#
        + #""max_completion_tokens":1,"temperature":0,"logprobs":true,"top_logprobs":5}"#)
    let swapped = ModelQuestions.pairwise(judge, prompt: turns, first: "b", second: "a")
    #expect(swapped.questions != request.questions)
  }

  @Test("embeddings are asked for in base64 unless the definition says otherwise, without what is for texts")
  func embeddings() {
    let request = ModelQuestions.embeddings(madeEncoder(), ["a", "b\n"])
    #expect(request.bodyText == #"{"model":"mini-3b","input":["a","b\n"],"encoding_format":"base64"}"#)
    #expect(request.path == "embeddings" && request.questions.count == 2)
    #expect(request.expectation == .vectors(EmbeddingShape(dimension: 3, element: .float32)))
    #expect(request.inputTokens == 3 && request.outputTokens == 0)
    let plain = ModelQuestions.embeddings(
      madeEncoder([
        ModelParameter("dimensions", json: "3"), ModelParameter("max_tokens", json: "9"),
        ModelParameter("seed", json: "1"), ModelParameter("encoding_format", json: "\"float\""),
      ]), ["a"])
    #expect(plain.bodyText == #"{"model":"mini-3b","input":["a"],"dimensions":3,"encoding_format":"float"}"#)
  }

  @Test("a text's id is the same in any batch, and a batch can be taken apart", arguments: 0..<20 as Range<UInt64>)
  func parts(seed: UInt64) {
    var draw = SeededGenerator(seed: seed)
    let encoder = madeEncoder([ModelParameter("dimensions", json: "3")])
    let texts = (0..<Int.random(in: 2...6, using: &draw)).map { "\($0)" + draw.string(length: 20) }
    let request = ModelQuestions.embeddings(encoder, texts)
    #expect(request.parts == texts.map { ModelQuestions.embeddings(encoder, [$0]) }, "seed \(seed)")
    #expect(request.parts.allSatisfy { $0.parts.isEmpty })
    #expect(ModelQuestions.embeddings(encoder, texts.reversed()).questions == request.questions.reversed())
  }

  @Test("an id is that of the definition's name and identity, the body and the sample, and not of how it is reached")
  func ids() throws {
    func id(_ model: ModelDefinition) -> QuestionID { ModelQuestions.generation(model, turns).questions[0] }
    let model = madeModel()
    var moved = model
    moved.access = ModelAccess(baseURL: "https://elsewhere.example/v1")
    moved.version = 2
    #expect(id(model) == id(moved), "the same model elsewhere answers the same")
    let others = [
      madeModel("coal", server: "ember-3b"), madeModel(server: "ember-7b"),
      madeModel("ember", [ModelParameter("temperature", json: "0")]),
    ]
    #expect(Set(others.map(id) + [id(model)]).count == 4)
    // By hand: sha256 of the parts, each behind its length.
    let parts = ["aufdb question 1", "model", "ember", model.identity]
    var bytes: [UInt8] = []
    let body = ModelQuestions.generation(model, turns).body
    for part in parts.map({ Array($0.utf8) }) + [body] {
      bytes += withUnsafeBytes(of: UInt64(part.count).littleEndian, Array.init) + part
    }
    bytes += [UInt8](repeating: 0, count: 8)
    #expect(id(model).bytes == ReferenceSHA256.digest(bytes))
  }

  @Test("an id is written as 64 digits and read from them")
  func idDigits() throws {
    let id = ModelQuestions.generation(madeModel(), turns).questions[0]
    #expect(id.description.count == 64)
    #expect(QuestionID(hex: id.description) == id && QuestionID(hex: id.description.uppercased()) == id)
    #expect(QuestionID(bytes: id.bytes) == id)
    for text in [
      "", "0", id.description + "0", String(id.description.dropLast()) + "g", String(repeating: "é", count: 32),
    ] {
      #expect(QuestionID(hex: text) == nil)
    }
    #expect(QuestionID(bytes: [1, 2]) == nil)
  }
}

// Questions as requests of OpenAI's protocol. Their bodies are exactly what goes over the wire, and the same bytes for
// the same question everywhere, because ids are made of them (QuestionID.swift).
//
//   generation   {"model", "messages", parameters as the definition has them}
//   judges       {"model", "messages", the parameters that don't sample, "max_tokens": 1, "temperature": 0,
//                "logprobs": true, "top_logprobs": 20}
//   embeddings   {"model", "input": [texts], the parameters that don't sample, "encoding_format": "base64"}
//
// Five parameters of a definition mean more than what the server makes of them:
//   seed                    the sample's number is added, or all samples of a prompt would be the same
//   max_completion_tokens   a judge's own bound goes by this name then: some models take it and refuse max_tokens
//   encoding_format         "float" for servers that don't know base64, which the clients of OpenAI ask for by default;
//                           whatever is asked for, an answer of either form is read
//   dimensions              sent where it is a parameter; what comes back has the encoder's dimensions in any case
//   top_logprobs            a judge asks for so many in place of 20, which some servers refuse; nobody else sends it
//
// A judge's answer is the first token alone: it is read off the probabilities of what might stand there, not off what
// was drawn, so that one token and temperature 0 are all it takes.

/// Makes requests.
public enum ModelQuestions {
  /// The parameters that are aufdb's own: a definition can't have them.
  public static let ownKeys = [
    "model", "messages", "input", "prompt", "n", "stream", "stream_options", "logprobs",
  ]

  /// The parameters of a definition that only generation sends as they are: they choose among tokens, or end a text.
  static let samplingKeys: Set<String> = [
    "best_of", "frequency_penalty", "ignore_eos", "length_penalty", "max_completion_tokens", "max_tokens", "min_p",
    "min_tokens", "presence_penalty", "repetition_penalty", "seed", "stop", "stop_token_ids", "temperature", "top_k",
    "top_logprobs", "top_p", "typical_p",
  ]

  /// How many tokens an answer is taken to have where nothing bounds it.
  static let guessedTokens = 500

  /// Asks a model for a response.
  ///
  /// - Parameters:
  ///   - systemPrompt: a principle's text; it comes before the prompt's own (Conversation.swift).
  ///   - sample: which response to this prompt, counted from 0.
  public static func generation(
    _ model: ModelDefinition, _ prompt: Conversation, systemPrompt: String? = nil, sample: Int = 0
  ) -> ModelRequest {
    let conversation = prompt.prefaced(by: systemPrompt)
    var body = RequestBody(model)
    body.write(conversation)
    for parameter in model.parameters {
      if parameter.name == "top_logprobs" { continue }
      if parameter.name == "seed", let seed = Int64(parameter.json) {
        body.write("seed", seed &+ Int64(sample))
      } else {
        body.write(parameter)
      }
    }
    let bytes = body.finish()
    let id = QuestionID(
      kind: .model, name: model.name, identity: model.identity, body: bytes, sample: sample)
    return ModelRequest(
      questions: [id], expectation: .chat, body: bytes, inputTokens: conversation.tokenEstimate,
      outputTokens: model.tokenBound ?? guessedTokens)
  }

  /// Asks a judge to rate one aspect of a response.
  ///
  /// - Precondition: the judge's rubric is pointwise, and the aspect one of it.
  public static func pointwise(
    _ judge: JudgeDefinition, _ aspect: Rubric.Aspect, prompt: Conversation, response: String
  ) -> ModelRequest {
    precondition(judge.mode == .pointwise, "a pairwise judge rates nothing")
    let question = judge.rubric.question.filled(
      [.prompt: prompt.transcript, .response: response, .aspect: aspect.text])
    return judgement(judge, question)
  }

  /// Asks a judge which of two responses is better.
  ///
  /// - Precondition: the judge's rubric is pairwise.
  public static func pairwise(
    _ judge: JudgeDefinition, prompt: Conversation, first: String, second: String
  ) -> ModelRequest {
    precondition(judge.mode == .pairwise, "a pointwise judge compares nothing")
    let question = judge.rubric.question.filled([.prompt: prompt.transcript, .first: first, .second: second])
    return judgement(judge, question)
  }

  private static func judgement(_ judge: JudgeDefinition, _ question: String) -> ModelRequest {
    let conversation = Conversation(text: question).prefaced(by: judge.rubric.system)
    let model = judge.endpoint
    var body = RequestBody(model)
    body.write(conversation)
    for parameter in model.parameters where !samplingKeys.contains(parameter.name) { body.write(parameter) }
    let isBoundNew = model.parameters.contains { $0.name == "max_completion_tokens" }
    body.write(isBoundNew ? "max_completion_tokens" : "max_tokens", 1)
    body.write("temperature", 0)
    body.write(ModelParameter("logprobs", json: "true"))
    let asked = model.parameters.first { $0.name == "top_logprobs" }
    body.write(asked ?? ModelParameter("top_logprobs", json: "20"))
    let bytes = body.finish()
    let id = QuestionID(kind: .judge, name: judge.name, identity: judge.identity, body: bytes)
    return ModelRequest(
      questions: [id], expectation: .chat, body: bytes, inputTokens: conversation.tokenEstimate, outputTokens: 1)
  }
}

extension ModelQuestions {
  /// Asks an encoder for the vectors of some texts, in one request. The id of each is that of a request for it alone,
  /// so that it doesn't depend on the others.
  ///
  /// - Parameter texts: one or more; servers refuse empty ones.
  public static func embeddings(_ encoder: EncoderDefinition, _ texts: [String]) -> ModelRequest {
    embeddings(encoder, texts.map { (embeddingID(encoder, $0), $0) })
  }

  /// The same, of texts whose ids are known.
  static func embeddings(_ encoder: EncoderDefinition, _ texts: [(id: QuestionID, text: String)]) -> ModelRequest {
    ModelRequest(
      questions: texts.map(\.id),
      expectation: .vectors(EmbeddingShape(dimension: encoder.dimensions, element: encoder.element)),
      body: embeddingBody(encoder.endpoint, texts.map(\.text)),
      inputTokens: texts.reduce(0) { $0 + $1.text.tokenEstimate }, outputTokens: 0)
  }

  /// The id of the question for a text's vector.
  static func embeddingID(_ encoder: EncoderDefinition, _ text: String) -> QuestionID {
    QuestionID(
      kind: .encoder, name: encoder.name, identity: encoder.identity, body: embeddingBody(encoder.endpoint, [text]))
  }

  private static func embeddingBody(_ model: ModelDefinition, _ texts: [String]) -> [UInt8] {
    var body = RequestBody(model)
    body.write(input: texts)
    for parameter in model.parameters where !samplingKeys.contains(parameter.name) { body.write(parameter) }
    if !model.parameters.contains(where: { $0.name == "encoding_format" }) {
      body.write(ModelParameter("encoding_format", json: "\"base64\""))
    }
    return body.finish()
  }

  /// Reads what a server answered with status 200.
  ///
  /// - Returns: an answer for each question, in their order.
  /// - Throws: for whatever isn't what was asked for: no JSON, another shape, other counts or dimensions, NaN.
  public static func answers(
    of request: ModelRequest, body: [UInt8]
  ) throws(ProtocolFault) -> [KeptAnswer] {
    switch request.expectation {
    case .chat: [.chat(try ChatAnswer(body: body))]
    case .vectors(let shape): try EmbeddingsAnswer(body: body, count: request.questions.count, shape).kept
    }
  }
}

// Lines of a batch's results:
//
//   {"custom_id": "...", "response": {"status_code": 200, "body": {...}}, "error": null}
//   {"custom_id": "...", "response": {"status_code": 400, "body": {"error": {...}}}, "error": null}      OpenAI
//   {"custom_id": "...", "response": {"status_code": 400}, "error": {"message": ...}}                    vLLM
//   {"custom_id": "...", "response": null, "error": {"code": "batch_expired", "message": ...}}           never asked
//
// Lines stand in any order, some may be missing, and the results of a batch that was sent twice may be put one behind
// the other. What a line is worth:
//   answered    status 200: the body is read as one that came over the wire
//   failed      400, 413 or 422: this very question is wrong, and asking again would be no use; it is kept as a failure
//   unanswered  anything else, such as an expired batch or a server that was overloaded: it can be asked again

/// One line: what became of a question.
public struct BatchResult: Sendable, Equatable {
  /// What became of it.
  public enum Outcome: Sendable, Equatable {
    case answered(body: [UInt8])
    case failed(ModelFailure)
    /// With the server's words.
    case unanswered(String)
  }

  public let question: QuestionID
  public let outcome: Outcome

  /// Parses a line.
  ///
  /// - Throws: `JSONError`, or `.badData` without a place: no custom_id, or one that isn't aufdb's; neither a response
  ///   nor an error.
  package init(line: UnsafeRawBufferPointer, _ reader: inout JSONReader) throws {
    var id: QuestionID?
    var response = Response()
    var error: String?
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "custom_id":
        let text = try Field.text(&reader, "custom_id")
        id = QuestionID(hex: String(decoding: text, as: UTF8.self))
        guard id != nil else {
          throw AufdbError(
            .badData, "custom_id is \"\(Field.excerpt(text))\", and those of aufdb have 64 hexadecimal digits",
            hint: "results belong to the file that `aufdb batch write` made")
        }
      case "response": if try !reader.nullIfPresent() { try response.read(&reader) }
      case "error": if try !reader.nullIfPresent() { error = ServerMessage(body: try reader.skipValue()).message }
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let id else { throw Field.missing("custom_id") }
    question = id
    outcome = try response.outcome(error)
  }

  /// The answer to keep; nil where the question can be asked again.
  ///
  /// - Parameter expectation: what its request expects.
  /// - Throws: where the body isn't that.
  public func kept(expecting expectation: ModelRequest.Expectation) throws(ProtocolFault) -> KeptAnswer? {
    switch outcome {
    case .unanswered: return nil
    case .failed(let failure): return .failure(failure)
    case .answered(let body):
      let request = ModelRequest(
        questions: [question], expectation: expectation, body: [], inputTokens: 0, outputTokens: 0)
      return try ModelQuestions.answers(of: request, body: body).first
    }
  }
}

/// The field `response`.
private struct Response {
  private var status: Int64?
  private var body: [UInt8]?

  mutating func read(_ reader: inout JSONReader) throws {
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "status_code": status = try reader.nullIfPresent() ? nil : Field.wholeNumber(&reader, "status_code")
      case "body": body = try reader.nullIfPresent() ? nil : Array(try reader.skipValue())
      default: _ = try reader.skipValue()
      }
    }
  }

  func outcome(_ error: String?) throws(AufdbError) -> BatchResult.Outcome {
    guard let status else {
      guard let error else { throw AufdbError(.badData, "neither a response with a status_code nor an error") }
      return .unanswered(error)
    }
    if status == 200, error == nil, let body { return .answered(body: body) }
    let said = error ?? body.map { $0.withUnsafeBytes { ServerMessage(body: $0).message } } ?? ""
    let message = said.isEmpty ? "status \(status)" : said
    return [400, 413, 422].contains(status) ? .failed(ModelFailure(message)) : .unanswered(message)
  }
}

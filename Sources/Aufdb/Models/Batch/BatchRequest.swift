// Questions as lines of a batch file, which servers answer in their own time and for less (OpenAI's Batch API, `vllm
// run-batch`):
//
//   {"custom_id": "...", "method": "POST", "url": "/v1/chat/completions", "body": {...}}
//
// The custom_id is the question's id, 64 hexadecimal digits, by which its answer finds it. The body is the one that would
// go over the wire. A line asks one question: a batch of texts is a line for each, so that each is answered, and fails,
// by itself.

extension ModelRequest {
  /// Writes the line of a request, with its end.
  ///
  /// - Precondition: it asks one question.
  package func writeBatchLine(to writer: inout JSONWriter) {
    precondition(questions.count == 1, "a line of a batch asks one question")
    writer.beginObject()
    writer.key("custom_id")
    writer.string(questions[0].description)
    writer.key("method")
    writer.string("POST")
    writer.key("url")
    writer.string("/v1/\(path)")
    writer.key("body")
    body.withUnsafeBytes { writer.raw($0) }
    writer.endObject()
    writer.newline()
  }
}

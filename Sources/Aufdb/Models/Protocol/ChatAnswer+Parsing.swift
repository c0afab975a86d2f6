// Reading a chat's answer:
//
//   {"choices": [{"index": 0, "message": {"content": "4"}, "finish_reason": "stop",
//                 "logprobs": {"content": [{"token": "4", "logprob": -0.1, "bytes": [52],
//                                           "top_logprobs": [{"token", "logprob", "bytes"}, ...]}, ...]}}],
//    "usage": {"prompt_tokens": 12, "completion_tokens": 1}}
//
// Whatever else there is is passed over. The message's content may be null (a refusal, or a model that only thought),
// or a list of parts, whose texts are put together. Of the tokens only the first counts. An object `error` is an error
// whatever the status was. Counts of tokens that make no sense are as good as none: an answer that was paid for isn't
// lost because of its bill.

extension ChatAnswer {
  /// Reads the body of an answer with status 200.
  ///
  /// - Throws: for what is no answer to a question with one choice; with what the server said.
  /// - Complexity: O(length).
  public init(body: [UInt8]) throws(ProtocolFault) {
    self = try body.lend { bytes throws(ProtocolFault) in
      var parser = ChatParser()
      do throws(JSONError) {
        try parser.read(bytes)
      } catch {
        throw ProtocolFault(error, body: bytes)
      }
      do throws(ModelFailure) {
        return try parser.checked()
      } catch {
        throw ProtocolFault(error.message, body: bytes)
      }
    }
  }
}

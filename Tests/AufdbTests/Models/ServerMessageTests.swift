// A server's words about what is wrong, in the forms that servers have.

import Testing

@testable import Aufdb

@Suite("Server messages") struct ServerMessageTests {
  private func message(_ body: String) -> ServerMessage {
    Array(body.utf8).withUnsafeBytes { ServerMessage(body: $0) }
  }

  @Test(
    "the message is found in each form",
    arguments: [
      (
        #"{"error":{"message":"no such model","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
        "no such model"
      ),
      (#"{"error":"model 'x' not found"}"#, "model 'x' not found"),
      (#"{"object":"error","message":"bad","type":"BadRequestError","param":null,"code":400}"#, "bad"),
      (#"{"detail":"Not Found"}"#, "Not Found"),
      (#"{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]}"#, "Field required"),
      (#"[{"error":{"code":400,"message":"bad key","status":"INVALID_ARGUMENT"}}]"#, "bad key"),
      (#"{"message":"first","error":{"message":"second"}}"#, "first"),
      (#""only words""#, "only words"),
      ("<html>502</html>", "<html>502</html>"),
      ("", ""),
      ("{}", "{}"),
      (#"{"error":{"code":17}}"#, #"{"error":{"code":17}}"#),
      (#"{"error":{"message":"cut"#, #"{"error":{"message":"cut"#),
      (
        #"{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":"deep"}}}}}}}}}"#,
        #"{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":"deep"}}}}}}}}}"#
      ),
    ])
  func forms(_ body: String, _ words: String) {
    #expect(message(body).message == words)
  }

  @Test(
    "a context that is too long is told from other faults",
    arguments: [
      (#"{"error":{"message":"too much","code":"context_length_exceeded"}}"#, true),
      (#"{"error":{"code":400,"message":"too much","type":"exceed_context_size_error","n_ctx":512}}"#, true),
      (
        #"{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 5000"}}"#,
        true
      ),
      (#"{"message":"The decoder prompt (length 700) is longer than the maximum model length of 512."}"#, true),
      (#"{"error":"the input length exceeds the context length"}"#, true),
      (#"{"error":{"code":500,"message":"input is too large to process. increase the physical batch size"}}"#, true),
      (#"{"error":{"message":"`inputs` must have less than 512 tokens. Given: 600","type":"Validation"}}"#, true),
      (#"{"error":{"message":"Prompt is too long: 9 > 8"}}"#, true),
      (#"{"error":{"message":"temperature must be positive","code":"invalid_value"}}"#, false),
      (#"{"error":{"message":"no such model","type":"context"}}"#, false),
      ("", false),
    ])
  func context(_ body: String, _ isTooLong: Bool) {
    #expect(message(body).isContextTooLong == isTooLong)
  }

  @Test("a long message is cut, whatever its form")
  func bound() {
    let long = String(repeating: "é", count: 5_000)
    for body in [long, #"{"error":{"message":"\#(long)"}}"#] {
      let message = message(body).message
      #expect(message.utf8.count <= ServerMessage.messageLimit + 3 && message.hasSuffix("é..."))
    }
    #expect(message(#"{"error":{"message":"x","code":"\#(long)"}}"#).codes.allSatisfy { $0.utf8.count < 110 })
    #expect(message(#"{"error":{"message":"x","type":"a","code":"b"}}"#).codes == ["a", "b"])
  }
}

// Answers with embeddings: floats and base64, any order, and every body that isn't one.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Embeddings answers") struct EmbeddingsAnswerTests {
  private func answers(
    _ body: String, count: Int = 2, dimensions: Int = 2, element: EmbeddingElement = .float32
  ) throws(ProtocolFault) -> [KeptAnswer] {
    let texts = (0..<count).map { "\($0)" }
    let request = ModelQuestions.embeddings(madeEncoder(dimensions: dimensions, element: element), texts)
    return try ModelQuestions.answers(of: request, body: Array(body.utf8))
  }

  private func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
  }

  private func base64(_ values: [Float]) -> String { Data(bytes(values)).base64EncodedString() }

  @Test("vectors come in the order of their indices, and share the tokens")
  func order() throws {
    let body = """
      {"object":"list","data":[{"object":"embedding","index":1,"embedding":[3,4.5]},
      {"object":"embedding","embedding":[-1e-3,2],"index":0}],"model":"m","usage":{"prompt_tokens":5,"total_tokens":5}}
      """
    let expected = [KeptAnswer.vector(bytes([-1e-3, 2]), tokens: 3), .vector(bytes([3, 4.5]), tokens: 2)]
    #expect(try answers(body) == expected)
    let unnumbered = #"{"data":[{"embedding":[1,2]},{"embedding":[3,4],"index":null}]}"#
    #expect(try answers(unnumbered) == [.vector(bytes([1, 2]), tokens: 0), .vector(bytes([3, 4]), tokens: 0)])
  }

  @Test("base64 and floats are the same vectors, in either element", arguments: 0..<40 as Range<UInt64>)
  func forms(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...5, using: &draw)
    let vectors = (0..<count).map { _ in (0..<7).map { _ in Float.random(in: -3...3, using: &draw) } }
    let numbers = vectors.map { "[" + $0.map { "\(Double($0))" }.joined(separator: ",") + "]" }
    let texts = vectors.map { "\"\(base64($0))\"" }
    let order = Array(0..<count).shuffled(using: &draw)
    for element in EmbeddingElement.allCases {
      let expected = vectors.map { vector in
        element == .float32
          ? bytes(vector)
          : vector.flatMap { withUnsafeBytes(of: Float16($0).bitPattern.littleEndian, Array.init) }
      }
      for form in [numbers, texts] {
        let data = order.map { #"{"index":\#($0),"embedding":\#(form[$0])}"# }.joined(separator: ",")
        let kept = try answers(#"{"data":[\#(data)]}"#, count: count, dimensions: 7, element: element)
        #expect(kept == expected.map { .vector($0, tokens: 0) }, "seed \(seed)")
      }
    }
  }

  @Test("denormals, zeros of either sign and the largest of float16 are kept")
  func extremes() throws {
    let values: [Float] = [0, -0.0, 5.9604645e-08, 65504]
    let kept = try answers(
      #"{"data":[{"index":0,"embedding":"\#(base64(values))"}]}"#, count: 1, dimensions: 4, element: .float16)
    #expect(kept == [.vector([0, 0, 0, 0x80, 1, 0, 0xFF, 0x7B], tokens: 0)])
  }

  @Test(
    "a body that isn't what was asked for is a fault",
    arguments: [
      ("", "the answer can't be read: the text ends before its value does (byte 0)"),
      ("{}", "the answer has no data"),
      (#"{"data":null}"#, "the answer can't be read: expected an array, found null (byte 8)"),
      (#"{"data":[]}"#, "0 vectors for 2 texts"),
      (#"{"data":[{"index":0,"embedding":[1,2]}]}"#, "1 vectors for 2 texts"),
      (#"{"data":[{"embedding":[1,2]},{"embedding":[1,2]},{"embedding":[1,2]}]}"#, "3 vectors for 2 texts"),
      (#"{"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]}"#, "the index 0 stands twice"),
      (#"{"data":[{"index":0,"embedding":[1,2]},{"index":2,"embedding":[1,2]}]}"#, "a vector has the index 2 of 2"),
      (#"{"data":[{"index":0,"embedding":[1,2]},{"index":-1,"embedding":[1,2]}]}"#, "a vector has the index -1 of 2"),
      (#"{"data":[{"index":0,"embedding":[1,2]},{"embedding":[1,2]}]}"#, "vector 1 has no index"),
      (#"{"data":[{"index":0,"embedding":[1,2]},{"index":1}]}"#, "vector 1 is missing"),
      (#"{"data":[{"index":0,"embedding":null},{"index":1,"embedding":[1,2]}]}"#, "vector 0 is missing"),
      (
        #"{"data":[{"index":0,"embedding":[1,2,3]},{"index":1,"embedding":[1,2]}]}"#,
        "vector 0 has 3 elements, and the encoder is defined with 2"
      ),
      (
        #"{"data":[{"embedding":[1,2]},{"embedding":[]}]}"#,
        "vector 1 has 0 elements, and the encoder is defined with 2"
      ),
      (
        #"{"data":[{"index":0,"embedding":[NaN,2]}]}"#,
        "the answer can't be read: NaN or Infinity, which JSON does not have (byte 33)"
      ),
      (
        #"{"data":[{"index":0,"embedding":[null,2]}]}"#,
        "the answer can't be read: expected a number, found null (byte 33)"
      ),
      (
        #"{"data":[{"index":0,"embedding":[[1],2]}]}"#,
        "the answer can't be read: expected a number, found an array (byte 33)"
      ),
      (#"{"data":[{"embedding":[1,1e39]},{"embedding":[1,2]}]}"#, "element 1 of vector 0 is inf"),
      (
        #"{"data":[{"embedding":[1,2]},{"embedding":"AAAAAA=="}]}"#,
        "vector 1 has 1 elements, and the encoder is defined with 2"
      ),
      (#"{"data":[{"embedding":[1,2]},{"embedding":"AAAA"}]}"#, "vector 1 is no base64 of float32"),
      (#"{"data":[{"embedding":[1,2]},{"embedding":"AA!A"}]}"#, "vector 1 is no base64 of float32"),
      (#"{"data":[{"embedding":"AADAfwAAgD8="},{"embedding":[1,2]}]}"#, "element 0 of vector 0 is NaN"),
      (#"{"data":[{"embedding":"AACAPwAAgP8="},{"embedding":[1,2]}]}"#, "element 1 of vector 0 is -inf"),
      (#"{"error":{"message":"input too long"}}"#, "an error in place of an answer: input too long"),
      (#"{"data":[[1,2],[3,4]]}"#, "the answer can't be read: expected an object, found an array (byte 9)"),
    ])
  func malformed(_ body: String, _ message: String) {
    let fault = fault { () throws(ProtocolFault) in _ = try answers(body) }
    #expect(fault?.message == message)
    #expect(fault?.excerpt == body)
  }

  @Test("what float16 can't hold is a fault of an encoder of float16 only")
  func range() throws {
    let body = #"{"data":[{"index":0,"embedding":[1,70000]}]}"#
    #expect(try answers(body, count: 1).count == 1)
    let fault = fault { () throws(ProtocolFault) in _ = try answers(body, count: 1, element: .float16) }
    #expect(fault?.message == "element 1 of vector 0 is 70000.0, and float16 ends at 65504")
  }

  @Test("a body cut anywhere is a fault")
  func cut() throws {
    let body = #"{"data":[{"index":1,"embedding":[3,4.5]},{"index":0,"embedding":"AACAPwAAgD8="}]}"#
    for count in 0..<body.count {
      #expect(throws: ProtocolFault.self, "\(count) bytes") { try answers(String(body.prefix(count))) }
    }
    #expect(try answers(body).count == 2)
  }
}

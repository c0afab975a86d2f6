// Kept answers: bytes and back, and bytes that are none.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Kept answers") struct KeptAnswerTests {
  private func again(_ answer: KeptAnswer) throws -> KeptAnswer { try KeptAnswer(encoded: answer.encoded()) }

  private func answer(_ draw: inout SeededGenerator) -> KeptAnswer {
    let length = [0, 9, 300, 5_000][Int.random(in: 0..<4, using: &draw)]
    func count(_ draw: inout SeededGenerator) -> Int? {
      Bool.random(using: &draw) ? Int.random(in: 0...9_999, using: &draw) : nil
    }
    switch Int.random(in: 0..<4, using: &draw) {
    case 0:
      return .vector((0..<length).map { _ in UInt8.random(in: 0...255, using: &draw) }, tokens: count(&draw) ?? 0)
    case 1:
      return .failure(
        ModelFailure(draw.string(length: length), text: Bool.random(using: &draw) ? draw.string(length: length) : nil))
    default:
      return .chat(
        ChatAnswer(
          text: draw.string(length: length), finishReason: Bool.random(using: &draw) ? "stop" : nil,
          promptTokens: count(&draw), completionTokens: count(&draw),
          firstToken: Bool.random(using: &draw) ? draw.tokens(["1", "A"]) : nil))
    }
  }

  @Test("an answer comes back as it was, and equal answers are equal bytes", arguments: 0..<100 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let answer = answer(&draw)
    #expect(try again(answer) == answer, "seed \(seed)")
    #expect(answer.encoded() == answer.encoded(), "seed \(seed)")
  }

  @Test("short ones can be read by people, long ones are compressed")
  func forms() throws {
    let short = ChatAnswer(
      text: "4", finishReason: "stop", promptTokens: 12, completionTokens: 1, firstToken: [.init("4", -0.5)])
    #expect(
      String(decoding: KeptAnswer.chat(short).encoded(), as: UTF8.self)
        == #"{"text":"4","finish_reason":"stop","prompt_tokens":12,"completion_tokens":1,"first_token":[["4",-0.5]]}"#)
    #expect(
      String(decoding: KeptAnswer.failure(ModelFailure("too long", text: "x")).encoded(), as: UTF8.self)
        == #"{"failure":"too long","text":"x"}"#)
    #expect(KeptAnswer.vector([7, 8], tokens: 258).encoded() == [1, 2, 1, 0, 0, 0, 0, 0, 0, 7, 8])
    let long = KeptAnswer.chat(ChatAnswer(text: String(repeating: "word ", count: 1_000))).encoded()
    #expect(long.count < 200 && long.starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
    let judged = KeptAnswer.chat(.of((0..<20).map { TokenLogprob("token\($0)", -1.0123456789012345 - Double($0)) }))
    #expect(judged.encoded().first == UInt8(ascii: "{"), "a judge's answers can be read by people")
  }

  @Test("what was asked for comes out, or the failure")
  func kinds() throws {
    let (chat, vector) = (KeptAnswer.chat(ChatAnswer(text: "x")), KeptAnswer.vector([1], tokens: 0))
    let failed = KeptAnswer.failure(ModelFailure("no"))
    #expect(try chat.chat().text == "x" && vector.vector() == [1])
    #expect(failure { () throws(ModelFailure) in _ = try failed.chat() } == ModelFailure("no"))
    #expect(failure { () throws(ModelFailure) in _ = try failed.vector() } == ModelFailure("no"))
    #expect(failure { () throws(ModelFailure) in _ = try chat.vector() } != nil)
    #expect(failure { () throws(ModelFailure) in _ = try vector.chat() } != nil)
  }

  @Test("bytes that are no answer are a damaged store")
  func damage() throws {
    let long = KeptAnswer.chat(ChatAnswer(text: String(repeating: "word ", count: 1_000))).encoded()
    let bad: [[UInt8]] = [
      [], [0], [1], [1, 2, 3], Array("{}".utf8), Array("{\"text\":4}".utf8), Array("{\"text\":\"a\"".utf8),
      Array("[]".utf8), Array("{\"text\":\"a\",\"first_token\":[[\"a\"]]}".utf8),
      Array("{\"text\":\"a\",\"first_token\":[[\"a\",1,[2],3]]}".utf8),
      Array("{\"text\":\"a\",\"first_token\":[[]]}".utf8), Array(long.dropLast()), Array(long.prefix(9)), long + [0],
      // A frame that claims to hold 2^62 bytes.
      [0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0, 0],
    ]
    for bytes in bad {
      let error = refusal { () throws(AufdbError) in _ = try KeptAnswer(encoded: bytes) }
      #expect(error?.kind == .badData, "\(bytes.prefix(40))")
      #expect(error?.message.hasPrefix("the store is damaged: a kept answer can't be read: ") == true)
    }
  }
}

// Whatever bytes come: a fault or an answer that makes sense, and never a crash.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Damaged bodies") struct DamagedBodiesTests {
  /// The text with a few bytes changed, taken out, doubled, or exchanged for a piece of itself.
  private func damaged(_ text: String, _ draw: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &draw) {
      let place = Int.random(in: 0..<bytes.count, using: &draw)
      let end = min(bytes.count, place + Int.random(in: 1...12, using: &draw))
      switch Int.random(in: 0..<4, using: &draw) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &draw)
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default: bytes[place] = Array("{}[]\",:0-9e.n\\".utf8)[Int.random(in: 0..<14, using: &draw)]
      }
      if bytes.isEmpty { return bytes }
    }
    return bytes
  }

  @Test("a chat's answer", arguments: 0..<10 as Range<UInt64>)
  func chats(seed: UInt64) {
    var draw = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let body = damaged(FuzzTarget.chat, &draw)
      guard let answer = try? ChatAnswer(body: body) else { continue }
      let kept = KeptAnswer.chat(answer)
      #expect((try? KeptAnswer(encoded: kept.encoded())) == kept, "seed \(seed)")
      guard let rating = try? Rating(answer, leastMass: 0) else { continue }
      #expect((1...5).contains(rating.expectation) && rating.mass > 0 && rating.mass <= 1, "seed \(seed)")
    }
  }

  @Test("an answer with embeddings", arguments: 0..<10 as Range<UInt64>)
  func embeddings(seed: UInt64) {
    var draw = SeededGenerator(seed: seed)
    let request = ModelQuestions.embeddings(madeEncoder(dimensions: 2), ["a", "b"])
    for _ in 0..<200 {
      guard let kept = try? ModelQuestions.answers(of: request, body: damaged(FuzzTarget.vectors, &draw)) else {
        continue
      }
      #expect(kept.count == 2, "seed \(seed)")
      for answer in kept {
        guard case .vector(let vector, let tokens) = answer else {
          Issue.record("no vector, seed \(seed)")
          continue
        }
        #expect(vector.count == 8 && tokens >= 0, "seed \(seed)")
      }
    }
  }

  @Test("a server's message, and a line of a batch", arguments: 0..<10 as Range<UInt64>)
  func messages(seed: UInt64) {
    var draw = SeededGenerator(seed: seed)
    let id = ModelQuestions.generation(madeModel(), Conversation(text: "Hi")).questions[0]
    let line = #"{"custom_id":"\#(id)","response":{"status_code":400,"body":\#(FuzzTarget.message)},"error":null}"#
    var reader = JSONReader()
    for _ in 0..<200 {
      let message = damaged(FuzzTarget.message, &draw).withUnsafeBytes { ServerMessage(body: $0) }
      #expect(message.message.utf8.count <= 3 * ServerMessage.messageLimit, "seed \(seed)")
      let result = try? damaged(line, &draw).withUnsafeBytes { try BatchResult(line: $0, &reader) }
      #expect(result == nil || result?.question.bytes.count == 32, "seed \(seed)")
    }
  }

  @Test("a kept answer", arguments: 0..<10 as Range<UInt64>)
  func kept(seed: UInt64) {
    var draw = SeededGenerator(seed: seed)
    let long = KeptAnswer.chat(ChatAnswer(text: (0..<600).map { "word \($0)" }.joined())).encoded()
    for _ in 0..<100 {
      var bytes = long
      bytes[Int.random(in: 0..<bytes.count, using: &draw)] ^= 1 << UInt8.random(in: 0..<8, using: &draw)
      // What is damaged in a frame needn't show; it is read, or it isn't.
      _ = try? KeptAnswer(encoded: bytes)
    }
  }

  @Test("a request's body is JSON that says what was asked, whatever the texts", arguments: 0..<50 as Range<UInt64>)
  func requests(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let messages = (0..<3).map { _ in
      Conversation.Message(draw.string(length: 5), draw.string(length: 60))
    }
    let request = ModelQuestions.generation(madeModel(), Conversation(messages))
    let expected = messages.map { message in
      JSONValue.object([
        .init(key: "role", value: .string(message.role)), .init(key: "content", value: .string(message.content)),
      ])
    }
    #expect(
      try JSONValue.reading(request.body)
        == .object([
          .init(key: "model", value: .string("ember-3b")), .init(key: "messages", value: .array(expected)),
        ]), "seed \(seed)")
  }
}

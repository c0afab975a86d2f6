// Prompts as messages, and as the text that judges and encoders see.

import Testing

@testable import Aufdb

@Suite("Conversations") struct ConversationTests {
  private func conversation(_ prompt: String, isMessages: Bool = true) throws(AufdbError) -> Conversation {
    try Array(prompt.utf8).lend { bytes throws(AufdbError) in try Conversation(prompt: bytes, isMessages: isMessages) }
  }

  @Test("a text is a user's message, whatever it looks like; a list of messages stays one")
  func reading() throws {
    #expect(try conversation("[]", isMessages: false) == Conversation(text: "[]"))
    let messages = try conversation(
      #"[{"role":"system","content":"S"},{"content":"a\n"},{"role":"user"},{"role":"tool","content":""}]"#)
    #expect(messages == Conversation([.init("system", "S"), .init("user", "a\n"), .init("tool", "")]))
  }

  @Test(
    "lists of messages that are none are refused",
    arguments: ["", "{}", "[1]", #"[{"role":1}]"#, "[]", #"[{"role":"user"}]"#])
  func bad(_ prompt: String) {
    let error = refusal { () throws(AufdbError) in _ = try conversation(prompt) }
    #expect(error?.kind == .badData)
  }

  @Test("a principle comes first, and loses nothing of the prompt")
  func prefaces() {
    let plain = Conversation(text: "Hi")
    #expect(plain.prefaced(by: nil) == plain && plain.prefaced(by: "") == plain)
    #expect(plain.prefaced(by: "S").messages == [.init("system", "S"), .init("user", "Hi")])
    let own = Conversation([.init("system", "Own."), .init("user", "Hi")])
    #expect(own.prefaced(by: "S").messages == [.init("system", "S\n\nOwn."), .init("user", "Hi")])
    let empty = Conversation([.init("system", ""), .init("user", "Hi")])
    #expect(empty.prefaced(by: "S").messages == [.init("system", "S"), .init("user", "Hi")])
    let late = Conversation([.init("user", "Hi"), .init("system", "Late.")])
    #expect(late.prefaced(by: "S").messages.map(\.content) == ["S", "Hi", "Late."])
  }

  @Test("a judge sees one question as it is, and turns under their roles")
  func transcripts() {
    #expect(Conversation(text: "User:\nHi").transcript == "User:\nHi")
    let turns = Conversation([.init("user", "Hi"), .init("assistant", "Ho"), .init("user", "Why?")])
    #expect(turns.transcript == "User:\nHi\n\nAssistant:\nHo\n\nUser:\nWhy?")
    #expect(Conversation([.init("assistant", "Ho")]).transcript == "Assistant:\nHo")
    #expect(EncoderInput.response.text(of: "R", to: turns) == "R")
    #expect(EncoderInput.conversation.text(of: "R", to: Conversation(text: "Q")) == "Q\n\nR")
  }
}

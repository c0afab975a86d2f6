// What texts are one: case and white space set none apart, anything else does.

import AufdbTestSupport
import Testing

@testable import Aufdb

struct FoldedTextTests {
  private func folded(_ text: String) -> String {
    var folded = FoldedText()
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { folded.set($0) }
    return String(decoding: folded.bytes, as: UTF8.self)
  }

  private func folded(messages: String) throws -> String {
    var folded = FoldedText()
    let bytes = Array(messages.utf8)
    try bytes.withUnsafeBytes { try folded.set(prompt: $0, isMessages: true) }
    return String(decoding: folded.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("Why?", "why?"), ("  Why \t\r\n is\u{A0}\u{3000}it ", "why is it"), ("", ""), (" \n ", ""),
    ("ÄRGER Straße ΑΒΓ", "ärger straße αβγ"), ("日本 語", "日本 語"), ("I\u{307}\u{130}", "i\u{307}i\u{307}"),
    ("A\0B", "a\0b"), ("😀\u{200D}X", "😀\u{200D}x"),
  ])
  func textsAreFolded(_ text: String, _ expected: String) {
    // By scalars: canonically equivalent strings are equal in Swift, and not here.
    #expect(Array(folded(text).utf8) == Array(expected.utf8))
  }

  @Test func foldingTwiceChangesNothing() {
    for seed: UInt64 in 0..<200 {
      var draw = SeededGenerator(seed: seed)
      let scalars = (0..<Int.random(in: 0..<40, using: &draw)).map { _ in
        Unicode.Scalar(UInt32.random(in: 0..<0x2600, using: &draw)) ?? " "
      }
      let text = String(String.UnicodeScalarView(scalars))
      let once = folded(text)
      #expect(Array(folded(once).utf8) == Array(once.utf8), "seed \(seed)")
      #expect(Array(folded(" " + text + "\n").utf8) == Array(once.utf8), "seed \(seed)")
    }
  }

  @Test func aUserMessageAloneIsItsText() throws {
    #expect(try folded(messages: #"[{"role":"user","content":" Why  NOT?"}]"#) == "why not?")
    #expect(try folded(messages: #"[{"content":"Why","role":"user"}]"#) == "why")
  }

  @Test func otherConversationsAreNoTexts() throws {
    let system = try folded(messages: #"[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"}]"#)
    #expect(system == "\nsystem\nbe brief.\nuser\nwhy?")
    #expect(try folded(messages: #"[{"role":"assistant","content":"Why?"}]"#) == "\nassistant\nwhy?")
    #expect(folded("\nassistant\nwhy?") != "\nassistant\nwhy?")
  }

  @Test func whatIsNoListOfMessagesIsRefused() {
    for text in ["", "{}", "[1]", #"[{"role":1}]"#, "[{}", "[] []"] {
      #expect(throws: JSONError.self) { try folded(messages: text) }
    }
  }

  @Test func bytesThatAreNoTextStayAsTheyAre() {
    var folded = FoldedText()
    let bytes: [UInt8] = [0x41, 0xFF, 0x20, 0xC3]
    bytes.withUnsafeBytes { folded.set($0) }
    #expect(folded.bytes == [0x61, 0xFF, 0x20, 0xC3])
  }

  @Test func theHashIsThatOfSHA256() {
    var folded = FoldedText()
    Array(" ABC".utf8).withUnsafeBytes { folded.set($0) }
    // FIPS 180-4's example: SHA-256 of "abc" begins with ba7816bf 8f01cfea.
    #expect(folded.hash == 0xBA78_16BF_8F01_CFEA)
  }
}

// Prompts of evaluations are found in prompts of an export, and nothing else is.

import AufdbTestSupport
import Crypto
import Foundation
import Testing

@testable import Aufdb

@Suite("Decontamination")
struct DecontaminationTests {
  private static let words = (0..<40).map { "word\($0)" }
  private static let long = words[0..<20].joined(separator: " ")

  private func store(_ prompts: [(text: String, isMessages: Bool)]) throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      for (index, prompt) in ([("a harmless question", false)] + prompts).enumerated() {
        try change.addPrompt("p\(index)", prompt.0, format: prompt.1 ? "messages" : "text")
        try change.addResponse("p\(index)", "a", "yes")
        try change.addResponse("p\(index)", "b", "no")
        try change.addLabel("p\(index)", chosen: "a", rejected: "b")
      }
    }
    return store
  }

  /// The numbers of the prompts that stay.
  private func kept(_ store: TestStore, _ file: String, gramLength: Int = 13) throws -> [Int] {
    let folder = try store.export {
      $0.decontamination = [file]
      $0.gramLength = gramLength
      $0.force = true
    }.folder
    return try folder.rows().map { Int($0.split(separator: "\"")[3].dropFirst()) ?? -1 }
  }

  @Test("an n-gram in common, whatever the case and punctuation; one word less is none")
  func grams() throws {
    let words = Self.words
    let store = try store([
      ("So: " + words[5..<18].joined(separator: ", ").uppercased() + "?", false),
      ("So: " + words[5..<17].joined(separator: " ") + " and", false),
      (#"[{"role":"user","content":"Hi"},{"role":"user","content":"\#(Self.long)"}]"#, true),
      (#"[{"role":"system","content":"\#(Self.long)"},{"role":"user","content":"Hi"}]"#, true),
    ])
    let file = try store.folder.file("eval.txt", Array((Self.long + "\n").utf8))
    #expect(try kept(store, file) == [0, 2, 4])
    #expect(try kept(store, file, gramLength: 12) == [0, 4])
    #expect(try kept(store, file, gramLength: 14) == [0, 1, 2, 4])
    // Shorter than 21 words, the evaluation prompt must be the whole text.
    #expect(try kept(store, file, gramLength: 21) == [0, 1, 2, 4])
  }

  @Test("an evaluation prompt of fewer words is found word for word, and in nothing longer")
  func short() throws {
    let store = try store([("What is Java's speed?", false), ("What is Java's speed today?", false), ("is", false)])
    let file = try store.folder.file("eval.txt", Array("what IS \u{201C}javas\u{201D} speed\n???\n".utf8))
    #expect(try kept(store, file) == [0, 2, 3])
    #expect(try kept(store, file, gramLength: 4) == [0, 3])
    #expect(try kept(store, file, gramLength: 3) == [0, 3])
  }

  @Test(
    "all forms of a file say the same",
    arguments: [
      ("a.jsonl", #"{"id":1,"question":"TEXT"}"# + "\n\n" + #"{"prompt":null,"text":"x"}"#),
      ("b.json", #"[{"instruction":"TEXT"},"x"]"#),
      ("c.txt", "TEXT\nx"), ("d", "TEXT\r\nx\r\n"), ("e.txt", "{TEXT}\nx"),
      (
        "f.jsonl",
        #"{"text":"other","prompt":[{"role":"system","content":"s"},{"role":"user","content":"TEXT"}]}"# + "\n"
          + #"{"text":"x"}"#
      ),
      ("g.json", "\u{FEFF} [\n{\"prompt\": \"TEXT\"}, {\"text\": \"x\"}\n]\n"),
    ])
  func forms(name: String, text: String) throws {
    let store = try store([(Self.long, false)])
    let bytes = Array(text.replacing("TEXT", with: Self.long).utf8)
    let plain = try store.folder.file(name, bytes)
    for compression in [Compression.none, .gzip(), .zstd()] {
      var file = plain
      if compression != .none {
        file += compression.fileExtension
        let sink = try ByteSink(path: file, compression: compression)
        try bytes.withUnsafeBytes { try sink.write($0) }
        try sink.finish()
      }
      let report = try store.export {
        $0.decontamination = [file]
        $0.force = true
      }.report
      let data = try Data(contentsOf: URL(filePath: file))
      let hash = SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
      #expect(report.contaminations == [.init(file: file, sha256: hash, promptCount: 2, omittedCount: 1)])
      #expect(report.omitted[.contaminated] == 1)
    }
  }

  @Test("of several files, the first that a prompt touches counts it; the manifest names each")
  func severalFiles() throws {
    let store = try store([(Self.long, false), ("short one", false), ("another", false)])
    let files = try [
      store.folder.file("one.txt", Array("short one\nnothing\n".utf8)),
      store.folder.file("two.txt", Array("\(Self.long)\nShort one!\n".utf8)),
    ]
    let (folder, report) = try store.export { $0.decontamination = files }
    #expect(report.contaminations.map(\.omittedCount) == [1, 1])
    #expect(report.omitted[.contaminated] == 2)
    let text = try folder.text("manifest.json")
    let manifest = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let filter = try #require((manifest["filters"] as? [String: Any])?["decontaminate"] as? [String: Any])
    #expect(filter["ngram"] as? Int == 13)
    #expect(filter["omitted"] as? Int == 2)
    let named = try #require(filter["files"] as? [[String: Any]])
    #expect(named.map { $0["file"] as? String } == files)
    #expect(named.map { $0["prompts"] as? Int } == [2, 2])
    #expect(named.allSatisfy { ($0["sha256"] as? String)?.count == 64 })
    #expect(try folder.text("README.md").contains("no prompt with 13 words in a row of the 2 evaluation prompts in"))
  }

  @Test(
    "a bad file stops the export, with the place",
    arguments: [
      ("", "there is no evaluation prompt in it ({})"), ("\n \n", "there is no evaluation prompt in it ({})"),
      ("???\n!\n", "there is no evaluation prompt in it ({})"), ("[]", "there is no evaluation prompt in it ({})"),
      ("{\"prompt\":\"x\"}\n{\"promt\":\"x\"}", "there is no prompt, question, instruction, text in it ({}:2)"),
      ("{\"prompt\":\"x\"}\n\n{\"prompt\":3}", "prompt is a number, not a text or a list of messages ({}:3)"),
      ("{\"prompt\":\"x\"} x", "something follows the value ({}:1)"),
      ("[{\"prompt\":\"x\"}, 3]", "element 2: expected a string, found a number ({})"),
      ("[\"x\"", "element 1: the text ends before its value does ({})"),
      ("{\"prompt\":[1]}", "expected an object, found a number ({}:1)"),
    ])
  func badFile(text: String, message: String) throws {
    let store = try store([])
    let file = try store.folder.file("eval", Array(text.utf8))
    let error = #expect(throws: AufdbError.self) { try store.export { $0.decontamination = [file] } }
    #expect(error?.kind == .badData)
    #expect(error?.description == message.replacing("{}", with: file))
    #expect(try store.leftovers() == ["eval"])
  }

  @Test("what isn't there, or isn't a file, can't be opened", arguments: ["nothing", "", "-", "/dev/null"])
  func noFile(name: String) throws {
    let store = try store([])
    let path = name.hasPrefix("/") || name == "-" ? name : store.folder.path(name)
    let error = #expect(throws: AufdbError.self) { try store.export { $0.decontamination = [path] } }
    #expect(error?.kind == .cannotOpenInput)
  }
}

// A key goes to its server, and nowhere else.

import Aufdb
import Foundation
import Testing

@testable import AufdbModels

@Suite struct SecretTests {
  static let secret = "sk-Very/Secret-0123456789abcdef"

  private func key() throws -> ModelKey { try ModelKey(Self.secret, from: "a test") }

  private func show(_ value: Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    return "\(value) \(String(reflecting: value)) \(String(describing: value)) \(dumped)"
  }

  /// Whether a text has so much of the key that it could be guessed.
  private func reveals(_ text: String) -> Bool {
    let piece = 12
    return (0...(Self.secret.count - piece)).contains { start in
      text.contains(Self.secret.dropFirst(start).prefix(piece))
    }
  }

  @Test func theServerGetsIt() throws {
    let trial = try Trial("right")
    trial.key = try key()
    _ = try trial.ask(count: 1)
    #expect(try trial.book.headers["authorization"] == "Bearer \(Self.secret)")
    #expect(try trial.book.headers["user-agent"]?.hasPrefix("aufdb/") ?? false)
  }

  @Test func nothingIsSentWithoutAKey() throws {
    let trial = try Trial("right")
    _ = try trial.ask(count: 1)
    #expect(try trial.book.headers["authorization"] == nil)
  }

  @Test func nothingThatCanBePrintedShowsIt() throws {
    let key = try key()
    #expect("\(key)" == "[key]")
    let proxy = try ModelProxy("http://ada:\(Self.secret.replacing("/", with: "%2F"))@proxy.example:1", from: "a test")
    var options = AskOptions()
    options.proxy = proxy
    let asker = try ModelAsker(ModelAccess(baseURL: "https://model.example/v1"), key: key, options)
    for value in [key, proxy, options, asker, [key], ["a": key as ModelKey?]] as [Any] {
      let shown = show(value)
      #expect(!reveals(shown), "\(type(of: value)) shows its key")
    }
  }

  /// Servers that repeat the key: in a refusal of the run, of a row, in an answer that is none, where it is cut off.
  @Test(arguments: ["echo.401", "echo.400", "echo.404", "echo.500", "parrot", "redirect", "hangup", "cut"])
  func noErrorAndNoFailureShowsIt(_ fault: String) throws {
    let trial = try Trial(fault, attempts: 2)
    trial.key = try key()
    let report = try trial.ask(count: 2)
    let shown = [show(report), show(trial.kept), show(trial.progresses)]
    for text in shown { #expect(!reveals(text)) }
    if fault.hasPrefix("echo.4") || fault == "parrot" {
      #expect(shown.contains { $0.contains("[key]") }, "what stood there is said")
    }
  }

  @Test func aBadKeyIsRefusedUnseen() throws {
    for text in [
      "", "  \n", "two words\(Self.secret)", "a\u{7}\(Self.secret)", "schlüssel",
    ] {
      let error = try #require(throws: AufdbError.self) { try ModelKey(text, from: "the variable K") }
      #expect(error.message.contains("the variable K"))
      #expect(!reveals("\(error) \(error.hint ?? "")"))
    }
    for text in [" \n\(Self.secret)\r\n", "\(Self.secret)\r\nX-More: 1"] {
      #expect(try ModelKey(text, from: "a test").secret == Self.secret)
    }
  }

  @Test func aKeyIsReadFromWhereItsDefinitionSays() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-key-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("\(Self.secret)\n".utf8).write(to: folder.appending(path: "key"))
    let environment = ["OPENAI_API_KEY": Self.secret, "HOME": folder.path]
    #expect(try ModelKey(.environment("OPENAI_API_KEY")) { environment[$0] }.secret == Self.secret)
    #expect(try ModelKey(.file("~/key")) { environment[$0] }.secret == Self.secret)
    #expect(try ModelKey(.file(folder.path + "/key")) { _ in nil }.secret == Self.secret)
    let unset = try #require(throws: AufdbError.self) { try ModelKey(.environment("NOPE")) { environment[$0] } }
    #expect(unset.message == "the environment variable NOPE isn't set; the key is read from there")
    let missing = try #require(throws: AufdbError.self) { try ModelKey(.file("~/nope")) { environment[$0] } }
    #expect(missing.kind == .cannotOpenInput && missing.message == "the key's file '~/nope' can't be read")
  }

  @Test(arguments: [
    ("http://model.example/v1", true), ("http://10.0.0.1/v1", true), ("http://127.0.0.1.example/v1", true),
    ("http://localhost.example/v1", true), ("http://[2001:db8::1]:8000/v1", true), ("http://0.0.0.0/v1", true),
    ("http://[::ffff:10.0.0.1]/v1", true), ("http://localhost/v1", false), ("http://LOCALHOST:8000/v1/", false),
    ("http://127.0.0.1:8000", false), ("http://127.9.9.9/v1", false), ("http://[::1]:8000/v1", false),
    ("https://model.example/v1", false),
  ])
  func aKeyGoesUnencryptedToThisMachineOnly(_ url: String, _ isRefused: Bool) throws {
    let key = try key()
    var options = AskOptions()
    if isRefused {
      let error = try #require(throws: AufdbError.self) { try ModelAsker(ModelAccess(baseURL: url), key: key, options) }
      #expect(error.kind == .usage && error.message.contains("unencrypted"))
      #expect(!reveals("\(error) \(error.hint ?? "")"))
      _ = try ModelAsker(ModelAccess(baseURL: url), key: nil, options)
      options.isInsecureAllowed = true
    }
    _ = try ModelAsker(ModelAccess(baseURL: url), key: key, options)
  }
}

// Keys in plain sight: refused wherever one stands, and never shown.

import Testing

@testable import Aufdb

@Suite("Keys in files of definitions") struct PlainKeyTests {
  /// What must appear in no message.
  private static let secret = "hunter2-hunter2-hunter2"
  private static let key = "sk-proj-0123456789abcdefghij"

  private static func model(_ line: String) -> String { "models:\n  a:\n    url: http://h/v1\n    \(line)\n" }

  static let files: [String] =
    [
      "key: SECRET", "api_key: SECRET", "api-key: SECRET", "apiKey: SECRET", "token: SECRET", "Password: SECRET",
      "authorization: Bearer SECRET", "key: {value: SECRET}", "key: {env: SECRET}", "key: {env: $SECRET}",
      "key: [SECRET]", "key: {env: [SECRET]}", "key: {env: {a: SECRET}}", "key: {env: A, file: SECRET}", "key: {}",
      "parameters: {api_key: SECRET}", "parameters: {extra: [{token: SECRET}]}", "model: KEY",
      "parameters: {user: KEY}",
      "key: {file: KEY}", "key: {env: KEY}", "limits: {concurrency: KEY}", "KEY: 1", "secret: SECRET",
    ].map(model)
    + [
      "http://user:SECRET@h/v1", "http://SECRET@h/v1", "http://h/v1?key=SECRET", "http://h/v1?a=1&api_key=SECRET",
      "http://h/v1?sig=SECRET", "https://h?access-token=SECRET",
    ].map { "models:\n  a:\n    url: \"\($0)\"\n" } + [
      "token: SECRET\nmodels: {}", "encoders:\n  e:\n    url: http://h\n    dimensions: 3\n    key: SECRET",
      "judges:\n  j:\n    endpoint: a\n    rubric: preference\n    api_key: SECRET",
    ]

  @Test("each is refused with its line, and not shown", arguments: files)
  func refused(yaml: String) throws {
    let text = yaml.replacing("SECRET", with: Self.secret).replacing("KEY", with: Self.key)
    var found: AufdbError?
    do { _ = try DefinitionFile(yaml: text, path: "m.yaml") } catch { found = AufdbError.from(error) }
    let error = try #require(found)
    #expect(error.kind == .badData && error.place?.line != nil && error.hint != nil)
    for shown in [error.description, error.hint ?? "", "\(error)"] {
      #expect(!shown.contains("hunter") && !shown.contains("sk-proj"), "\(shown)")
    }
  }

  @Test(
    "words that only look like secrets are taken",
    arguments: [
      "parameters: {max_tokens: 5, key: left}", "parameters: {properties: {password: {type: string}}}",
      "model: sk-small",
      "parameters: {stop: [token, password]}", "key: {env: _KEY_2}", "key: {file: /run/secrets/key}", "key: null",
      "parameters: {tokenizer: hf_x}",
    ])
  func taken(line: String) throws {
    #expect(try DefinitionFile(yaml: Self.model(line), path: "m.yaml").count == 1)
  }
}

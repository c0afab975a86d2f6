// What people are told of functions is true: every example runs, and a wrong name gets a hint.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Function pages") struct FunctionPageTests {
  @Test("every example runs, and uses its function", arguments: FunctionPage.all.map(\.name))
  func examples(name: String) throws {
    let page = try #require(FunctionPage.all.first { $0.name == name })
    #expect(page.example.contains(name == "regexp" ? "REGEXP" : "\(name)("))
    #expect(page.signature.hasPrefix("\(name)("))
    #expect(page.summary.hasSuffix("."))
    let test = try TestStore()
    try test.commit { change in
      try change.addPrompt("p1", "question")
      for (model, number) in [("a", 1), ("b", 2)] {
        try change.addResponse("p1", model, "Sorry, \(model)")
        try change.addScore("p1", model, Double(number))
        try change.addEmbedding("e", "p1", model, 0, .float16, MatrixFiles.bytes([Float16(number), 1]))
      }
    }
    let rows = try test.reading().copies(page.example)
    #expect(!rows.isEmpty || name == "sigmoid")
  }

  @Test func namesAreDifferent() {
    let names = FunctionPage.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  private static let unknown = [
    ("cosin('f16', x'', x'')", "did you mean cosine(element, a, b)?"),
    ("neerest('p1')", "did you mean nearest(response, k, among)?"),
    ("exerpt('a', 1)", "did you mean excerpt(text, n)?"), ("uper('a')", "did you mean upper?"),
    ("tokens_estmate('a')", "did you mean tokens_estimate(text)?"),
    (
      "fourier('a')",
      "beside SQLite's own functions there are vector_json, cosine, dot, nearest, excerpt, tokens_estimate, regexp, "
        + "sigmoid, median, percentile"
    ),
  ]

  @Test("a function that doesn't exist gets the nearest name", arguments: unknown)
  func hints(sql: String, hint: String) throws {
    let test = try TestQueryStore()
    #expect(try test.error("SELECT \(sql)")?.hint?.hasPrefix(hint) == true)
  }

  @Test(
    "functions of other programs are named as they are called here", arguments: ForeignFunction.meanings.map(\.here))
  func foreignFunctions(here: String) throws {
    let test = try TestQueryStore()
    let known = try Set(test.store.functionNames())
    let names = try #require(ForeignFunction.meanings.first { $0.here == here }).names
    for name in names {
      // Of some, newer versions of SQLite have what older ones lack.
      #expect(!FunctionPage.all.contains { $0.name == name })
      guard !known.contains(name) else { continue }
      let error = try test.error("SELECT \"\(name.uppercased())\"(1) FROM prompts")
      #expect(error?.hint?.hasPrefix("write \(here)\n") == true, "\(error?.message ?? "no error")")
    }
    let call = here.split(separator: ":")[0].split(separator: ", with")[0]
    for word in call.split(separator: " ").flatMap({ $0.split(separator: "(").dropLast() }) where !word.isEmpty {
      #expect(known.contains(String(word.split(separator: ",").last ?? "")), "\(word)")
    }
  }

  @Test func noNameIsMeantTwice() {
    let names = ForeignFunction.meanings.flatMap(\.names)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0 == $0.lowercased() })
  }

  @Test func theTableIsNamedToo() throws {
    let test = try TestQueryStore()
    #expect(try test.error("SELECT * FROM nearst('p1', 2)")?.hint?.hasPrefix("did you mean nearest?") == true)
    #expect(
      try test.error("SELECT * FROM nearest('p1', 2)")?.message
        == "nearest: there is no embedding of 'p1'; a response is written 'PROMPT_ID MODEL', or 'PROMPT_ID MODEL SAMPLE'"
    )
    let vector: [String: SQLValue] = ["v": .blob([0, 0x3C])]
    #expect(try test.error("SELECT * FROM nearest(:v)", vector)?.message == "nearest: the revision has no embeddings")
  }
}

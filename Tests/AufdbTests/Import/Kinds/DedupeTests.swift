// Prompts of one text under several ids: counted, or made one.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Prompts of one text") struct DedupeTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  private func line(_ promptID: String, _ prompt: String, _ completions: [String]) -> String {
    completionsLine(promptID, prompt: prompt, completions)
  }

  /// Importing with folding.
  @discardableResult
  private func deduping(_ files: [String]...) throws -> (commit: Commit?, report: ImportReport) {
    try store.importLines(of: files) { ($0.dedupes, $0.judge, $0.snapshot) = (true, "j", "s") }
  }

  @Test("without --dedupe they are counted, and nothing else")
  func counted() throws {
    let lines = [
      line("p", "Ask  me", [completion("a")]), line("q", " ask me\n", [completion("a")]), line("r", "Ask you", []),
      #"{"prompt_id":"s","prompt":[{"role":"user","content":"ASK ME"}],"completions":[]}"#,
      #"{"prompt_id":"t","prompt":[{"role":"system","content":"ASK ME"}],"completions":[]}"#, line("p", "Ask  me", []),
    ]
    let (_, report) = try store.importLines(lines)
    #expect(report.alikePromptCount == 2)
    #expect(report.added == [.prompts: 5, .responses: 2])
    #expect(try store.importLines(lines).report.alikePromptCount == 0, "none of them comes in now")
  }

  @Test("a prompt goes to the first of its text, in the import or on the branch")
  func folded() throws {
    try store.importLines([line("old", "An old one", [completion("a", "1")])])
    let lines = [
      line("p", "Ask", [completion("a", "x", score: 1), completion("b", "y")]),
      line("q", "ask ", [completion("a", "x", score: 1), completion("b", "z", score: 3), completion("c", "w")]),
      line("r", "an OLD one", [completion("a", "2")]),
    ]
    let (commit, report) = try deduping(lines)
    #expect(report.foldedPromptCount == 2 && report.alikePromptCount == 0)
    #expect(report.added == [.prompts: 1, .responses: 5, .scores: 2])
    #expect(commit?.operation.contains(#""dedupe":true"#) == true)
    #expect(
      try store.responses() == ["old a 0 1", "old a 1 2", "p a 0 x", "p b 0 y", "p b 1 z", "p c 0 w"])
    #expect(
      try store.lines("SELECT prompt_id, model, sample, score FROM scores ORDER BY score") == [
        "p a 0 1.0", "p b 1 3.0",
      ])
    let second = try deduping(lines)
    #expect(second.commit == nil && second.report.foldedPromptCount == 2)
    #expect(try store.isSound())
  }

  @Test("an id that the branch has stays its own")
  func idThere() throws {
    try store.importLines([line("p", "Ask", []), line("q", "ask", [])])
    let (_, report) = try deduping([line("q", "ask", [completion("a")]), line("r", "ASK", [completion("b")])])
    #expect(report.foldedPromptCount == 1)
    #expect(try store.responses() == ["p b 0 b answers", "q a 0 a answers"])
  }

  @Test("what comes later in the import and names the id, follows; also to other numbers of its responses")
  func followers() throws {
    let completions = [
      line("p", "Ask", [completion("a", "1"), completion("b", "1")]),
      line("q", "ask", [completion("a", "2"), completion("b", "1"), completion("a", "1", more: #""sample":1"#)]),
    ]
    let responses = [
      #"{"prompt_id":"q","model":"c","response":"3"}"#, #"{"prompt_id":"q","model":"c","response":"4","sample":1}"#,
    ]
    let scores = [
      #"{"prompt_id":"q","model":"a","judge":"j","score":2}"#,
      #"{"prompt_id":"q","model":"a","sample":1,"judge":"j","score":1}"#,
      #"{"prompt_id":"p","model":"b","judge":"j","score":5}"#, #"{"prompt_id":"q","model":"b","judge":"j","score":6}"#,
    ]
    let labels = [
      labelLine("q", "a", over: "b"), labelLine("q", "c", over: "a", more: #""chosen_sample":1,"rejected_sample":1"#),
    ]
    let estimates = [estimateLine("q", "a", 0.5, 0, 1), estimateLine("q", "c", 0.25, 0, 1)]
    let (_, report) = try deduping(completions, responses, scores, labels, estimates)
    #expect(report.foldedPromptCount == 1)
    #expect(report.leftOutCount == 1, "b's second score")
    #expect(
      try store.responses() == ["p a 0 1", "p a 1 2", "p b 0 1", "p c 0 3", "p c 1 4"])
    #expect(
      try store.lines("SELECT prompt_id, model, sample, score FROM scores ORDER BY model, sample")
        == ["p a 0 1.0", "p a 1 2.0", "p b 0 5.0"])
    #expect(try store.labels() == ["p a 1 . b 0 . ada 0", "p c 1 . a 0 . ada 0"])
    #expect(
      try store.lines("SELECT prompt_id, model, sample, reward FROM estimates ORDER BY model")
        == ["p a 1 0.5", "p c 0 0.25"])
    #expect(try store.isSound())
  }

  @Test("responses that came without numbers are counted in their order")
  func unnumbered() throws {
    func line(_ prompt: String, _ text: String) -> String {
      #"{"prompt":\#(prompt.quoted),"model":"a","response":\#(text.quoted)}"#
    }
    let id = derivedID("ask")
    let scores = (0..<3).map { #"{"prompt_id":"\#(id)","model":"a","sample":\#($0),"judge":"j","score":\#($0)}"# }
    try deduping([line("Ask", "1"), line("ask", "2"), line("ask", "1"), line("ask", "2"), line("ask", "3")], scores)
    #expect(
      try store.lines("SELECT sample, response, score FROM responses JOIN scores USING (prompt_id, model, sample)")
        == ["1 2 0.0", "0 1 1.0", "2 3 2.0"])
  }

  @Test("only what the branch sees counts, whether it is live or past")
  func branches() throws {
    func deduping(_ lines: [String], on branch: String) throws -> ImportReport {
      let file = try store.file("\(branch).jsonl", lines)
      let context = CommitContext(branch: branch, author: "tester", milliseconds: 1_700_000_000_000)
      return try store.writing {
        try $0.importFiles(ImportOptions(files: [file], dedupes: true), context: context).report
      }
    }
    try store.importLines([line("p", "Ask", [completion("a")])])
    try store.importLines([line("p", "Another", [completion("a")])], replaces: true)
    for (name, revision) in [("empty", "main~2"), ("old", "main~1"), ("new", "main")] {
      try store.writing { _ = try $0.createRef(.branch, RefName(name), at: Revision(revision)) }
    }
    let lines = [line("q", "ask", [completion("b")]), line("r", "another", [completion("b")])]
    #expect(try deduping(lines, on: "empty").added == [.prompts: 2, .responses: 2])
    #expect(try deduping(lines, on: "old").added == [.prompts: 1, .responses: 2])
    #expect(try deduping(lines, on: "new").added == [.prompts: 1, .responses: 2])
    let rows = try ["empty", "old", "new"].map {
      try store.rows("SELECT prompt_id FROM responses WHERE model = 'b' ORDER BY response, prompt_id", at: Revision($0))
    }
    #expect(rows == [[[.text("q")], [.text("r")]], [[.text("p")], [.text("r")]], [[.text("p")], [.text("q")]]])
    #expect(try store.isSound())
  }

  @Test("a text that a prompt had before it was replaced in the import is free again")
  func replaced() throws {
    try store.importLines([line("p", "Ask", [])])
    let lines = [line("p", "Another", []), line("q", "ask", []), line("r", "ASK", []), line("s", "another", [])]
    let (_, report) = try store.importLines(of: [lines]) { ($0.dedupes, $0.replaces) = (true, true) }
    #expect(report.foldedPromptCount == 2 && report.added == [.prompts: 2])
    #expect(try store.texts("SELECT prompt_id FROM prompts ORDER BY prompt_id") == ["p", "q"])
  }

  @Test("two responses that are one in the other prompt have the first one's score, and no label")
  func twoBecomeOne() throws {
    let twins = [
      completion("a", "x", score: 1), completion("a", "x", score: 2, more: #""sample":1"#),
    ]
    let label = labelLine("q", "a", over: "a", more: #""rejected_sample":1"#)
    let (_, report) = try deduping([line("p", "Ask", []), line("q", "ask", twins)])
    #expect(report.leftOutCount == 1 && report.added == [.prompts: 1, .responses: 1, .scores: 1])
    #expect(throws: AufdbError.self) { try deduping([line("q", "ask", twins)], [label]) }
  }

  @Test("a folded id whose text is another one later contradicts itself")
  func contradiction() throws {
    let lines = [line("p", "Ask", []), line("q", "ask", []), line("q", "ask you", [])]
    #expect(throws: AufdbError.self) { try deduping(lines) }
    #expect(throws: Never.self) { try deduping(Array(lines[..<2]) + [line("q", " ASK", [])]) }
  }

  @Test("random prompts of few texts fold into one for each", arguments: 1...6 as ClosedRange<UInt64>)
  func law(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let texts = ["one", "two", "a b", "a  c"]
    var used: Set<String> = []
    let lines = (0..<60).map { number -> String in
      let text = texts[Int(generator.next() % 4)]
      used.insert(text)
      let shown = generator.next() % 2 == 0 ? text.uppercased() + " " : "\t" + text.replacing(" ", with: "  ")
      return line("p\(number)", shown, [completion("m", "\(generator.next() % 5)")])
    }
    let cut = Int(generator.next() % 60)
    let first = try deduping(Array(lines[..<cut]))
    let second = try deduping(Array(lines[cut...]))
    #expect(try store.count(.prompts) == used.count, "seed \(seed)")
    #expect(first.report.foldedPromptCount + second.report.foldedPromptCount == 60 - used.count, "seed \(seed)")
    #expect(
      try store.texts("SELECT count(*) FROM (SELECT DISTINCT prompt_id, response FROM responses)")
        == store.texts("SELECT count(*) FROM responses"), "no text twice")
    #expect(try deduping(lines).commit == nil)
  }
}

// Everything out and in again: the same rows. And what can't come out is counted.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Export of completions")
struct CompletionsExportTests {
  static let relations: [Relation] = [
    .prompts, .responses, .embeddings, .scores, .snapshots, .estimates, .labels,
  ]

  /// A relation's rows at the head, in the order of all their columns.
  static func rows(_ relation: Relation, _ store: Store) throws -> [[SQLValue]] {
    let columns = relation.columns.joined(separator: ", ")
    return try store.read(at: .head) { connection, _ in
      try connection.all("SELECT \(columns) FROM \(relation.name) ORDER BY \(columns)") { row in
        (0..<row.columnCount).map { row.value($0) }
      }
    }
  }

  /// Imports an export's files into a new store, in the manifest's order.
  static func imported(_ report: CompletionsReport, from folder: String) throws -> ImportFixture {
    let fixture = try ImportFixture()
    for file in report.files where file.kind != .index {
      let path = "\(folder)/\(file.file.path)"
      var options = ImportOptions(
        files: [path], kind: ImportKind(rawValue: file.kind.rawValue),
        judge: file.kind == .completions ? report.judge : nil)
      if file.kind == .embeddings {
        options.embeddings = EmbeddingOptions(
          index: "\(folder)/\(file.index ?? "")", encoder: file.encoder ?? "",
          keepsFloat32: file.shape?.element == .float32)
      }
      try fixture.writing { _ = try $0.importFiles(options, context: ImportFixture.context()) }
    }
    return fixture
  }

  @Test("import of what was exported gives the same rows", arguments: 1...12 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let store = try TestStore()
    var contents = RandomContents(seed: seed)
    try contents.fill(store)
    let folder = store.folder.path("out")
    var options = CompletionsOptions(directory: folder)
    // Several judges, no judge of that name, one judge beside the responses; one file or many.
    options.judge = seed % 3 == 0 ? "third" : nil
    options.codec = Compression.Codec.allCases[Int(seed % 3)]
    options.shardBytes = seed % 2 == 0 ? 700 : 500_000_000
    options.checks = true
    let report = try store.reading().exportCompletions(options)
    #expect(report.omissions == nil)
    let copy = try Self.imported(report, from: folder)
    let (one, other) = (try store.reading(), try Store(copy.path, for: .reading))
    for relation in Self.relations {
      let rows = try Self.rows(relation, one)
      #expect(!rows.isEmpty)
      #expect(try Self.rows(relation, other) == rows, "\(relation) of seed \(seed)")
      if relation != .snapshots { #expect(report.counts[relation] == rows.count) }
    }
    // What came in goes out the same again, but for the order of birth within a relation.
    #expect(try ExportVerification(ofFolder: folder).findings.isEmpty)
  }

  @Test("the same commit and options give the same bytes, with one thread or two, also in a later store")
  func determinism() throws {
    let store = try TestStore()
    var contents = RandomContents(seed: 7)
    try contents.fill(store)
    func files(_ name: String, _ revision: Revision, threads: Int = 2) throws -> [String: Data] {
      var options = CompletionsOptions(directory: store.folder.path(name), revision: revision)
      options.threadCount = threads
      let report = try store.reading().exportCompletions(options)
      let names = report.files.map(\.file.path) + ["README.md"]
      return try Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, try Data(contentsOf: URL(filePath: "\(store.folder.path(name))/\($0)")))
        })
    }
    let before = try files("one", "main")
    #expect(try files("two", "main", threads: 1) == before)
    try store.commit { change in
      try change.retire(.responses, 1)
      try change.addPrompt("later", "later")
    }
    #expect(try files("three", "main~1") == before)
    #expect(try files("four", "main") != before)
  }

  private func everythingOdd() throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      let prompts = try change.writer(.prompts)
      prompts.text("p")
      prompts.null()
      prompts.text("?")
      prompts.text("text")
      prompts.text(#"{"source":"hidden","kept":1}"#)
      try prompts.insert()
      try change.addResponse("p", "a", "yes")
      try change.addResponse("p", "b", "no")
      try change.addResponse("gone", "a", "orphan")
      let responses = try change.writer(.responses)
      for text in ["p", "c"] { responses.text(text) }
      responses.integer(0)
      responses.text("maybe")
      responses.null()
      responses.null()
      responses.text(#"{"messages":[],"critique":"x","other":[]}"#)
      try responses.insert()
      try change.addScore("p", "a", judge: "j", nil)
      try change.addScore("p", "b", judge: "j", 2)
      try change.addScore("p", "nobody", judge: "j", 2)
      try change.addSelection("p", "a", "b")
      try change.addLabel("p", chosen: "a", rejected: "b", details: #"{"orders":[]}"#)
      try change.addLabel("p", chosen: "a", rejected: "nobody", details: "{}")
      let definitions = try change.writer(.definitions)
      for text in ["model", "ember"] { definitions.text(text) }
      definitions.integer(1)
      for _ in 0..<2 { definitions.text("{}") }
      try definitions.insert()
      let snapshots = try change.writer(.snapshots)
      snapshots.text("unused")
      snapshots.text("score")
      snapshots.null()
      try snapshots.insert()
    }
    return store
  }

  @Test("what has no form for import is left out and counted")
  func leftOut() throws {
    let store = try everythingOdd()
    var options = CompletionsOptions(directory: store.folder.path("out"))
    options.codec = .none
    options.checks = true
    let report = try store.reading().exportCompletions(options)
    #expect(
      report.leftOut.filter { $0.value > 0 } == [
        .responses: 1, .scores: 2, .labels: 1, .selections: 1, .definitions: 1, .labelDetails: 1, .snapshots: 1,
        .fields: 3,
      ])
    #expect(
      report.omissions
        == "1 response without a prompt, 2 scores that can't be imported, 1 label of responses that aren't there, "
        + "3 imported fields with names of the format's own, 1 selection, 1 definition, the details of 1 label, "
        + "1 snapshot without estimates")
    #expect(report.contents == "1 prompt, 3 responses, 1 score, 1 label")
    let folder = store.exported()
    #expect(try folder.names() == ["README.md", "data", "manifest.json"])
    let none = #""annotations":null,"critique":null,"overall_score":null"#
    #expect(
      try folder.rows("data/completions-00000-of-00001.jsonl") == [
        #"{"prompt_id":"p","source":null,"prompt":"?","completions":["#
          + #"{"model":"a","sample":0,"response_text":"yes","system_prompt":null,"principle":null,\#(none)},"#
          + #"{"model":"b","sample":0,"response_text":"no","system_prompt":null,"principle":null,"#
          + #""annotations":null,"critique":null,"overall_score":2.0},"#
          + #"{"model":"c","sample":0,"response_text":"maybe","system_prompt":null,"principle":null,\#(none),"#
          + #""other":[]}],"kept":1}"#
      ])
    #expect(
      try folder.rows("data/labels-00000-of-00001.jsonl") == [
        #"{"prompt_id":"p","chosen_model":"a","chosen_sample":0,"rejected_model":"b","rejected_sample":0,"#
          + #""judge":"overall","tie":false,"chosen_score":null,"rejected_score":null,"method":null,"batch":null}"#
      ])
    #expect(try folder.text("manifest.json").contains("\"selections\": 1"))
    #expect(try folder.text("manifest.json").contains("\"score_judge\": \"j\""))
    #expect(report.fields == ["kept"])
    #expect(try folder.text("README.md").contains("  - name: kept\n    dtype: json\n"))
    #expect(try folder.text("README.md").contains("| left out | 1 response without a prompt, "))
  }

  @Test("whose scores stand beside the responses")
  func judges() throws {
    func judge(_ judges: [String], _ wished: String? = nil) throws -> String? {
      let store = try TestStore()
      try store.commit { change in
        try change.addPrompt("p", "?")
        try change.addResponse("p", "a", "yes")
        for judge in judges { try change.addScore("p", "a", judge: judge, 1) }
      }
      let options = CompletionsOptions(directory: store.folder.path("out"), judge: wished)
      let report = try store.reading().exportCompletions(options)
      #expect(report.counts[.scores] == judges.count)
      return report.judge
    }
    #expect(try judge([]) == nil)
    #expect(try judge(["x"]) == "x")
    #expect(try judge(["x", "y"]) == nil)
    #expect(try judge(["x", "overall"]) == "overall")
    #expect(try judge(["x", "overall"], "x") == "x")
    #expect(throws: AufdbError.self) { try judge(["x"], "y") }
  }

  @Test("nothing to export, a wrong option and a taken name are refused, and leave nothing")
  func refusals() throws {
    let store = try TestStore()
    func refusal(_ change: (inout CompletionsOptions) -> Void = { _ in }) -> AufdbError.Kind? {
      var options = CompletionsOptions(directory: store.folder.path("out"))
      change(&options)
      do {
        _ = try store.reading().exportCompletions(options)
        return nil
      } catch {
        return (error as? AufdbError)?.kind
      }
    }
    #expect(refusal() == .refused)
    try store.addPairs(1)
    #expect(refusal { $0.level = 20 } == .usage)
    #expect(refusal { $0.shardBytes = 0 } == .usage)
    #expect(refusal { $0.threadCount = 3 } == .usage)
    #expect(refusal { $0.judge = "nobody" } == .refused)
    #expect(try store.leftovers().isEmpty)
    #expect(refusal() == nil)
    #expect(refusal() == .refused)
    #expect(refusal { $0.force = true } == nil)
    #expect(try store.leftovers() == ["out"])
    #expect(throws: AufdbError.self) { try store.export(.completions, to: "other") }
    for change: (inout ExportOptions) -> Void in [
      { $0.keepTies = true }, { $0.dedupes = true }, { $0.judges = ["a", "b"] }, { $0.sharding = .count(2) },
      { $0.system = "s" },
    ] {
      var options = ExportOptions(format: .completions, directory: "x")
      change(&options)
      #expect(throws: AufdbError.self) { try CompletionsOptions(options) }
    }
    var options = ExportOptions(format: .completions, directory: "x", judges: ["a"], force: true)
    (options.codec, options.level, options.checks, options.sharding) = (.gzip, 9, true, .size(bytes: 5))
    let taken = try CompletionsOptions(options)
    #expect(taken.judge == "a" && taken.codec == .gzip && taken.level == 9 && taken.checks && taken.shardBytes == 5)
    var json = taken.json
    let again = try json.withUTF8 { try CompletionsOptions(json: Bytes($0), directory: "x", revision: .head) }
    #expect(again.json == taken.json)
  }

  @Test("encoders' names become names of files, each once")
  func names() {
    var names = SafeNames()
    #expect(names.name(for: "org/encoder:1") == "org-encoder-1")
    #expect(names.name(for: "ORG-encoder-1") == "ORG-encoder-1-2")
    #expect(names.name(for: "../../etc/passwd") == "-..-..-etc-passwd")
    #expect(names.name(for: "") == "-")
    #expect(names.name(for: "ü\n") == "--")
    #expect(names.name(for: String(repeating: "x", count: 500)).count == 100)
  }
}

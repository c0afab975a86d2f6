// What a user may name: arrays, patterns, files twice, and folders.

import Foundation
import Testing

@testable import Aufdb

@Suite struct ImportInputTests {
  static func record(_ id: String) -> String {
    #"{"prompt_id":"\#(id)","prompt":"Why?","completions":[{"model":"a","response_text":"\#(id)"}]}"#
  }

  @Test(arguments: ["[%,%]", "[\n%,\n%\n]\n", "%\n%\n"]) func anArrayIsWhatItsLinesAre(_ form: String) throws {
    let fixture = try ImportFixture()
    let parts = form.components(separatedBy: "%")
    let text = parts[0] + Self.record("p1") + parts[1] + Self.record("p2") + parts[2]
    let report = try fixture.importFiles([fixture.folder.file("data.json", Array(text.utf8))]).report
    #expect(report.recordCount == 2)
    #expect(report.added == [.prompts: 2, .responses: 2])
  }

  @Test func anErrorInAnArrayNamesTheLineWhereItsElementBegins() throws {
    let fixture = try ImportFixture()
    let text = "[\n\(Self.record("p1")),\n{\n\"prompt_id\": 7}\n]"
    let file = try fixture.folder.file("data.json", Array(text.utf8))
    let error = #expect(throws: AufdbError.self) { try fixture.importFiles([file]) }
    #expect(error?.place?.line == 3)
    #expect(try fixture.commitCount() == 1)
  }

  @Test func anArrayThatIsCutOffChangesNothing() throws {
    let fixture = try ImportFixture()
    let file = try fixture.folder.file("data.json", Array("[\(Self.record("p1")),\n".utf8))
    let error = #expect(throws: AufdbError.self) { try fixture.importFiles([file]) }
    #expect(error?.kind == .badData)
    #expect(error?.place?.line == 2)
    #expect(try fixture.commitCount() == 1)
  }

  @Test func aPatternIsItsFilesInOrder() throws {
    let fixture = try ImportFixture()
    for name in ["b", "a", "c"] { _ = try fixture.file("part-\(name).jsonl", [Self.record(name)]) }
    let pattern = fixture.folder.path("part-[ab]*.jsonl")
    let inputs = try ImportOptions(files: [pattern, fixture.folder.path("part-a.jsonl")]).resolved().inputs
    #expect(inputs.map(\.path) == ["part-a.jsonl", "part-b.jsonl"].map(fixture.folder.path))
    #expect(try fixture.importFiles([pattern]).report.recordCount == 2)
    // A file that is called like a pattern is that file.
    let literal = try fixture.file("part-*.jsonl", [Self.record("star")])
    #expect(try fixture.importFiles([literal]).report.recordCount == 1)
  }

  @Test func aFileUnderTwoNamesIsOne() throws {
    let fixture = try ImportFixture()
    let file = try fixture.file("one.jsonl", [Self.record("p1")])
    let link = fixture.folder.path("link.jsonl")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    let dotted = fixture.folder.path("./one.jsonl")
    #expect(try fixture.importFiles([file, link, dotted]).report.recordCount == 1)
  }

  @Test func anEmptyArrayIsSaidToBeOne() throws {
    let fixture = try ImportFixture()
    let file = try fixture.folder.file("data.json", Array("[ ]".utf8))
    let error = #expect(throws: AufdbError.self) { try fixture.importFiles([file]) }
    #expect(error?.message == "the array is empty")
  }

  @Test func aPatternWithoutFilesIsRefused() throws {
    let fixture = try ImportFixture()
    let error = #expect(throws: AufdbError.self) { try fixture.importFiles([fixture.folder.path("none-*.jsonl")]) }
    #expect(error?.kind == .cannotOpenInput)
  }

  @Test func aFolderThatIsNoExportIsRefused() throws {
    let fixture = try ImportFixture()
    let folder = fixture.folder.path("data")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let plain = #expect(throws: AufdbError.self) { try fixture.importFiles([folder]) }
    #expect(plain?.kind == .cannotOpenInput)
    #expect(plain?.hint?.contains("name its files") == true)
    try manifest(#"{"format":"dpo","files":[]}"#, in: folder)
    let export = #expect(throws: AufdbError.self) { try fixture.importFiles([folder]) }
    #expect(export?.message.contains("dpo") == true)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"format":"completions","files":[{"path":1}]}"#, #"{"format":"completions","files":[]}"#,
    #"{"format":"completions","files":[{"path":"a","split":"poems"}]}"#,
    #"{"format":"completions","files":[{"path":"../a","split":"labels"}]}"#,
    #"{"format":"completions","files":[{"path":"/etc/passwd","split":"labels"}]}"#,
    #"{"format":"completions","files":[{"path":"a/../../b","split":"labels"}]}"#,
    #"{"format":"completions","files":[{"path":"a.npy","split":"embeddings"}]}"#,
    #"{"format":"completions","files":[{"path":"a","split":"embeddings","encoder":"e","element":"f16","index":"/b"}]}"#,
  ])
  func aDamagedManifestIsRefused(_ text: String) throws {
    let fixture = try ImportFixture()
    let folder = fixture.folder.path("data")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try manifest(text, in: folder)
    let error = #expect(throws: AufdbError.self) { try fixture.importFiles([folder]) }
    #expect(error?.kind == .badData)
  }

  @Test func aFolderNamesWhatItsFilesAre() throws {
    let fixture = try ImportFixture()
    let folder = fixture.folder.path("data")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try manifest(
      """
      {"format":"completions","score_judge":"ada","files":[{"path":"data/c.jsonl","split":"completions"},
       {"path":"e.npy","split":"embeddings","encoder":"made","element":"f32","index":"e.jsonl"},
       {"path":"e.jsonl","split":"embeddings-index"}]}
      """, in: folder)
    let (options, inputs) = try ImportOptions(files: [folder]).resolved()
    #expect(options.judge == "ada")
    #expect(inputs.map(\.path) == ["\(folder)/data/c.jsonl", "\(folder)/e.npy"])
    #expect(inputs.map(\.kind) == [.completions, .embeddings])
    #expect(inputs[1].embeddings?.index == "\(folder)/e.jsonl")
    #expect(inputs[1].embeddings?.keepsFloat32 == true)
    for options in [
      ImportOptions(files: [folder], kind: .labels), ImportOptions(files: [folder], judge: "x"),
      ImportOptions(files: [folder, "more.jsonl"]),
    ] {
      let error = #expect(throws: AufdbError.self) { try options.resolved() }
      #expect(error?.kind == .usage)
    }
  }

  private func manifest(_ text: String, in folder: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/manifest.json"))
  }

  @Test func progressGoesOverAllFiles() throws {
    let fixture = try ImportFixture()
    let files = try ["one", "two"].map { name in
      try fixture.file("\(name).jsonl", (0..<600).map { Self.record("\(name)-\($0)") })
    }
    let size = try files.map { try Data(contentsOf: URL(filePath: $0)).count }.reduce(0, +)
    var seen: [ImportProgress] = []
    try fixture.writing { store in
      _ = try store.importFiles(ImportOptions(files: files), context: ImportFixture.context()) { seen.append($0) }
    }
    #expect(seen.count == 4)
    #expect(seen.map(\.recordCount) == [256, 512, 768, 1024])
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.readBytes <= $1.readBytes })
    #expect(seen.allSatisfy { $0.sizeBytes == size && $0.readBytes <= size })
    #expect((seen.last?.readBytes ?? 0) > size / 2)
  }
}

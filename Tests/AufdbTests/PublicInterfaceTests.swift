// What a program sees that uses the library without the command: this file imports nothing internal.

import Aufdb
import FoundationEssentials
import Testing

@Suite struct PublicInterfaceTests {
  @Test func aDatasetIsMadeWithoutTheCommand() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-public-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = (1...4).map { number in
      """
      {"prompt_id": "p\(number)", "prompt": "Question \(number)?", "completions": [
      {"model": "a", "response_text": "good \(number)", "overall_score": 9},
      {"model": "b", "response_text": "bad \(number)", "overall_score": 2.5}]}
      """.replacing("\n", with: " ")
    }
    let file = folder.appending(path: "in.jsonl")
    try Data(lines.joined(separator: "\n").utf8).write(to: file)

    let path = folder.appending(path: "prefs.aufdb").path
    let context = CommitContext(author: "ada", milliseconds: 1_767_225_600_000)
    try Store.create(at: path, context: context)
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "a test"))
    let (imported, report) = try store.importFiles(ImportOptions(files: [file.path]), context: context)
    #expect(report.added[.responses] == 8)
    try store.select(SelectOptions(method: "maxmin"), context: context)
    let (annotated, labels) = try store.annotate(.scores(judge: "overall"), context: context)
    #expect(labels.labelCount == 4)
    #expect(try store.log().map(\.id).prefix(3).last == imported?.id)
    #expect(try store.commit("main~1").message.hasPrefix("Select 4 pairs by maxmin"))

    let gap = try store.query("SELECT avg(chosen_score - rejected_score) FROM labels") { rows in
      guard try rows.next(), case .real(let gap) = rows.value(0) else { return Double.nan }
      return gap
    }
    #expect(gap == 6.5)
    let output = folder.appending(path: "dpo").path
    let export = try store.export(ExportOptions(format: .dpo, directory: output))
    #expect(export.rowCount == 4)
    #expect(export.commit == annotated?.id)
    #expect(try store.verify().isSound)
  }
}

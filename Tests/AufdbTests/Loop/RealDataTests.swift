// The main job on real data: 500 prompts with 24 models' responses and a judge's scores of them.

import Foundation
import Testing

@testable import Aufdb

/// Real completions that lie beside the repository on some machines, and are not part of it.
private enum RealCompletions {
  static let path = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/data/alpaca_eval/completions.jsonl.zst").standardizedFileURL.path(percentEncoded: false)

  static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }
}

@Suite("Real data", .enabled(if: RealCompletions.isPresent, "skipped: ../shared/data/alpaca_eval is absent"))
struct RealDataTests {
  @Test("import, select, annotate, export, verify; and all of it again changes nothing")
  func mainJob() throws {
    let store = try ImportFixture()
    let (_, report) = try store.importFiles([RealCompletions.path])
    #expect(report.recordCount == 500)
    #expect(report.added[.prompts] == 500 && report.added[.responses] == 12_000)
    #expect(try store.importFiles([RealCompletions.path]).commit == nil)

    var selectedCount = 0
    for method in ["maxmin", "random", "ultrafeedback"] {
      let (_, report) = try store.select(SelectOptions(method: method, seed: 42))
      #expect(report.selectedCount == 500 && report.tooFewCount == 0 && report.withoutCandidatesCount == 0)
      selectedCount += report.selectedCount
      #expect(try store.select(SelectOptions(method: method, seed: 42)).commit == nil)
    }
    let (_, annotation) = try store.annotate(.scores(judge: "overall"))
    #expect(annotation.labelCount + annotation.alreadyLabelledCount + annotation.withoutVerdictCount == selectedCount)
    #expect(annotation.labelCount > 1200)
    #expect(try store.annotate(.scores(judge: "overall")).commit == nil)

    // Of maxmin's pairs, the chosen response is never the worse one, and no other response scores higher.
    let wrong = try store.texts(
      """
      SELECT l.prompt_id FROM labels AS l JOIN selections AS s
        ON s.prompt_id = l.prompt_id AND s.method = 'maxmin' AND l.method = 'maxmin'
      WHERE l.chosen_score < l.rejected_score OR l.tie <> (l.chosen_score = l.rejected_score)
        OR l.chosen_score <> (SELECT max(score) FROM scores WHERE prompt_id = l.prompt_id)
        OR l.rejected_score <> (SELECT min(score) FROM scores WHERE prompt_id = l.prompt_id)
      """)
    #expect(wrong == [])
    try exports(of: store, labelCount: annotation.labelCount)
    #expect(try store.isSound())
    #expect(try store.commitCount() == 6)
  }

  private func exports(of store: ImportFixture, labelCount: Int) throws {
    let reader = try Store(store.path, for: .reading)
    for format in [ExportFormat.dpo, .rm] {
      let folder = store.folder.path("\(format)")
      let report = try reader.export(ExportOptions(format: format, directory: folder))
      #expect(report.rowCount + report.omitted.values.reduce(0, +) == labelCount)
      #expect(report.rowCount > 1000)
      let file = try #require(report.files.first)
      var lines = LineReader(try ByteSource(path: "\(folder)/\(file.path)"))
      var (count, bytes) = (0, 0)
      while let line = try lines.next() {
        count += 1
        bytes += line.bytes.count + 1
      }
      #expect(report.files.count == 1 && count == report.rowCount && bytes == file.contentBytes)
      #expect(FileManager.default.fileExists(atPath: "\(folder)/README.md"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/manifest.json"))
    }
  }
}

// Real embeddings: of 12,000 responses, and of the prompts themselves.

import Foundation
import Testing

@testable import Aufdb

/// Real data that lies beside the repository on some machines, and is not part of it.
private enum RealEmbeddings {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "../shared/data/alpaca_eval").standardizedFileURL

  static func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  static var isPresent: Bool { FileManager.default.fileExists(atPath: path("responses.f16.npy")) }
}

@Suite("Real embeddings", .enabled(if: RealEmbeddings.isPresent, "skipped: ../shared/data/alpaca_eval is absent"))
struct RealEmbeddingsTests {
  @Test("every response and every prompt has its vector, to the last bit; and again changes nothing")
  func all() throws {
    let store = try ImportFixture()
    try store.importFiles([RealEmbeddings.path("completions.jsonl.zst")])
    for (matrix, index, count) in [
      ("responses.f16.npy", "responses.index.jsonl.zst", 12_000), ("prompts.f16.npy", "prompts.index.jsonl", 500),
    ] {
      let options = ImportOptions(
        files: [RealEmbeddings.path(matrix)],
        embeddings: EmbeddingOptions(index: RealEmbeddings.path(index), encoder: "minilm"))
      let (commit, report) = try store.writing { try $0.importFiles(options, context: ImportFixture.context()) }
      #expect(commit != nil && report.added == [.embeddings: count])
      #expect(report.embeddingShape == EmbeddingShape(dimension: 384, element: .float16))
      let again = try store.writing { try $0.importFiles(options, context: ImportFixture.context()) }
      #expect(again.commit == nil && again.report.unchangedCount == count)
      let data = try Data(contentsOf: URL(filePath: RealEmbeddings.path(matrix)))
      try expectLastRow(data.suffix(768), of: index, in: store)
    }
    // The encoder's vectors have length 1, but for the rounding to float16.
    let odd = try store.texts(
      """
      SELECT count(*) FROM embeddings AS e WHERE
        (SELECT abs(sum(value * value) - 1) FROM json_each(vector_json(e.element, e.vector))) > 0.002
      """)
    #expect(odd == ["0"])
    #expect(
      try store.texts(
        "SELECT count(*) FROM responses AS r WHERE NOT EXISTS (SELECT 1 FROM embeddings AS e WHERE e.prompt_id = "
          + "r.prompt_id AND e.model = r.model AND e.sample = r.sample)") == ["0"])
    #expect(try store.isSound())
  }

  private func expectLastRow(_ bytes: Data, of index: String, in store: ImportFixture) throws {
    var lines = LineReader(try ByteSource(path: RealEmbeddings.path(index)))
    var reader = JSONReader()
    var owner: (promptID: String, model: String?)?
    while let line = try lines.next() {
      let parsed = try EmbeddingIndexLine(line.bytes, &reader)
      owner = (
        String(decoding: parsed.promptID, as: UTF8.self), parsed.model.map { String(decoding: $0, as: UTF8.self) }
      )
    }
    let last = try #require(owner)
    #expect(try store.vector(last.promptID, last.model, encoder: "minilm") == Array(bytes))
  }
}

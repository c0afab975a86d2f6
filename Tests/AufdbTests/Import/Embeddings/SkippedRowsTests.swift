// Lines of an index that are skipped: their rows of the matrix belong to nothing, and that is no fault then.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Skipped rows of a matrix") struct SkippedRowsTests {
  private static func options(_ fixture: ImportFixture, _ matrix: String, _ index: String) -> ImportOptions {
    ImportOptions(
      files: [matrix], kind: .embeddings, embeddings: EmbeddingOptions(index: index, encoder: "e"),
      badRecords: fixture.folder.path("bad.jsonl"))
  }

  @Test("good lines among bad ones give the same vectors", arguments: [Compression.none, .gzip(), .zstd()])
  func mixed(_ compression: Compression) throws {
    let fixture = try ImportFixture(promptCount: 4)
    var values = randomHalves(16, seed: 5)
    values[2 * 4] = 0x7E00  // NaN in row 4
    let bytes = MatrixFiles.npy("<f2", rows: 8, dimension: 2, MatrixFiles.bytes(values))
    let matrix: String = try fixture.folder.file("v.npy", fixture.folder.compressed(bytes, compression))
    var lines = responseIndex(8)
    lines[1] = "{"
    lines[2] = indexLine(2, "nobody", "a")
    lines[5] = indexLine(4, "p2", "b")
    let index = try fixture.file("index.jsonl", lines)
    let (_, report) = try fixture.writing {
      try $0.importFiles(Self.options(fixture, matrix, index), context: ImportFixture.context())
    }
    #expect(report.added == [.embeddings: 4] && report.skippedCount == 4)
    #expect(
      report.skippedReasons.keys.sorted() == [
        "element N of row N is NaN", "row N stands twice in the index", "the text ends before its value does",
        "there is no such response",
      ])
    for row in [0, 3, 6, 7] {
      let expected = MatrixFiles.bytes(Array(values[2 * row..<2 * row + 2]))
      #expect(try fixture.vector("p\(row / 2)", row % 2 == 0 ? "a" : "b") == expected)
    }
    #expect(try fixture.isSound())
  }

  @Test("a row that no line was meant for, and a matrix that is cut off, still stop it")
  func stopped() throws {
    let fixture = try ImportFixture(promptCount: 2)
    let head = try fixture.head()
    let bytes = MatrixFiles.npy("<f2", rows: 4, dimension: 2, MatrixFiles.bytes(randomHalves(8, seed: 6)))
    var lines = responseIndex(4)
    lines[1] = "{"
    for (bytes, lines) in [(bytes, Array(lines.dropLast())), (Array(bytes.dropLast()), lines)] {
      for compression in [Compression.none, .gzip()] {
        let matrix: String = try fixture.folder.file("v.npy", fixture.folder.compressed(bytes, compression))
        let index = try fixture.file("index.jsonl", lines)
        #expect {
          try fixture.writing {
            try $0.importFiles(Self.options(fixture, matrix, index), context: ImportFixture.context())
          }
        } throws: {
          ($0 as? AufdbError)?.kind == .badData
        }
        #expect(throws: (any Error).self) { try fixture.folder.bytes("bad.jsonl") }
      }
    }
    #expect(try fixture.head() == head)
  }
}

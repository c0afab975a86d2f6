// Processes killed while embeddings come in: afterwards all of them are there, or none.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed imports of embeddings") struct KilledEmbeddingsTests {
  /// Imports a matrix through the importer itself; `dying` gets the connection at the beginning.
  private static func run(
    at path: String, matrix: String, index: String, dying: (Connection) throws -> Void
  ) throws {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
    _ = try store.commit(ImportFixture.context()) { change in
      try dying(change.connection)
      let options = EmbeddingOptions(index: index, encoder: "e")
      let importer = try EmbeddingsImporter(
        matrix, options, ImportState(ImportOptions(files: [matrix], replaces: true), into: change))
      var lines = LineReader(try ByteSource(path: index))
      var report = ImportReport()
      while let line = try lines.next() { try importer.importRecord(line.bytes, &report) }
      try importer.finish()
      return (CommitNote(message: "doomed", operation: Operation("test")), ())
    }
  }

  @Test("killed between two steps of SQLite's machine")
  func steps() async throws {
    var generator = SeededGenerator(seed: 47)
    let fixture = try ImportFixture(promptCount: 10)
    let (rowCount, dimension) = (20, 300)
    func file(seed: UInt64) -> [UInt8] {
      MatrixFiles.npy(
        "<f2", rows: rowCount, dimension: dimension,
        MatrixFiles.bytes(randomHalves(rowCount * dimension, seed: seed)))
    }
    // Half of the rows are there already, and get a new version.
    let index = responseIndex(rowCount)
    let old = MatrixFiles.npy("<f2", rows: 10, dimension: 300, MatrixFiles.bytes(randomHalves(3000, seed: 1)))
    try fixture.importMatrix(old, Array(index.prefix(10)))
    let (before, beforeRows) = (try fixture.head(), try fixture.everything())
    let template = try fixture.folder.bytes("store.aufdb")
    let matrixPath: String = try fixture.folder.file("matrix.npy", file(seed: 2))
    let indexPath: String = try fixture.file("index.jsonl", index)
    let counter = VirtualMachineSteps()
    try Self.run(at: fixture.path, matrix: matrixPath, index: indexPath) { counter.watch($0) }
    let (after, afterRows) = (try fixture.head(), try fixture.everything())
    try #require(counter.count > 500 && afterRows[.embeddings]?.count == rowCount && after != before)
    let total = counter.count
    for turn in 0..<8 {
      let fatal = turn == 0 ? total : total - Int.random(in: 0..<(turn < 5 ? total : total / 20), using: &generator)
      for suffix in ["-wal", "-shm", "-journal"] { unlink(fixture.path + suffix) }
      let path: String = try fixture.folder.file("store.aufdb", template)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [
          path = path as String, matrixPath = matrixPath as String, indexPath = indexPath as String,
          fatal = fatal as Int
        ] in
        let killer = VirtualMachineSteps(fatal: fatal)
        try Self.run(at: path, matrix: matrixPath, index: indexPath) { killer.watch($0) }
        withExtendedLifetime(killer) {}
      }
      let comment: Comment = "step \(fatal) of \(total), seed 47"
      #expect(try fixture.isSound(), comment)
      let head = try fixture.head()
      #expect(head == before || head == after, comment)
      #expect(try fixture.everything() == (head == before ? beforeRows : afterRows), comment)
      // And it can be done again.
      try Self.run(at: path, matrix: matrixPath, index: indexPath) { _ in }
      #expect(try fixture.everything() == afterRows, comment)
      #expect(try fixture.isSound(), comment)
    }
  }
}

// Processes killed while several files come in, an array among them: afterwards the records of all are there, or none.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed imports of several files") struct KilledImportTests {
  /// Imports the files of a pattern as the command does; `dying` gets the connection at the beginning.
  private static func run(at path: String, pattern: String, dying: (Connection) -> Void) throws {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
    try store.withConnection { dying($0) }
    _ = try store.importFiles(ImportOptions(files: [pattern], replaces: true), context: ImportFixture.context())
  }

  /// An array over many lines, its lines compressed, and labels that need both.
  private static func writeFiles(_ fixture: ImportFixture) throws -> String {
    func lines(_ prompts: Range<Int>) -> [String] {
      prompts.map { completionsLine("p\($0)", [completion("a", score: 1), completion("b", "new\nanswer", score: 2)]) }
    }
    let array = "[\n\(lines(0..<8).joined(separator: ",\n"))\n]\n"
    _ = try fixture.folder.file("in-1.json", Array(array.utf8))
    let packed = try fixture.folder.compressed(Array(lines(8..<16).joined(separator: "\n").utf8), .zstd())
    _ = try fixture.folder.file("in-2.jsonl.zst", packed)
    _ = try fixture.file("in-3.jsonl", (4..<12).map { labelLine("p\($0)", "b", over: "a") })
    return fixture.folder.path("in-*")
  }

  @Test("killed between two steps of SQLite's machine")
  func steps() async throws {
    var generator = SeededGenerator(seed: 53)
    // Some of the responses are there already, and get a new version.
    let fixture = try ImportFixture(promptCount: 4)
    let pattern = try Self.writeFiles(fixture)
    let (before, beforeRows) = (try fixture.head(), try fixture.everything())
    let template = try fixture.folder.bytes("store.aufdb")
    let counter = VirtualMachineSteps()
    try Self.run(at: fixture.path, pattern: pattern) { counter.watch($0) }
    let (after, afterRows) = (try fixture.head(), try fixture.everything())
    try #require(counter.count > 500 && after != before)
    #expect(afterRows[.prompts]?.count == 16 && afterRows[.responses]?.count == 32 && afterRows[.labels]?.count == 8)
    let total = counter.count
    for turn in 0..<8 {
      let fatal = turn == 0 ? total : total - Int.random(in: 0..<(turn < 5 ? total : total / 20), using: &generator)
      for suffix in ["-wal", "-shm", "-journal"] { unlink(fixture.path + suffix) }
      let path: String = try fixture.folder.file("store.aufdb", template)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, pattern = pattern as String, fatal = fatal as Int] in
        let killer = VirtualMachineSteps(fatal: fatal)
        try Self.run(at: path, pattern: pattern) { killer.watch($0) }
        withExtendedLifetime(killer) {}
      }
      let comment: Comment = "step \(fatal) of \(total), seed 53"
      #expect(try fixture.isSound(), comment)
      let head = try fixture.head()
      #expect(head == before || head == after, comment)
      #expect(try fixture.everything() == (head == before ? beforeRows : afterRows), comment)
      // And a second run finishes it.
      try Self.run(at: path, pattern: pattern) { _ in }
      #expect(try fixture.everything() == afterRows, comment)
      #expect(try fixture.isSound(), comment)
    }
  }
}

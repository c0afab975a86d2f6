// Every flipped bit is detected by verify, or changes nothing that can be read. tools/torture/flip_bits does the same by
// the thousand, with the command.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Flipped bits") struct FlippedBitTests {
  /// All that can be read of the store at a path, without a word of aufdb's.
  private func dump(_ path: String) throws -> [String] {
    let database = try RawDatabase(path)
    let tables = try database.texts("SELECT name FROM sqlite_schema WHERE rootpage > 0 AND sql LIKE 'CREATE TABLE%'")
    return try tables.sorted().flatMap { table in
      try database.rows("SELECT * FROM \(table) NOT INDEXED").map { "\(table): \($0)" }.sorted()
    } + database.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").map { "\($0)" }
  }

  private func question(_ number: Int) throws -> QuestionID {
    try #require(QuestionID(bytes: (0..<32).map { UInt8(($0 * 7 + number * 13) % 256) }))
  }

  /// A store with kept answers of every form, and its bytes.
  private func makeStore() throws -> (TamperedStore, [UInt8]) {
    let store = try TamperedStore()
    try Store(store.path, for: .writing(waitSeconds: 0, command: "test")).withConnection { connection in
      try connection.insertAnswers(
        (0..<40).map { number in
          let text = String(repeating: "word\(number) ", count: number * number)
          let answer =
            number % 5 == 0 ? KeptAnswer.vector(Array(text.utf8), tokens: number) : .chat(ChatAnswer(text: text))
          return (try question(number), answer)
        })
    }
    return (store, try store.folder.bytes("store.aufdb"))
  }

  @Test("verify sees it, or nothing that can be read is different", arguments: [1, 2, 3] as [UInt64])
  func detected(seed: UInt64) throws {
    let (store, original) = try makeStore()
    #expect(try store.problems() == [])
    let expected = try dump(store.path)
    var generator = SeededGenerator(seed: seed)
    // Mostly where something is: most bytes of a young store are zeros.
    let used = original.indices.filter { original[$0] != 0 }
    for step in 0..<70 {
      var bytes = original
      let byte =
        try step % 4 == 0
        ? Int.random(in: bytes.indices, using: &generator) : #require(used.randomElement(using: &generator))
      let bit = UInt8.random(in: 0..<8, using: &generator)
      bytes[byte] ^= 1 << bit
      _ = try store.folder.file("store.aufdb", bytes)
      guard try store.problems().isEmpty else { continue }
      let found = try dump(store.path)
      #expect(found == expected, "seed \(seed), step \(step): byte \(byte), bit \(bit)")
    }
  }

  @Test("in kept answers, which no commit covers: verify sees it, and whoever asks for the answer is told")
  func answers() throws {
    let (question, other) = (try question(1), try question(2))
    let answer = KeptAnswer.chat(ChatAnswer(text: "The short answer.", finishReason: "stop"))
    let sealed = answer.sealed(for: question.bytes)
    func reading(_ bytes: [UInt8], for question: QuestionID) -> Result<KeptAnswer, AufdbError> {
      Result { () throws(AufdbError) in
        try bytes.lend { bytes throws(AufdbError) in try KeptAnswer(sealed: bytes, for: question.bytes) }
      }
    }
    #expect(try reading(sealed, for: question).get() == answer)
    #expect(throws: AufdbError.self) { try reading(sealed, for: other).get() }
    for byte in sealed.indices {
      for bit in 0..<8 as Range<UInt8> {
        var flipped = sealed
        flipped[byte] ^= 1 << bit
        guard case .failure(let error) = reading(flipped, for: question) else {
          Issue.record("byte \(byte), bit \(bit)")
          continue
        }
        #expect(error.kind == .badData)
      }
    }
    // An answer from before there were seals is read as it is.
    #expect(try reading(answer.encoded(), for: question).get() == answer)
    let (store, _) = try makeStore()
    try RawDatabase(store.path, isWritable: true).run(
      "UPDATE answer SET answer = answer || x'00' WHERE question = (SELECT min(question) FROM answer)")
    let problems = try store.problems()
    #expect(problems.count == 1 && problems[0].hasPrefix("answer: 1 kept answers are damaged"))
  }

  @Test("A branch that is moved back is named")
  func movedBranch() throws {
    let store = try TamperedStore()
    let tip = try #require(store.branches["side"]).tip
    let commits = try RawDatabase(store.path).rows(
      """
      SELECT c.commit_seq FROM commit_change AS c, ref WHERE name = 'side' AND first_id > lane << 40
        AND first_id <= (lane + 1) << 40 GROUP BY 1
      """)
    try #require(commits.count > 1 && commits.last == [.integer(tip)])
    for commit in store.history where commit.sequence < tip {
      #expect(try store.tamper("UPDATE ref SET commit_seq = \(commit.sequence) WHERE name = 'side'"))
      #expect(try !store.problems().isEmpty, "side at \(commit.sequence)")
    }
  }

  @Test("What the current branch's views ask is compared run by run")
  func viewRuns() throws {
    let store = try PickedStore()
    // Each branch has ids of its own, so main sees a run for each, and the last one's is hidden from it.
    for number in 0..<35 {
      try store.branch("b\(number)")
      try store.commit(to: "b\(number)") { try $0.addPrompt("p\(number)", "text") }
      guard number < 34 else { continue }
      _ = try store.writing().merge(
        MergeOptions(Revision("b\(number)")), context: CommitContext(author: "test", milliseconds: 1)
      ) { _ in }
    }
    #expect(try store.reading().verify().problems == [])
    try #require(try RawDatabase(store.path).integer("SELECT count(*) FROM head_run") > 0)
    try RawDatabase(store.path, isWritable: true).run(
      "UPDATE head_run SET first_id = first_id + 1 WHERE rowid = (SELECT min(rowid) FROM head_run WHERE first_id > 0)")
    #expect(try !store.reading().verify().isSound)
  }
}

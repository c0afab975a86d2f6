// nearest as a table: how it is asked, joined, interrupted, and what it refuses.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("nearest, as a table") struct NearestTableTests {
  private let store: Store
  private let test: TestStore

  /// Vectors on a circle: "p1 a" points to 0 degrees, "p1 b" to 36.9, "p2 a" to 90, "p2 b c" nowhere.
  init() throws {
    test = try TestStore()
    try test.commit { change in
      func add(
        _ promptID: String, _ model: String?, _ vector: [Float], sample: Int64 = 0
      ) throws {
        try change.addEmbedding("e", promptID, model, sample, .float32, MatrixFiles.bytes(vector))
      }
      try add("p1", "a", [1, 0])
      try add("p1", "b", [4, 3])
      try add("p2", "a", [0, 2])
      try add("p2", "a", [0, 3], sample: 2)
      try add("p2", "b c", [0, 0])
      try add("p1", nil, [1, 1])
      try add("p2", nil, [1, 2])
      try add("p 3", "b", [-1, 0])
    }
    store = try test.reading()
  }

  private func keys(_ sql: String, _ parameters: [String: SQLValue] = [:]) throws -> [String] {
    try store.copies("SELECT prompt_id || ifnull(' ' || model || ' ' || sample, '') FROM \(sql)", at: .head, parameters)
      .map { if case .text(let key) = $0.first { key } else { "?" } }
  }

  @Test func answers() throws {
    #expect(try keys("nearest('p1 a', 2)") == ["p1 b 0", "p2 a 0"])
    #expect(try keys("nearest('p1 a 0')") == ["p1 b 0", "p2 a 0", "p2 a 2", "p 3 b 0"])
    #expect(try keys("nearest('p2 a 2', 1)") == ["p2 a 0"])
    #expect(try keys("nearest('p 3 b', 1)") == ["p2 a 0"])
    #expect(try keys("nearest('p1', 5)") == ["p2"])
    #expect(try keys("nearest('p1', 1, 'responses')") == ["p1 b 0"])
    #expect(try keys("nearest('p1 b', 5, 'prompts')") == ["p1", "p2"])
    let vector: [String: SQLValue] = ["v": .blob(MatrixFiles.bytes([Float(0), -1]))]
    #expect(try keys("nearest(:v, 2)", vector) == ["p 3 b 0", "p1 a 0"])
    #expect(try keys("nearest(:v, 1, 'prompts') WHERE encoder = 'e'", vector) == ["p1"])
    #expect(try keys("nearest WHERE near_to = 'p1 a' AND k = 1") == ["p1 b 0"])
    #expect(
      try keys("nearest((SELECT vector FROM embeddings WHERE prompt_id = 'p1' AND model = 'b'), 1)") == ["p1 b 0"])
    #expect(
      try store.copies("SELECT * FROM nearest('p1 a', 1)")
        == [[.integer(1), .real(0.8), .text("e"), .text("p1"), .text("b"), .integer(0)]])
    #expect(
      try store.copies("SELECT near_to, k, among FROM nearest('p1 a') LIMIT 1") == [
        [.text("p1 a"), .integer(10), .null]
      ])
  }

  @Test func joins() throws {
    let each = """
      SELECT e.model, n.prompt_id FROM embeddings AS e, nearest(e.prompt_id || ' ' || e.model || ' ' || e.sample, 1) AS n
      WHERE e.prompt_id = 'p1' AND e.model IS NOT NULL ORDER BY e.model
      """
    #expect(try store.copies(each) == [[.text("a"), .text("p1")], [.text("b"), .text("p1")]])
    let using = """
      SELECT n.rank, dot(element, vector, vector) FROM nearest('p1 a') AS n
      JOIN embeddings USING (prompt_id, model, sample, encoder) ORDER BY n.rank DESC
      """
    #expect(try store.copies(using).map(\.[0]) == [4, 3, 2, 1].map { .integer($0) })
    #expect(try store.copies("SELECT rank FROM nearest('p1 a') ORDER BY rank DESC LIMIT 1") == [[.integer(4)]])
    #expect(try store.copies("SELECT max(rowid) FROM nearest('p1 a')") == [[.integer(4)]])
    #expect(try store.copies("SELECT count(*) FROM nearest('p1 a', 3) WHERE encoder IN ('e')") == [[.integer(3)]])
    #expect(try keys("nearest('p1 a') WHERE encoder = 'E' COLLATE NOCASE LIMIT 1") == ["p1 b 0"])
  }

  private static let wrong: [(sql: String, message: String)] = [
    ("nearest", "nearest has no response to be near to: write nearest('PROMPT_ID MODEL', 10), or nearest(VECTOR, 10)"),
    ("nearest(NULL)", "nearest: the response is NULL, and so nothing to be near to"),
    ("nearest(1.5)", "nearest: a number is no response; write nearest('PROMPT_ID MODEL', 10), or nearest(VECTOR, 10)"),
    ("nearest('p1 a', 0)", "nearest: k is not a whole number of at least 1"),
    ("nearest('p1 a', -3)", "nearest: k is not a whole number of at least 1"),
    ("nearest('p1 a', NULL)", "nearest: k is not a whole number of at least 1"),
    ("nearest('p1 a', 2.5)", "nearest: k is not a whole number of at least 1"),
    ("nearest('p1 a', '2')", "nearest: k is not a whole number of at least 1"),
    ("nearest('p1 a', 2, 'labels')", "nearest: the third argument is 'responses' or 'prompts'"),
    ("nearest('p1 a', 2, NULL)", "nearest: the third argument is 'responses' or 'prompts'"),
    ("nearest('p1 a', 2, 'prompts', 4)", "too many arguments on nearest() - max 3"),
    ("nearest('p1 a') WHERE encoder = 5", "nearest: the encoder is no text"),
    ("nearest('p2 b c')", "nearest: the embedding of what is asked about is all zeros, and so has no angle to others"),
    ("nearest(x'0000000000000080')", "nearest: the vector is all zeros, and so has no angle to others"),
    ("nearest(x'0000803f0000807f')", "nearest: an element of the vector is not finite"),
    ("nearest(x'0000803f')", "nearest: the vector has 4 bytes, and those of 'e' have 8: 2 x f32"),
    ("nearest(x'')", "nearest: the vector has 0 bytes, and those of 'e' have 8: 2 x f32"),
    (
      "nearest(x'0000803f0000803f') WHERE encoder = 'f'",
      "nearest: there are no embeddings of the encoder 'f', but of 'e'"
    ),
    (
      "nearest('p1 c')",
      "nearest: there is no embedding of 'p1 c'; a response is written 'PROMPT_ID MODEL', or 'PROMPT_ID MODEL SAMPLE'"
    ),
    (
      "nearest('p1 a') WHERE encoder = 'f'",
      "nearest: there is no embedding of 'p1 a' by the encoder 'f'; a response is written 'PROMPT_ID MODEL', or "
        + "'PROMPT_ID MODEL SAMPLE'"
    ),
    (
      "nearest('')",
      "nearest: there is no embedding of ''; a response is written 'PROMPT_ID MODEL', or 'PROMPT_ID MODEL SAMPLE'"
    ),
  ]

  @Test("what makes no sense is an error", arguments: wrong)
  func refuses(sql: String, message: String) throws {
    let error = #expect(throws: AufdbError.self) { try store.copies("SELECT * FROM \(sql)") }
    #expect(error?.kind == .refused)
    #expect(error?.message == message)
    #expect(try keys("nearest('p1 a', 1)") == ["p1 b 0"], "and the next query works")
  }

  @Test func refusesLongAndAmbiguousKeys() throws {
    let long = String(repeating: "x ", count: 200)
    let error = #expect(throws: AufdbError.self) { try keys("nearest(:k)", ["k": .text(long)]) }
    #expect(error?.message.hasSuffix("is no key of a response") == true)
    try test.commit { try $0.addEmbedding("e", "p1", "a 2", 0, .float32, MatrixFiles.bytes([Float(1), 1])) }
    try test.commit { try $0.addEmbedding("e", "p1", "a", 2, .float32, MatrixFiles.bytes([Float(1), 1])) }
    let ambiguous = #expect(throws: AufdbError.self) { try test.reading().copies("SELECT * FROM nearest('p1 a 2')") }
    #expect(
      ambiguous?.message
        == "nearest: 'p1 a 2' can be read in two ways, each of which has an embedding; give the vector")
  }

  @Test func wantsToKnowWhichEncoder() throws {
    try test.commit { try $0.addEmbedding("f", "p1", "a", 0, .float16, MatrixFiles.bytes([Float16(1), 2, 3])) }
    try test.commit { try $0.addEmbedding("f", "p9", "a", 0, .float16, MatrixFiles.bytes([Float16(1), 2, 3])) }
    let store = try test.reading()
    for call in ["nearest('p1 a')", "nearest('p1 b')", "nearest(x'0000803f0000803f')"] {
      let error = #expect(throws: AufdbError.self) { try store.copies("SELECT * FROM \(call)") }
      #expect(
        error?.message == "nearest: there are embeddings of several encoders ('e', 'f'): add WHERE encoder = 'e'")
    }
    #expect(try store.copies("SELECT cosine FROM nearest('p1 a') WHERE encoder = 'f'") == [[.real(1)]])
    #expect(try store.copies("SELECT prompt_id FROM nearest('p1') ", at: "main~2") == [[.text("p2")]])
    #expect(
      try store.copies("SELECT encoder, rank FROM nearest('p1 a', 1) WHERE encoder IN ('e', 'f') ORDER BY 1")
        == [[.text("e"), .integer(1)], [.text("f"), .integer(1)]])
  }

  @Test("a stored vector that is none is named")
  func damagedVectors() throws {
    try test.commit { try $0.addEmbedding("e", "p7", "a", 0, .float32, MatrixFiles.bytes([Float(1), 2, 3])) }
    let length = #expect(throws: AufdbError.self) { try test.reading().copies("SELECT * FROM nearest('p1 a')") }
    #expect(
      length?.message
        == "nearest: the embedding of 'p7 a 0' has 3 elements, and what is searched for has 2")
    try test.commit { change in
      let id = try change.connection.integer("SELECT id FROM embeddings WHERE prompt_id = 'p7'")
      try change.retire(.embeddings, id)
      try change.addEmbedding("e", "p8", "a", 0, .float32, MatrixFiles.bytes([Float(1), .nan]))
    }
    let finite = #expect(throws: AufdbError.self) { try test.reading().copies("SELECT * FROM nearest('p1 a')") }
    #expect(finite?.message == "nearest: an element of the embedding of 'p8 a 0' is not finite")
    let none = #expect(throws: AufdbError.self) {
      try test.reading().copies("SELECT * FROM nearest('p1 a')", at: "main~3")
    }
    #expect(none?.message.hasPrefix("nearest: there is no embedding of 'p1 a'") == true)
  }

  @Test func canBeInterrupted() throws {
    let endless = """
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
      SELECT sum((SELECT count(*) FROM nearest('p1 a', 1 + n % 3))) FROM c
      """
    var askedCount = 0
    func isWanted() -> Bool {
      askedCount += 1
      return askedCount < 5
    }
    let error = #expect(throws: AufdbError.self) { try store.query(endless, while: isWanted) { _ = try $0.next() } }
    #expect(error?.message == "interrupted")
  }
}

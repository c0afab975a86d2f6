// nearest against all cosines in order, on random stores with several encoders, past revisions and branches.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("nearest, by brute force") struct NearestTests {
  /// One embedding as a revision sees it.
  private struct Row: Equatable {
    var encoder: String
    var promptID: String
    var model: String?
    var sample: Int64
    var element: EmbeddingElement
    var vector: [Float]

    var bytes: [UInt8] {
      element == .float16 ? MatrixFiles.bytes(vector.map { Float16($0) }) : MatrixFiles.bytes(vector)
    }
    /// Read back, as rounded as it is stored.
    var stored: [Double] { vector.map { element == .float16 ? Double(Float16($0)) : Double($0) } }
    var key: String { promptID + (model.map { " \($0) \(sample)" } ?? "") }
  }

  private static let dimensions = ["halves": 19, "singles": 33]

  /// Few different numbers, so that some cosines are equal, and some vectors all zeros.
  private static func row(_ key: Int, _ encoder: String, _ generator: inout SeededGenerator) -> Row {
    let isPrompt = key % 5 == 0
    let isSimple = Int.random(in: 0...1, using: &generator) == 0
    let vector = (0..<(dimensions[encoder] ?? 1)).map { _ -> Float in
      isSimple
        ? Float(Int.random(in: -1...1, using: &generator)) * (generator.next() % 8 == 0 ? 1 : 0)
        : Float.random(in: -1...1, using: &generator)
    }
    return Row(
      encoder: encoder, promptID: "p\(key / 5)", model: isPrompt ? nil : "model \(key % 2)",
      sample: isPrompt ? 0 : Int64(key % 5), element: encoder == "halves" ? .float16 : .float32, vector: vector)
  }

  private static func expected(
    _ rows: [Row], to vector: [Double], _ encoder: String, _ count: Int, isAmongPrompts: Bool, without key: String?
  ) -> [[SQLValue]] {
    func sum(_ a: [Double], _ b: [Double]) -> Double {
      var lanes = Array(repeating: 0.0, count: 16)
      for index in a.indices { lanes[index % 16] += a[index] * b[index] }
      for width in [8, 4, 2, 1] { for lane in 0..<width { lanes[lane] += lanes[lane + width] } }
      return lanes[0]
    }
    let all = rows.filter { $0.encoder == encoder && ($0.model == nil) == isAmongPrompts && $0.key != key }
    let cosines = all.compactMap { row -> (Double, Row)? in
      let (a, b) = (sum(vector, vector), sum(row.stored, row.stored))
      return b == 0 ? nil : (min(1, max(-1, sum(vector, row.stored) / (a * b).squareRoot())), row)
    }
    let sorted = cosines.sorted { one, other in
      if one.0 != other.0 { return one.0 > other.0 }
      return (one.1.promptID, one.1.model ?? "", one.1.sample) < (other.1.promptID, other.1.model ?? "", other.1.sample)
    }
    return sorted.prefix(count).enumerated().map { index, found in
      [
        .integer(Int64(index + 1)), .real(found.0), .text(encoder), .text(found.1.promptID),
        found.1.model.map { .text($0) } ?? .null, .integer(found.1.sample),
      ]
    }
  }

  /// Commits that add, change and take away; of each the branch, and what it sees.
  private func history(_ store: TestStore, _ generator: inout SeededGenerator) throws -> [(CommitID, [Row])] {
    var states: [(CommitID, [Row])] = []
    var tips: [String: [Row]] = ["main": []]
    let writer = try Store(store.path, for: .writing(waitSeconds: 0, command: "test"))
    for step in 0..<7 {
      if step == 3, let base = states.randomElement(using: &generator) {
        try writer.createRef(.branch, try RefName("side"), at: Revision(base.0.description))
        tips["side"] = base.1
      }
      let branch = step > 3 && Bool.random(using: &generator) ? "side" : "main"
      var rows = tips[branch] ?? []
      let context = CommitContext(branch: branch, author: "test", milliseconds: Int64(step + 1) * 1000)
      let (commit, _) = try writer.commit(context) { change -> (CommitNote, Void) in
        var touched: Set<String> = []
        for _ in 0..<(step == 0 ? 60 : 25) {
          let encoder = Bool.random(using: &generator) ? "halves" : "singles"
          let row = Self.row(Int.random(in: 0..<80, using: &generator), encoder, &generator)
          // A commit does one thing to a row.
          guard touched.insert("\(encoder) \(row.key)").inserted else { continue }
          if let place = rows.firstIndex(where: { $0.encoder == encoder && $0.key == row.key }) {
            let ids = try change.connection.all(
              "SELECT id FROM embeddings WHERE encoder = ?1 AND prompt_id = ?2 AND model IS ?3 AND sample = ?4",
              .text(encoder), .text(row.promptID), row.model.map { .text($0) } ?? .null, .integer(row.sample)
            ) { $0.integer(0) }
            for id in ids { try change.retire(.embeddings, id) }
            rows.remove(at: place)
            if generator.next() % 3 == 0 { continue }
          }
          try change.addEmbedding(row.encoder, row.promptID, row.model, row.sample, row.element, row.bytes)
          rows.append(row)
        }
        return (CommitNote(message: "Step", operation: Operation("test")), ())
      }
      tips[branch] = rows
      states.append((try #require(commit).id, rows))
    }
    return states
  }

  @Test("the nearest are those of the highest cosine, at every commit", arguments: [681, 682, 683] as [UInt64])
  func againstAllCosines(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let test = try TestStore()
    let states = try history(test, &generator)
    let store = try test.reading()
    for (commit, rows) in states {
      let revision = try Revision(commit.description)
      for _ in 0..<4 {
        guard let row = rows.randomElement(using: &generator), row.stored.contains(where: { $0 != 0 }) else { continue }
        let count = [1, 3, 10, 1000].randomElement(using: &generator) ?? 1
        let comment: Comment = "seed \(seed), \(commit), \(row.key) of \(row.encoder), \(count)"
        let isPrompt = row.model == nil
        let parameters: [String: SQLValue] = [
          "key": .text(row.key), "k": .integer(Int64(count)), "encoder": .text(row.encoder), "vector": .blob(row.bytes),
        ]
        func ask(_ call: String) throws -> [[SQLValue]] {
          let sql = "SELECT * FROM \(call) WHERE encoder = :encoder"
          return try store.copies(sql, at: revision, parameters.filter { sql.contains(":\($0.key)") })
        }
        func expect(isAmongPrompts: Bool, without key: String?) -> [[SQLValue]] {
          Self.expected(
            rows, to: row.stored, row.encoder, count, isAmongPrompts: isAmongPrompts, without: key)
        }
        #expect(
          try ask("nearest(:key, :k)") == expect(isAmongPrompts: isPrompt, without: row.key), comment)
        if rows.contains(where: { $0.encoder == row.encoder && $0.model != nil }) {
          #expect(try ask("nearest(:vector, :k)") == expect(isAmongPrompts: false, without: nil), comment)
        }
        if rows.contains(where: { $0.encoder == row.encoder && $0.model == nil }) {
          #expect(try ask("nearest(:key, :k, 'prompts')") == expect(isAmongPrompts: true, without: row.key), comment)
        }
      }
    }
  }

  @Test("cosines and order are those of the function cosine", arguments: [691] as [UInt64])
  func againstSQL(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let test = try TestStore()
    let states = try history(test, &generator)
    let rows = try #require(states.last?.1)
    let row = try #require(rows.first { $0.encoder == "halves" && $0.model != nil && $0.stored.contains { $0 != 0 } })
    let store = try test.reading()
    let parameters: [String: SQLValue] = ["key": .text(row.key), "vector": .blob(row.bytes)]
    let found = try store.copies(
      "SELECT cosine, prompt_id, model, sample FROM nearest(:key, 7) WHERE encoder = 'halves'",
      at: Revision(try #require(states.last?.0.description)), ["key": .text(row.key)])
    let expected = try store.copies(
      """
      SELECT cosine(element, vector, :vector) AS c, prompt_id, model, sample FROM embeddings
      WHERE encoder = 'halves' AND model IS NOT NULL AND c IS NOT NULL
        AND prompt_id || ' ' || model || ' ' || sample <> :key
      ORDER BY c DESC, prompt_id, model, sample LIMIT 7
      """, at: Revision(try #require(states.last?.0.description)), parameters)
    #expect(found == expected, "seed \(seed)")
    #expect(!found.isEmpty)
  }
}

extension Change {
  /// Adds an embedding of any element.
  func addEmbedding(
    _ encoder: String, _ promptID: String, _ model: String?, _ sample: Int64, _ element: EmbeddingElement,
    _ vector: [UInt8]
  ) throws {
    let row = try writer(.embeddings)
    row.text(encoder)
    row.text(promptID)
    row.optionalText(model)
    row.integer(Int(sample))
    row.text(element.rawValue)
    try vector.withUnsafeBytes {
      row.blob($0)
      try row.insert()
    }
  }
}

// Stores with a bit of everything, the same for the same seed.

import AufdbTestSupport
import Foundation

@testable import Aufdb

/// Fills a store by seed, over several commits, with new versions of some rows.
struct RandomContents {
  private var random: SeededGenerator
  private var responses: [(prompt: String, model: String, sample: Int)] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let texts = [
    "", "plain", "a\u{0}b", "\"quoted\"\\\n", "line\u{2028}end", "👩🏽‍🚀 \u{202E}back", "长い答え", " {\"json\": [1]} ", "null",
  ]
  private static let metadata: [String?] = [
    nil, #"{"extra":1}"#, #"{"z":[1.50,{"a":null}],"a":"\u007f","":true}"#,
    #"{"correct_answers":["x"],"deep":{"model":"m"}}"#,
  ]
  private static let aspects: [String?] = [
    nil, #"{"helpfulness":{"Rating":"5","Rationale":"x"}}"#, #"[1,2.0]"#, #""good""#,
    #"{"honesty":{"1":0.25,"2":0.75}}"#,
  ]

  mutating func fill(_ store: TestStore) throws {
    for part in 0..<3 {
      try store.commit { change in
        for index in 0..<Int.random(in: 3...7, using: &random) { try addPrompt("p\(part)-\(index)", to: change) }
        for snapshot in ["base", "s/2 \(part)"] { try addEstimates(snapshot, to: change) }
        try addEmbeddings(part, to: change)
        try addLabels(to: change)
        responses.removeAll()
      }
    }
  }

  private mutating func text() -> String { Self.texts.randomElement(using: &random) ?? "" }

  private mutating func addPrompt(_ promptID: String, to change: Change) throws {
    let prompts = try change.writer(.prompts)
    prompts.text(promptID)
    prompts.optionalText(Bool.random(using: &random) ? text() : nil)
    if Bool.random(using: &random) {
      prompts.text(text())
      prompts.text("text")
    } else {
      prompts.text(#"[{"role":"system","content":"s"},{"role":"user","content":"u","name":null,"n":[1.0]}]"#)
      prompts.text("messages")
    }
    prompts.optionalText(Self.metadata.randomElement(using: &random) ?? nil)
    try prompts.insert()
    let row = try change.writer(.responses)
    for model in ["m1", "org/m2", "ü"] {
      for sample in 0..<Int.random(in: 0...2, using: &random) {
        row.text(promptID)
        row.text(model)
        row.integer(sample)
        row.text(text())
        row.optionalText(Bool.random(using: &random) ? text() : nil)
        row.optionalText(Bool.random(using: &random) ? text() : nil)
        row.optionalText(Self.metadata.randomElement(using: &random) ?? nil)
        try row.insert()
        responses.append((promptID, model, sample))
        try addScores(promptID, model, sample, to: change)
      }
    }
  }

  private mutating func addScores(_ promptID: String, _ model: String, _ sample: Int, to change: Change) throws {
    let row = try change.writer(.scores)
    for judge in ["overall", "other \"judge\"", "third"] where Int.random(in: 0..<3, using: &random) > 0 {
      let aspects = Self.aspects.randomElement(using: &random) ?? nil
      let critique = Bool.random(using: &random) ? text() : nil
      var score: Double? = Double.random(in: -10...10, using: &random)
      if aspects != nil, Bool.random(using: &random) { score = nil }
      row.text(promptID)
      row.text(model)
      row.integer(sample)
      row.text(judge)
      row.optionalReal(score)
      row.optionalText(aspects)
      row.optionalText(critique)
      try row.insert()
    }
  }

  private mutating func addEstimates(_ snapshot: String, to change: Change) throws {
    let isNew =
      try change.connection.integer("SELECT count(*) FROM snapshots WHERE snapshot = ?1", .text(snapshot)) == 0
    if isNew {
      let snapshots = try change.writer(.snapshots)
      snapshots.text(snapshot)
      snapshots.text("import")
      snapshots.null()
      try snapshots.insert()
    }
    let row = try change.writer(.estimates)
    for response in responses {
      let heads = (0..<3).map { _ in Float.random(in: -1...1, using: &random).bitPattern.littleEndian }
      row.text(snapshot)
      row.text(response.prompt)
      row.text(response.model)
      row.integer(response.sample)
      row.real(Double.random(in: -1...1, using: &random))
      row.real(Double.random(in: -3 ... -2, using: &random))
      row.real(Double.random(in: 2...3, using: &random))
      try heads.withUnsafeBytes {
        row.optionalBlob(snapshot == "base" ? $0 : nil)
        try row.insert()
      }
    }
  }

  private mutating func addEmbeddings(_ part: Int, to change: Change) throws {
    let row = try change.writer(.embeddings)
    func add(
      _ encoder: String, _ element: String, _ prompt: String, _ model: String?, _ sample: Int, _ bytes: [UInt8]
    ) throws {
      row.text(encoder)
      row.text(prompt)
      row.optionalText(model)
      row.integer(sample)
      row.text(element)
      try bytes.withUnsafeBytes {
        row.blob($0)
        try row.insert()
      }
    }
    for response in responses {
      let single = MatrixFiles.bytes((0..<4).map { _ in Float.random(in: -1...1, using: &random) })
      try add("org/encoder:1", "f32", response.prompt, response.model, response.sample, single)
      let half = MatrixFiles.bytes((0..<3).map { _ in Float16(Float.random(in: -1...1, using: &random)) })
      try add("ORG-encoder-1", "f16", response.prompt, response.model, response.sample, half)
    }
    for prompt in Set(responses.map(\.prompt)).sorted() {
      try add("ORG-encoder-1", "f16", prompt, nil, 0, MatrixFiles.bytes([Float16](repeating: Float16(part), count: 3)))
    }
  }

  private mutating func addLabels(to change: Change) throws {
    for (one, other) in zip(responses, responses.dropFirst()) where one.prompt == other.prompt {
      let isTie = Bool.random(using: &random)
      try change.addLabel(
        one.prompt, chosen: one.model, rejected: other.model, samples: (one.sample, other.sample),
        judge: Bool.random(using: &random) ? "overall" : "a person", tie: isTie,
        scores: Bool.random(using: &random) ? (nil, nil) : (Double.random(in: 0...9, using: &random), -0.5),
        method: isTie ? nil : "drts", batch: isTie ? nil : 3)
    }
  }
}

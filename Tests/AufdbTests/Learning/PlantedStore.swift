// A made-up world for learning: embeddings are random, and a response's score is a fixed linear function of its own.

import AufdbTestSupport

@testable import Aufdb

/// A store whose rewards can be learned.
final class PlantedStore {
  let fixture: ImportFixture
  var path: String { fixture.path }

  /// - Parameters:
  ///   - responseCount: of each prompt.
  ///   - lacksEmbedding: whether a response, by prompt and response, has no embedding.
  init(
    promptCount: Int = 24, responseCount: Int = 4, dimension: Int = 6, seed: UInt64 = 1,
    lacksEmbedding: (Int, Int) -> Bool = { _, _ in false }
  ) throws {
    fixture = try ImportFixture()
    var generator = SeededGenerator(seed: seed)
    try change { change in
      for prompt in 0..<promptCount {
        let id = Self.promptID(prompt)
        try change.addPrompt(id, "question \(prompt)", source: prompt % 2 == 0 ? "even" : "odd")
        for response in 0..<responseCount {
          let vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
          try change.addResponse(id, "m\(response)", String(repeating: "word ", count: 1 + (prompt + response) % 7))
          try change.addScore(id, "m\(response)", Double(Self.score(vector)))
          if !lacksEmbedding(prompt, response) { try change.addEmbedding(id, "m\(response)", vector) }
        }
      }
    }
  }

  static func promptID(_ number: Int) -> String { "p\(number < 10 ? "0" : "")\(number)" }

  /// From 0 to 1, and the larger the more of the first two directions a vector has.
  static func score(_ vector: [Float]) -> Float { 0.5 + 0.2 * vector[0] + 0.2 * vector[1] }

  func change(_ body: (Change) throws -> Void) throws {
    _ = try fixture.writing { store in
      try store.commit(ImportFixture.context()) { change in
        try body(change)
        return (CommitNote(message: "Test", operation: Operation("test")), ())
      }
    }
  }

  @discardableResult
  func train(_ options: TrainOptions, threadCount: Int = 1) throws -> (commit: Commit?, report: TrainReport) {
    try fixture.writing { try $0.train(options, threadCount: threadCount, context: ImportFixture.context()) }
  }

  @discardableResult
  func score(_ options: ScoreOptions, threadCount: Int = 1) throws -> (commit: Commit?, report: ScoreReport) {
    try fixture.writing { try $0.score(options, threadCount: threadCount, context: ImportFixture.context()) }
  }

  /// Selects by `random` and annotates by the planted scores.
  func label() throws {
    try fixture.select(SelectOptions(method: "random", seed: 3))
    try fixture.annotate(.scores(judge: "overall"))
  }

  @discardableResult
  func run(
    _ configuration: RunConfiguration, threadCount: Int = 1, progress: ((RunProgress) throws -> Void)? = nil
  ) throws -> RunReport {
    try fixture.writing {
      try $0.run(configuration, threadCount: threadCount, context: { ImportFixture.context() }, progress: progress)
    }
  }
}

extension Change {
  /// Adds an embedding in single precision.
  func addEmbedding(
    _ promptID: String, _ model: String?, sample: Int = 0, encoder: String = "planted", _ vector: [Float]
  ) throws {
    let row = try writer(.embeddings)
    row.text(encoder)
    row.text(promptID)
    row.optionalText(model)
    row.integer(sample)
    row.text("f32")
    try vector.withUnsafeBytes {
      row.blob($0)
      try row.insert()
    }
  }
}

extension LearnerSettings {
  /// Small enough for a test.
  static var small: LearnerSettings {
    var settings = LearnerSettings()
    settings.headCount = 4
    settings.hiddenCount = 6
    settings.stepCount = 6
    settings.batchSize = 8
    settings.learningRate = 0.02
    return settings
  }
}

extension RunConfiguration {
  /// A run of small iterations on the planted scores.
  static var small: RunConfiguration {
    var configuration = RunConfiguration()
    configuration.judge = "scores:overall"
    configuration.outerBatch = 5
    configuration.learner = .small
    return configuration
  }
}

// A run that begins with nothing but prompts: the same commits, whether or not something stopped it, and no question
// asked twice.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Run with models") struct ModelledRunTests {
  private struct Interrupted: Error {}

  /// A store and its models, which answer by what they are asked alone.
  private final class World {
    let store: AskingStore
    /// How often each question was asked.
    private(set) var asked: [QuestionID: Int] = [:]
    private(set) var names: [String] = []
    /// How many more requests are answered before somebody stops the run; nil: all.
    var patience: Int?

    init() throws {
      store = try AskingStore()
      try store.change { change in
        for number in 0..<9 { try change.addPrompt("p\(number)", "question \(number)") }
      }
    }

    var models: RunModels {
      RunModels { [self] name, job in
        names.append(name)
        let job = try job()
        while let request = try job.next() {
          if patience == 0 { throw Interrupted() }
          patience = patience.map { $0 - 1 }
          for question in request.questions { asked[question, default: 0] += 1 }
          try job.keep(Array(zip(request.questions, request.questions.map { Self.answer($0, to: request) })))
          try job.finishKeeping()
        }
      }
    }

    private static func answer(_ question: QuestionID, to request: ModelRequest) -> KeptAnswer {
      let numbers = question.bytes.prefix(3).map { Float($0) / 256 }
      if case .vectors = request.expectation {
        return .vector(numbers.flatMap { withUnsafeBytes(of: $0, Array.init) }, tokens: 1)
      }
      guard request.bodyText.contains("response_a") else { return .said("response \(numbers[0])") }
      let shown = request.bodyText.matches(of: /nresponse ([0-9.e-]+)/).map { Float($0.output.1) ?? 0 }
      return .likely(shown[0] > shown[1])
    }

    @discardableResult
    func run(_ configuration: RunConfiguration) throws -> RunReport {
      try store.fixture.writing {
        try $0.run(configuration, threadCount: 1, context: { self.store.context() }, models: models)
      }
    }
  }

  private var configuration: RunConfiguration {
    var configuration = RunConfiguration.small
    configuration.judge = "chooser"
    configuration.encoder = "mini"
    configuration.models = ["ember", "flint"]
    configuration.outerBatch = 4
    configuration.heldoutCount = 2
    return configuration
  }

  @Test("responses, vectors and labels are made of answers, each by its own commit")
  func whole() throws {
    let world = try World()
    let report = try world.run(configuration)
    #expect(report.end == .prompts && report.iterationCount == 2 && report.promptCount == 7)
    let fixture = world.store.fixture
    #expect(try fixture.count(.responses) == 18 && fixture.count(.embeddings) == 18 && fixture.count(.labels) == 9)
    #expect(world.names.prefix(3) == ["ember@1", "flint@1", "mini@1"])
    #expect(Set(world.names.dropFirst(3)) == ["chooser@1"])
    #expect(try Set(world.store.lines("SELECT DISTINCT judge FROM labels")) == ["chooser@1"])
    #expect(try world.store.lines("SELECT DISTINCT encoder FROM embeddings") == ["mini@1"])
    #expect(world.asked.values.allSatisfy { $0 == 1 })
    #expect(try fixture.isSound())
    // What has come to its end asks nothing more.
    let (count, head) = (world.asked.count, try fixture.head())
    #expect(try world.run(configuration).newIterationCount == 0 && world.asked.count == count && fixture.head() == head)
  }

  @Test("stopped anywhere it ends with the same commits, and asks nothing twice", arguments: [UInt64(1), 2, 3])
  func resumes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var configuration = configuration
    configuration.checkpointInterval = 2
    let (whole, broken) = (try World(), try World())
    try whole.run(configuration)
    var stopCount = 0
    while true {
      broken.patience = Int.random(in: 1...12, using: &generator)
      do {
        try broken.run(configuration)
        break
      } catch is Interrupted {
        stopCount += 1
      }
    }
    #expect(stopCount >= 4, "seed \(seed)")
    #expect(broken.asked == whole.asked && broken.asked.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    #expect(try broken.store.fixture.head() == whole.store.fixture.head(), "seed \(seed)")
    #expect(try broken.store.fixture.everything() == whole.store.fixture.everything(), "seed \(seed)")
  }

  @Test("only the prompts that it will go through are answered")
  func limits() throws {
    let world = try World()
    var configuration = configuration
    configuration.heldoutCount = 0
    configuration.promptLimit = 4
    configuration.sampleCount = 2
    try world.run(configuration)
    #expect(try world.store.fixture.count(.responses) == 16)
    #expect(world.asked.values.allSatisfy { $0 == 1 })
  }

  @Test("where a bound is raised, the run goes on with the other prompts", arguments: [0, 2])
  func raised(heldoutCount: Int) throws {
    var configuration = configuration
    configuration.heldoutCount = heldoutCount
    let raised = try World()
    configuration.promptLimit = 4
    #expect(try raised.run(configuration).end == .prompts)
    #expect(try raised.store.fixture.count(.responses) == 2 * (4 + heldoutCount))
    for limit in [6, nil] {
      let (count, head) = (raised.asked.count, try raised.store.fixture.head())
      configuration.promptLimit = limit
      let report = try raised.run(configuration)
      #expect(report.promptCount == min(limit ?? .max, 9 - heldoutCount) && report.end == .prompts)
      #expect(try raised.asked.count > count && raised.store.fixture.head() != head)
      #expect(try raised.run(configuration).newIterationCount == 0)
    }
    #expect(raised.asked.values.allSatisfy { $0 == 1 })
    #expect(try raised.store.fixture.count(.labels) == 9 && raised.store.fixture.isSound())
  }

  @Test("other settings are refused before anything is asked")
  func otherSettings() throws {
    let world = try World()
    try world.run(configuration)
    let count = world.asked.count
    for set: (inout RunConfiguration) -> Void in [
      { $0.seed = 9 }, { $0.heldoutCount = 3 }, { $0.outerBatch = 3 }, { $0.judge = "rater" },
    ] {
      var other = configuration
      set(&other)
      let error = #expect(throws: AufdbError.self) { try world.run(other) }
      #expect(error?.message.contains("was begun with other settings") == true, "\(String(describing: error))")
    }
    #expect(world.asked.count == count)
  }

  @Test("a judge, a model or an encoder that isn't defined is refused before anything is asked")
  func refusals() throws {
    let world = try World()
    for set: (inout RunConfiguration) -> Void in [
      { $0.judge = "nobody" }, { $0.models = ["ember", "nobody"] }, { $0.judge = "ember" }, { $0.encoder = "nobody" },
    ] {
      var configuration = configuration
      set(&configuration)
      #expect(throws: AufdbError.self) { try world.run(configuration) }
      #expect(world.asked.isEmpty)
    }
    let error = #expect(throws: AufdbError.self) {
      try world.store.fixture.writing { try $0.run(configuration, threadCount: 1, context: { world.store.context() }) }
    }
    #expect(error?.kind == .internalDefect)
  }
}

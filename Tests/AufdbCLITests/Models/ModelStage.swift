// A store whose models are behind the server with faults, and command lines that ask them.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// A store with prompts, and a model, two judges and an encoder that one server answers for.
final class ModelStage {
  let stage: CommandStage
  let server: FaultServer
  /// What the server knows this store's requests by.
  let name = UUID().uuidString
  var environment: [String: String] = [:]

  var store: String { stage.store }
  var book: FaultServer.Book { get throws { try server.book(name) } }

  static let rows = "SELECT prompt_id, response, metadata ->> 'failure' AS failure FROM responses ORDER BY 1"

  /// - Parameters:
  ///   - script: what the server does (server.py).
  ///   - lines: further lines of the model's definition.
  init(_ script: String, promptCount: Int = 4, concurrency: Int = 1, lines: [String] = []) throws {
    server = try FaultServer.shared()
    stage = try CommandStage(bare: ())
    try stage.expectDone("init", store)
    try importPrompts(0..<promptCount)
    try define(url: server.baseURL(name, script), concurrency: concurrency, lines)
  }

  /// Prompts "p0", "p1"... with the texts "question 0"...
  func importPrompts(_ numbers: Range<Int>, completions: String = "") throws {
    guard !numbers.isEmpty else { return }
    let lines = numbers.map {
      #"{"prompt_id":"p\#($0)","prompt":"question \#($0)","completions":[\#(completions)]}"# + "\n"
    }
    try stage.expectDone("import", store, stage.file("prompts.jsonl", lines.joined()), "--as", "completions")
  }

  /// Two responses to each prompt, and a selected pair of them.
  func importPairs(count: Int) throws {
    try importPrompts(
      0..<count,
      completions: #"{"model":"a","response_text":"a good one"},{"model":"b","response_text":"a bad one"}"#)
    try stage.expectDone("select", store, "--method", "random")
  }

  func define(url: String, concurrency: Int = 1, _ lines: [String] = []) throws {
    let yaml = """
      models:
        ember:
          url: "\(url)"
          limits: {concurrency: \(concurrency), attempts: 2, timeout: 30}
      \(lines.map { "    \($0)\n" }.joined())
      judges:
        rater: {endpoint: ember, rubric: ultrafeedback}
        chooser: {endpoint: ember, rubric: preference}
      encoders:
        mini: {endpoint: ember, dimensions: 3, element: f32, batch: 2}
      """
    try stage.expectDone("model", "add", store, stage.file("models.yaml", yaml))
  }

  func run(_ arguments: String...) -> TestRun { run(arguments) }

  func run(_ arguments: [String], isErrorTerminal: Bool = false) -> TestRun {
    let test = TestSurroundings()
    test.environment = environment
    test.isErrorTerminal = isErrorTerminal
    test.millisecondsPerLook = isErrorTerminal ? 1000 : 0
    let exitCode = AufdbCommand.run(arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }

  /// A query's rows as CSV, without the names of columns.
  func lines(_ sql: String) -> [String] {
    CommandStage.run(["query", store, sql, "--format", "csv"]).output.split(separator: "\n").dropFirst().map(
      String.init)
  }

  func keptCount() throws -> Int {
    try Store(store, for: .reading).withConnection { Int(try $0.integer("SELECT count(*) FROM answer")) }
  }

  /// Expects that every question was answered once at our expense.
  func expectPaidOnce(_ questions: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let paid = try book.paid
    #expect(paid == Dictionary(uniqueKeysWithValues: questions.map { ($0, 1) }), sourceLocation: sourceLocation)
  }
}

/// The built command at work, in a process of its own.
final class ModelProcess {
  private let process = Process()
  private let (output, error) = (Pipe(), Pipe())

  var identifier: pid_t { process.processIdentifier }

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    process.executableURL = URL(filePath: try #require(BuiltCommand.path))
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    (process.standardInput, process.standardOutput, process.standardError) = (FileHandle.nullDevice, output, error)
    // Threads of a concurrent program block signals, and so their children begin with these blocked, too. An interrupt
    // must come through all the same.
    var (interrupt, before) = (sigset_t(), sigset_t())
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_BLOCK, &interrupt, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  deinit { if process.isRunning { kill(identifier, SIGKILL) } }

  func send(_ signal: Int32) { kill(identifier, signal) }

  /// What it was started with, as `ps` shows it.
  func commandLine() throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(identifier)/cmdline")), as: UTF8.self)
  }

  /// Waits until it ends. A signal that killed it is a negative exit code.
  func end() -> TestRun {
    // Neither fills its pipe: the outputs are a few lines.
    let texts = [output, error].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return TestRun(output: texts[0], error: texts[1], exitCode: code)
  }
}

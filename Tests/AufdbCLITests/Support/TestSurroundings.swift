// Surroundings that tests look into, and running a command line in them.

import Foundation

@testable import Aufdb
@testable import AufdbCLI

/// What a command line gave.
struct TestRun {
  var output: String
  var error: String
  var exitCode: Int32
}

/// Takes what verbs write, and stands in for the terminal, the environment and the clock.
final class TestSurroundings {
  private(set) var bytes: [UInt8] = []
  private(set) var error = ""
  var terminalColumns: Int?
  var isErrorTerminal = false
  var environment: [String: String] = [:]
  var standardInput = ""
  var milliseconds: Int64 = 1_700_000_000_123
  /// How much later it is whenever somebody looks at the clock.
  var millisecondsPerLook: Int64 = 0
  /// Fails every write with this, if set.
  var failure: StreamError?

  var output: String { String(decoding: bytes, as: UTF8.self) }

  var surroundings: Surroundings {
    var lines = standardInput.split(separator: "\n").map(String.init)[...]
    return Surroundings(
      output: StandardOutput { bytes throws(StreamError) in
        if let failure = self.failure { throw failure }
        self.bytes += Array(bytes)
      },
      terminalColumns: terminalColumns, writeBeside: { self.error += $0 }, isErrorTerminal: isErrorTerminal,
      environment: { self.environment[$0] }, loginName: { "somebody" }, now: self.look,
      readStandardInput: { self.standardInput }, readInputLine: { lines.popFirst() })
  }

  private func look() -> Int64 {
    defer { milliseconds += millisecondsPerLook }
    return milliseconds
  }

  /// Runs a command line.
  func run(_ arguments: String...) -> TestRun {
    let exitCode = AufdbCommand.run(arguments, in: surroundings)
    return TestRun(output: output, error: error, exitCode: exitCode)
  }

  /// What a format makes of some rows.
  static func rendering(
    _ format: OutputFormat, _ columns: [String], _ rows: [[SQLValue]], terminalColumns: Int? = nil
  ) throws -> String {
    let test = TestSurroundings()
    test.terminalColumns = terminalColumns
    test.environment = ["NO_COLOR": "1"]
    let surroundings = test.surroundings
    try format.write(columns, rows, in: surroundings)
    try surroundings.output.flush()
    return test.output
  }
}

/// A store without data, which goes when this object does.
final class EmptyStore {
  private let folder: URL
  let path: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    path = folder.appending(path: "store.aufdb").path(percentEncoded: false)
    try Store.create(at: path, context: CommitContext(author: "test", milliseconds: 1_700_000_000_000))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

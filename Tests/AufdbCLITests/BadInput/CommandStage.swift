// What the tests of bad input share: a store with some history, and command lines that must leave it as it is.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// A folder with a store, which goes when this object does.
final class CommandStage {
  let folder: URL
  var store: String { path("store.aufdb") }

  /// Two prompts of two scored responses each, and estimates of two of them, in two commits.
  static let completions = """
    {"prompt_id":"p1","prompt":"q1","completions":[{"model":"a","response_text":"yes","overall_score":1},\
    {"model":"b","response_text":"no","overall_score":2}]}
    {"prompt_id":"p2","prompt":"q2","completions":[{"model":"a","response_text":"yes","overall_score":"3.5"},\
    {"model":"b","response_text":"no"}]}

    """
  static let estimates = """
    {"prompt_id":"p1","model":"a","reward":0.5,"lower":0,"upper":1}
    {"prompt_id":"p1","model":"b","reward":0.25,"lower":0,"upper":1}

    """

  /// The store's bytes, made once for all tests: none of them may change it.
  private static let template = Result {
    let stage = try CommandStage(bare: ())
    try stage.expectDone("init", stage.store)
    try stage.expectDone("import", stage.store, stage.file("completions.jsonl", completions))
    try stage.expectDone("import", stage.store, stage.file("base.jsonl", estimates))
    return try stage.bytes("store.aufdb")
  }

  init() throws {
    folder = try Self.makeFolder()
    try file("store.aufdb", Self.template.get())
  }

  /// Without a store.
  init(bare: Void) throws { folder = try Self.makeFolder() }

  private static func makeFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-bad-input-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    return folder
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  /// Writes a file; returns its path.
  @discardableResult
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }

  /// The text compressed.
  func compressed(_ text: String, _ compression: Compression) throws -> [UInt8] {
    try compressed(Array(text.utf8), compression)
  }

  func compressed(_ content: [UInt8], _ compression: Compression) throws -> [UInt8] {
    let name = UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path(name)) }
    let sink = try ByteSink(path: path(name), compression: compression)
    try content.withUnsafeBytes { try sink.write($0) }
    try sink.finish()
    return try bytes(name)
  }

  static func run(_ arguments: [String]) -> TestRun {
    let test = TestSurroundings()
    let exitCode = AufdbCommand.run(arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }

  func expectDone(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = Self.run(arguments)
    #expect(run.exitCode == 0, "\(run.error)", sourceLocation: sourceLocation)
  }

  /// Every file of the folder with its bytes.
  func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path("")) {
      contents[name] = (try? Data(contentsOf: URL(filePath: path(name)))) ?? Data()
    }
    return contents
  }

  /// Runs a command line that must fail so, and must leave every file of the folder as it is.
  ///
  /// - Parameters:
  ///   - exitCode: what the process exits with.
  ///   - error: the whole text after "error: "; `{}` stands for the folder's path.
  ///   - hint: the whole text after "hint: "; nil where any hint, or none, is fine.
  func expectRefused(
    _ arguments: [String], exitCode: Int32, error: String, hint: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents()
    let run = Self.run(arguments)
    let lines = run.error.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let folder = String(path("").dropLast(path("").hasSuffix("/") ? 1 : 0))
    #expect(run.exitCode == exitCode, sourceLocation: sourceLocation)
    #expect(
      lines.first == "error: " + error.replacing("{}", with: folder), sourceLocation: sourceLocation)
    #expect(lines.last == "", "the last line ends, too", sourceLocation: sourceLocation)
    #expect(
      lines.dropFirst(2).dropLast().allSatisfy { $0.hasPrefix("  ") }, "one line, and one hint, below it what it lists",
      sourceLocation: sourceLocation)
    if lines.count >= 3 { #expect(lines[1].hasPrefix("hint: "), sourceLocation: sourceLocation) }
    if let hint {
      #expect(lines.dropFirst().first == "hint: " + hint.replacing("{}", with: folder), sourceLocation: sourceLocation)
    }
    #expect(run.output == "", sourceLocation: sourceLocation)
    let after = try contents()
    #expect(after.keys.sorted() == before.keys.sorted(), "no file comes or goes", sourceLocation: sourceLocation)
    for (name, bytes) in before {
      #expect(after[name] == bytes, "\(name) is unchanged", sourceLocation: sourceLocation)
    }
  }
}

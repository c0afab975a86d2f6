// What only a process of its own shows: standard input from a pipe, and what a shell sees of errors.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// The command, built beside the tests.
enum BuiltCommand {
  /// Its path; nil where only the tests were built.
  static let path: String? = {
    guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "aufdb").path(percentEncoded: false)
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Runs it with some bytes on a pipe to its standard input.
  static func run(_ arguments: [String], input: [UInt8]) throws -> TestRun {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    process.arguments = arguments
    let (standardInput, output, error) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (standardInput, output, error)
    try process.run()
    // A command that fails early doesn't read on; that mustn't kill the tests.
    signal(SIGPIPE, SIG_IGN)
    try? standardInput.fileHandleForWriting.write(contentsOf: Data(input))
    try standardInput.fileHandleForWriting.close()
    // Neither fills its pipe: the outputs are a few lines.
    let (outputData, errorData) = (
      output.fileHandleForReading.readDataToEndOfFile(), error.fileHandleForReading.readDataToEndOfFile()
    )
    process.waitUntilExit()
    return TestRun(
      output: String(decoding: outputData, as: UTF8.self), error: String(decoding: errorData, as: UTF8.self),
      exitCode: process.terminationStatus)
  }
}

@Suite("Standard input", .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
struct PipeTests {
  private let stage: CommandStage
  private let input = CommandStage.completions.replacing(#""p1""#, with: #""n1""#).replacing(#""p2""#, with: #""n2""#)

  init() throws { stage = try CommandStage() }

  private static let sql =
    "SELECT * FROM prompts JOIN responses USING (prompt_id) LEFT JOIN scores USING (prompt_id, model)"

  @Test("gives what a file gives, plain or compressed")
  func sameRows() throws {
    try stage.expectDone("import", stage.store, stage.file("n.jsonl", input))
    let expected = CommandStage.run(["query", stage.store, Self.sql, "--format", "jsonl"]).output
    #expect(expected.split(separator: "\n").count == 8)
    let forms = [
      Array(input.utf8), try stage.compressed(input, .zstd()), try stage.compressed(input, .gzip()),
    ]
    for bytes in forms {
      let other = try CommandStage()
      let run = try BuiltCommand.run(["import", other.store, "-"], input: bytes)
      #expect(run.exitCode == 0, "\(run.error)")
      #expect(run.error.contains("Import 2 prompts, 4 responses, 3 scores from -"))
      #expect(CommandStage.run(["query", other.store, Self.sql, "--format", "jsonl"]).output == expected)
    }
  }

  @Test("is named in errors, and changes nothing then")
  func errors() throws {
    let before = try stage.contents()
    let zstd = try stage.compressed(input, .zstd())
    let cases: [([UInt8], [String], Int32, String)] = [
      (Array("\n{\"x\"}".utf8), [], 65, "error: unexpected '}' (standard input:2)"),
      ([], [], 65, "error: the file is empty (standard input)"),
      (Array(zstd.dropLast(8)), [], 65, "error: the zstd-compressed data is cut off (standard input:"),
      (
        Array(CommandStage.estimates.utf8), [], 64, "error: estimates from standard input need a snapshot's name"
      ),
      (Array(CommandStage.estimates.utf8), ["--as", "completions"], 65, "error: prompt is missing (standard input:1)"),
    ]
    for (bytes, options, exitCode, error) in cases {
      let run = try BuiltCommand.run(["import", stage.store, "-"] + options, input: bytes)
      #expect(run.exitCode == exitCode)
      #expect(run.error.hasPrefix(error), "\(run.error)")
      #expect(run.output == "")
      #expect(try stage.contents() == before)
    }
    let estimates = try BuiltCommand.run(
      ["import", stage.store, "-", "--snapshot", "piped"], input: Array(CommandStage.estimates.utf8))
    #expect(estimates.exitCode == 0)
    #expect(estimates.error.contains("Import 1 snapshot, 2 estimates from -"))
  }

  @Test("errors go to standard error with the exit code of their kind, and help to standard output")
  func exitCodes() throws {
    for (arguments, exitCode) in [
      (["stats", stage.path("no.aufdb")], Int32(66)), (["query", stage.store, "SELECT nonsense"], 1),
      (["nonsense"], 64),
      (["import", stage.store, stage.path("no.jsonl")], 66), (["init", stage.store], 1),
    ] {
      let run = try BuiltCommand.run(arguments, input: [])
      #expect(run.exitCode == exitCode)
      #expect(run.output == "" && run.error.hasPrefix("error: "))
    }
    let help = try BuiltCommand.run(["import", "--help"], input: [])
    #expect(help.exitCode == 0 && help.error == "" && help.output.contains("USAGE: aufdb import"))
  }
}

// `aufdb select -` as a shell sees it: what goes where, and what it exits with.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("select -", .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
struct SelectFilterTests {
  private static let good = #"{"prompt_id":"p1","rewards":[0.1,0.9],"lower":[0.0,0.7],"upper":[0.2,1.1]}"# + "\n"
  private static let pair = #"{"prompt_id":"p1","first":1,"second":0}"# + "\n"

  private func run(_ options: [String], _ input: String) throws -> TestRun {
    try BuiltCommand.run(["select", "-"] + options, input: Array(input.utf8))
  }

  @Test("pairs go to standard output, and nothing to standard error")
  func pairs() throws {
    for options in [
      ["--method", "deltaucb"], ["--method", "drts", "--seed", "7", "--beta", "0", "--max-iterations", "3"],
    ] {
      let run = try run(options, Self.good + "\r\n" + Self.good)
      #expect(run.output == Self.pair + Self.pair)
      #expect(run.error == "" && run.exitCode == 0)
    }
    let nothing = try run(["--method", "drts"], "")
    #expect(nothing.output == "" && nothing.error == "" && nothing.exitCode == 0)
  }

  @Test("what was passed over is said at the end")
  func notes() throws {
    let input =
      Self.good + #"{"prompt_id":"one","rewards":[9],"lower":[0],"upper":[1]}"# + "\n{\n" + Self.good
      + #"{"prompt_id":17}"#
    let run = try run(["--method", "drts", "--skip-bad"], input)
    #expect(run.output == Self.pair + Self.pair && run.exitCode == 0)
    #expect(
      run.error == """
        prompts with fewer than two responses: 1
        responses with a reward outside their own bounds: 1
        bad lines passed over: 2; the first: the text ends before its value does (standard input:3)

        """)
  }

  @Test("a bad line exits with 65, after the pairs before it")
  func badLine() throws {
    let run = try run(["--method", "drts"], Self.good + #"{"prompt_id":"x","rewards":[1]}"# + "\n" + Self.good)
    #expect(run.output == Self.pair && run.exitCode == 65)
    #expect(
      run.error == "error: lower, upper are missing (standard input:2)\nhint: the method needs rewards, lower, upper\n")
  }

  @Test("options shape the output")
  func shapes() throws {
    let three = #"{"prompt_id":"p","rewards":[1,2,3],"lower":[1,2,3],"upper":[1,2,3]}"#
    let judged = try run(["--method", "deltaucb", "--judged", "3"], three)
    #expect(judged.output.split(separator: "\n").count == 3 && judged.exitCode == 0)
    let explained = try run(["--method", "deltaucb", "--explain"], three)
    #expect(explained.output.hasPrefix(#"{"prompt_id":"p","first":2,"second":0,"explanation":{"first":{"reward":3.0,"#))
  }

  @Test("wrong usage exits with 64, before anything is read")
  func usage() throws {
    let cases: [([String], String)] = [
      (["--method", "dtrs"], "there is no selection method 'dtrs'"),
      (["--method", "deltaucb", "--beta", "1"], "the method deltaucb has no parameter 'beta'"),
      (["--method", "drts", "--judged", "1"], "1 judged responses make no pair"),
      (["--method", "drts", "--snapshot", "s"], "--snapshot means nothing without a store"),
      (["--method", "drts", "--judge", "j"], "--judge means nothing without a store"),
      (["--method", "drts", "--limit", "3"], "--limit means nothing without a store"),
      (["--method", "drts", "--again"], "--again means nothing without a store"),
      (["--method", "drts", "--all"], "--all means nothing without a store"),
      (["--method", "drts", "--where", "1"], "--where means nothing without a store"),
      (["--method", "drts", "--budget", "1"], "--budget means nothing without a store"),
      (["--method", "drts", "--judge-budget", "1"], "--judge-budget means nothing without a store"),
      (["--method", "drts", "--max-per-prompt", "1"], "--max-per-prompt means nothing without a store"),
      (["--method", "drts", "--labels-by", "x"], "--labels-by means nothing without a store"),
      (["--method", "drts", "--order", "gap"], "--order means nothing without a store"),
      (["--method", "drts", "--encoder", "x"], "--encoder means nothing without a store"),
      (["--method", "drts", "--allow-partial"], "--allow-partial means nothing without a store"),
      (["--method", "drts", "--format", "json"], "--format means nothing without a store"),
      (["--method", "drts", "--at", "main"], "--at means nothing without a store"),
      (["--method", "drts", "--branch", "b"], "--branch means nothing without a store"),
      (["--method", "drts", "-m", "text"], "--message means nothing without a store"),
      (["--method", "drts", "--author", "ada"], "--author means nothing without a store"),
      (["--method", "drts", "--wait", "3"], "--wait means nothing without a store"),
    ]
    for (options, message) in cases {
      let run = CommandStage.run(["select", "-"] + options)
      #expect(run.exitCode == 64 && run.output == "")
      #expect(run.error.hasPrefix("error: \(message)\nhint: "), "\(run.error)")
    }
  }

  @Test("the filter's own option means nothing with a store")
  func filterOptions() throws {
    let stage = try CommandStage()
    try stage.expectRefused(
      ["select", stage.store, "--method", "drts", "--skip-bad"], exitCode: 64, error: "--skip-bad is for the filter")
  }

  /// Runs a shell command line in which $0 is the command; gives its exit code and standard error.
  private func shell(_ line: String) throws -> TestRun {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line, try #require(BuiltCommand.path)]
    let (output, error) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, error)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return TestRun(
      output: String(decoding: outputData, as: UTF8.self), error: String(decoding: errorData, as: UTF8.self),
      exitCode: process.terminationStatus)
  }

  @Test("standard input that can't be read exits with 66, standard output that can't be written with 74")
  func badStreams() throws {
    let closed = try shell(#""$0" select - --method drts <&-"#)
    #expect(closed.exitCode == 66 && closed.error.hasPrefix("error: can't be opened: "))
    let folder = try shell(#""$0" select - --method drts </"#)
    #expect(folder.exitCode == 66 && folder.error.hasPrefix("error: can't be opened: it is a directory"))
    let full = try shell(#"printf '%s' '\#(Self.good)' | "$0" select - --method drts >/dev/full"#)
    #expect(full.exitCode == 74 && full.error.hasPrefix("error: standard output: can't be written: "), "\(full.error)")
    let nothing = try shell(#""$0" select - --method drts </dev/null"#)
    #expect(nothing.exitCode == 0 && nothing.output == "" && nothing.error == "")
  }

  @Test("a reader that goes away ends it silently")
  func closedPipe() throws {
    let stage = try CommandStage()
    // More pairs than any pipe and buffer hold.
    let path = try stage.file("prompts", String(repeating: Self.good, count: 40_000))
    let run = try shell(#"{ "$0" select - --method drts <'\#(path)'; echo "exit $?" >&2; } | head -n 1"#)
    #expect(run.output == Self.pair)
    #expect(run.error == "exit 0\n")
  }
}

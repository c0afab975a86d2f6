// Errors as people see them, and the exit code of each.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct ErrorRenderingTests {
  @Test(
    arguments: [
      (AufdbError.Kind.refused, 1), (.usage, 64), (.badData, 65), (.cannotOpenInput, 66), (.internalDefect, 70),
      (.cannotCreateOutput, 73), (.inputOutput, 74), (.busy, 75),
    ] as [(AufdbError.Kind, Int32)])
  func everyKindHasItsExitCode(_ kind: AufdbError.Kind, _ exitCode: Int32) {
    let rendering = ErrorRendering(AufdbError(kind, "what is wrong"))
    #expect(rendering.exitCode == exitCode)
    #expect(rendering.standardError == "error: what is wrong\n")
    #expect(rendering.standardOutput.isEmpty)
  }

  @Test func placeAndHint() {
    let error = AufdbError(.badData, "not JSON", hint: "look at it", at: .init(file: "a.jsonl", line: 3))
    #expect(ErrorRendering(error).standardError == "error: not JSON (a.jsonl:3)\nhint: look at it\n")
  }

  @Test func aHintMayListThings() {
    let error = AufdbError(.refused, "which", hint: "one of these:\na\u{7}\nerror: b")
    #expect(ErrorRendering(error).standardError == "error: which\nhint: one of these:\n  a\\x07\n  error: b\n")
  }

  @Test(
    arguments: [
      (.cannotOpen, 66), (.badData, 65), (.cannotCreate, 73), (.inputOutput, 74),
    ] as [(StreamError.Kind, Int32)])
  func streamErrors(_ kind: StreamError.Kind, _ exitCode: Int32) {
    let rendering = ErrorRendering(StreamError(kind: kind, path: "a.zst", reason: "cut off", hint: "fetch it again"))
    #expect(rendering.exitCode == exitCode)
    #expect(rendering.standardError == "error: a.zst: cut off\nhint: fetch it again\n")
  }

  @Test func aStreamErrorNamesItsLine() {
    let rendering = ErrorRendering(StreamError(kind: .badData, path: "a.jsonl", reason: "too long", line: 7))
    #expect(rendering.standardError == "error: too long (a.jsonl:7)\n")
  }

  @Test func aClosedPipeIsSilent() {
    let rendering = ErrorRendering(StreamError(kind: .closedPipe, path: "standard output", reason: "closed"))
    #expect(rendering == ErrorRendering(StreamError(kind: .closedPipe, path: "x", reason: "y")))
    #expect(rendering.exitCode == 0)
    #expect(rendering.standardError.isEmpty)
  }

  @Test func aDefectSaysSo() {
    struct Surprise: Error {}
    let rendering = ErrorRendering(Surprise())
    #expect(rendering.exitCode == 70)
    #expect(rendering.standardError.hasPrefix("error: "))
  }

  @Test func controlCharactersAreMadeVisible() {
    let rendering = ErrorRendering(AufdbError(.refused, "no '\u{1B}[2J\n'", hint: "\u{7}"))
    #expect(rendering.standardError == "error: no '\\x1b[2J\\n'\nhint: \\x07\n")
  }
}

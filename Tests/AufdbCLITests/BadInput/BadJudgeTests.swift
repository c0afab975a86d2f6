// Judges that can't judge: what the command says, and that nothing was changed.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Bad judges") struct BadJudgeTests {
  private let stage: CommandStage

  init() throws {
    stage = try CommandStage()
    try stage.expectDone("select", stage.store, "--method", "random")
  }

  private func expectRefused(
    _ judge: String, _ options: String..., exitCode: Int32, _ error: String, hint: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try stage.expectRefused(
      ["annotate", stage.store, "--judge", judge] + options, exitCode: exitCode, error: error, hint: hint,
      sourceLocation: sourceLocation)
  }

  @Test("commands that fail, or answer wrongly")
  func commands() throws {
    try expectRefused(
      "command:read -r line; exit 3", "--judge-restarts", "0", exitCode: 1, "the judge 'read' exited with code 3")
    try expectRefused(
      "command:while read -r line; do :; done", "--judge-timeout", "0.2", "--judge-restarts", "0", "--judge-name", "j",
      exitCode: 1, "the judge 'j' gave no answer for 0.2 seconds and was killed",
      hint: "it must write each answer out at once (python3 -u, jq --unbuffered), or be run with --judge-reads-to-end")
    try expectRefused(
      "command:echo x; cat >/dev/null", exitCode: 65,
      "a judge's answer is bad: unexpected 'x': x (output of echo x; cat >/dev/null:1)")
  }

  @Test("what was answered before a failure is committed, and the exit code tells")
  func partly() throws {
    let script = #"read -r a; echo '{"id":0,"choice":"tie"}'; exit 4"#
    let run = CommandStage.run(
      ["annotate", stage.store, "--judge", "command:\(script)", "--judge-name", "j", "--judge-restarts", "0"])
    #expect(run.exitCode == 1)
    #expect(
      run.error.hasSuffix(
        "] Annotate 1 pairs by j, 1 of them ties; it failed with 1 left\n  1 selections are left without a label\n"
          + "error: the judge 'j' exited with code 4\nhint: what it wrote to standard error may tell why\n"))
  }

  @Test("files are written, and bad ones are refused by line")
  func files() throws {
    let path = stage.path("pairs.jsonl")
    let written = CommandStage.run(["annotate", stage.store, "--judge", "file:\(path)"])
    #expect(written.exitCode == 0)
    #expect(
      written.error == "nothing to commit: 2 pairs are written to \(path): set \"choice\" to first, second or tie, and "
        + "run this again\n")
    try expectNothingAnswered()
    try stage.file("bad.jsonl", "\n{\"choice\":\"first\"}\n")
    try expectRefused(
      "file:\(stage.path("bad.jsonl"))", exitCode: 65, "prompt_id is missing ({}/bad.jsonl:2)")
  }

  private func expectNothingAnswered() throws {
    let path = stage.path("pairs.jsonl")
    let none = CommandStage.run(["annotate", stage.store, "--judge", "file:\(path)"])
    #expect(
      none.error == "nothing to commit: \(path) has no new answer\n  2 selections are not answered yet\n")
  }

  @Test("options that mean nothing to a judge")
  func options() throws {
    for (judge, options) in [
      ("random", ["--judge-name", "x"]), ("scores:overall", ["--seed", "1"]), ("file:x", ["--judge-timeout", "1"]),
      ("random", ["--judge-restarts", "1"]), ("file:x", ["--judge-reads-to-end"]), ("command:x", ["--blind"]),
      ("command:x", ["--replace"]),
    ] {
      try stage.expectRefused(
        ["annotate", stage.store, "--judge", judge] + options, exitCode: 64,
        error: "\(options[0]) means nothing to the judge \(judge)")
    }
    try expectRefused("command:x", "--judge-timeout", "0", exitCode: 64, "a judge's time limit is more than 0 seconds")
    try expectRefused("nobody", exitCode: 1, "there is no judge 'nobody'")
  }
}

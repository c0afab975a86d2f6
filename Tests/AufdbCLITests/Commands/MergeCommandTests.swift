// `aufdb merge` and `aufdb revert` as they are typed: what they print, and what they exit with.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("merge and revert")
struct MergeCommandTests {
  private let stage: CommandStage

  init() throws {
    stage = try CommandStage()
    try stage.expectDone("branch", "create", stage.store, "side")
  }

  private func add(_ name: String, _ text: String, to branch: String, replace: Bool = false) throws {
    let file = try stage.file(
      "\(branch)-\(name).jsonl", #"{"prompt_id":"\#(name)","prompt":"\#(text)","completions":[]}"#)
    let run = CommandStage.run(
      ["import", stage.store, file, "--branch", branch] + (replace ? ["--replace"] : []))
    #expect(run.exitCode == 0, "\(run.error)")
  }

  @Test("A clean merge is one commit, and merging again changes nothing")
  func clean() throws {
    try add("n1", "main's", to: "main")
    try add("n2", "side's", to: "side")
    let dry = CommandStage.run(["merge", stage.store, "side", "--dry-run"])
    #expect(dry.error == "main would merge without conflicts\n" && dry.exitCode == 0)
    let run = CommandStage.run(["merge", stage.store, "side"])
    #expect(run.error.hasPrefix("[main ") && run.error.hasSuffix("] Merge side into main\n"))
    #expect(run.output == "" && run.exitCode == 0)
    let again = CommandStage.run(["merge", stage.store, "side", "--format", "json"])
    #expect(again.error == "main has all of side already\n" && again.output == "[]\n" && again.exitCode == 0)
    let forward = CommandStage.run(["merge", stage.store, "main", "--branch", "side"])
    #expect(forward.error.hasPrefix("side moves on from ") && forward.exitCode == 0)
  }

  @Test("Conflicts are listed, a line each, and exit with 1")
  func conflicts() throws {
    try add("n1", "main's", to: "main")
    try add("n1", "side's", to: "side")
    let run = CommandStage.run(["merge", stage.store, "side"])
    #expect(run.output == "prompts  n1: prompt: ours main's, theirs side's\n")
    #expect(run.error.hasPrefix("error: 1 conflict: nothing was changed\nhint: --prefer ours"))
    #expect(run.exitCode == 1)
    let json = CommandStage.run(["merge", stage.store, "side", "--format", "jsonl"])
    #expect(
      json.output.hasPrefix(#"{"table":"prompts","key":{"prompt_id":"n1"},"reason":"changed","base":null,"ours":{"#))
    let settled = CommandStage.run(["merge", stage.store, "side", "--prefer", "theirs"])
    #expect(settled.error.hasSuffix("] Merge side into main\n  1 conflict settled\n") && settled.exitCode == 0)
    let text = CommandStage.run(
      ["query", stage.store, "SELECT prompt FROM prompts WHERE prompt_id = 'n1'", "--format", "csv"])
    #expect(text.output == "prompt\nside's\n")
  }

  @Test("A revert is one commit; what is in the way is listed")
  func revert() throws {
    try add("n1", "one", to: "main")
    try add("n1", "two", to: "main", replace: true)
    let refused = CommandStage.run(["revert", stage.store, "main~1"])
    #expect(
      refused.output == "prompts  n1: theirs removed it, ours added it\n" || refused.output.hasPrefix("prompts  n1:"))
    #expect(refused.error.hasPrefix("error: 1 row was changed again or used since: nothing was changed\nhint: "))
    #expect(refused.exitCode == 1)
    let run = CommandStage.run(["revert", stage.store, "main"])
    #expect(run.error.hasPrefix("[main ") && run.error.contains("] Revert \"Import ") && run.exitCode == 0)
    #expect(CommandStage.run(["diff", stage.store, "main~2", "main"]).output == "")
  }

  @Test("Of many rows that would refer to nothing, text shows a few; JSON lists all")
  func dangling() throws {
    try add("n1", "one", to: "main")
    let responses = (0..<9).map { #"{"model":"m\#($0)","response_text":"a"}"# }.joined(separator: ",")
    let file = try stage.file("n.jsonl", #"{"prompt_id":"n1","prompt":"one","completions":[\#(responses)]}"#)
    try stage.expectDone("import", stage.store, file)
    let text = CommandStage.run(["revert", stage.store, "main~1"])
    #expect(text.output.split(separator: "\n").count == 6 && text.exitCode == 1)
    #expect(text.output.hasPrefix("responses  n1  m0: refers to a row that would be gone\n"))
    #expect(text.output.hasSuffix("\nresponses  and 4 more; --format jsonl lists all\n"))
    let all = CommandStage.run(["revert", stage.store, "main~1", "--format", "jsonl"])
    #expect(all.output.split(separator: "\n").count == 9 && all.output.contains(#""reason":"dangling""#))
  }

  @Test("What can't be merged or reverted is refused, and every file stays as it is")
  func refused() throws {
    try stage.expectRefused(["merge", stage.store, "nowhere"], exitCode: 1, error: "there is no revision 'nowhere'")
    try stage.expectRefused(
      ["merge", stage.store, "side", "--branch", "sied"], exitCode: 1, error: "there is no branch 'sied'",
      hint: "did you mean side?")
    try stage.expectRefused(
      ["revert", stage.store, "main~99"], exitCode: 1, error: "there is no revision 'main~99': history ends before it")
    for arguments in [
      ["merge", stage.store], ["merge", stage.store, "side", "--prefer", "mine"], ["revert", stage.store],
    ] {
      #expect(CommandStage.run(arguments).exitCode == 64)
    }
  }
}

// `verify-export`, and what `export` says of formats, through the command line.

import Foundation
import Testing

@testable import AufdbCLI

@Suite struct VerifyExportCommandTests {
  /// A store with two labels, and an export in a format beside it.
  private func stage(_ format: String, _ options: String...) throws -> (stage: CommandStage, run: TestRun) {
    let stage = try CommandStage()
    let labels = ["p1", "p2"].map { #"{"prompt_id":"\#($0)","chosen":"a","rejected":"b","judge":"j"}"# + "\n" }
    try stage.expectDone("import", stage.store, stage.file("labels.jsonl", labels.joined()))
    let arguments = ["export", stage.store, format, "--output", stage.path("out"), "--check"] + options
    return (stage, CommandStage.run(arguments))
  }

  @Test(arguments: ["dpo", "kto", "strings", "llama-factory", "nemo", "ultrafeedback-binarized", "completions"])
  func aCheckedExportIsWhatItSays(format: String) throws {
    let (stage, export) = try stage(format)
    #expect(export.exitCode == 0, "\(export.error)")
    #expect(export.error.hasPrefix("warning: TRL's trainers stop") == (format == "ultrafeedback-binarized"))
    let run = CommandStage.run(["verify-export", stage.path("out"), "--store", stage.store])
    #expect(run.exitCode == 0)
    #expect(run.output == "")
    #expect(run.error.hasPrefix("commit "))
    #expect(run.error.contains(": main, 20"))
    #expect(run.error.contains("\nok: "))
    #expect(run.error.hasSuffix(" files, as its commit gives it\n"))
  }

  @Test func whatCompletionsHoldIsTold() throws {
    let (stage, export) = try stage("completions")
    #expect(
      export.error.hasPrefix("\(stage.path("out")): 2 prompts, 4 responses, 3 scores, 2 estimates, 2 labels at "),
      "\(export.error)")
    #expect(export.error.hasSuffix("  beside the responses: scores of overall\n"))
    let refused = CommandStage.run(["export", stage.store, "completions", "-o", stage.path("x"), "--dedupe"])
    #expect(refused.exitCode == 64)
  }

  @Test func whatWasExportedIsImportedAsAFolder() throws {
    let (stage, export) = try stage("completions")
    #expect(export.exitCode == 0)
    try stage.expectDone("init", stage.path("copy.aufdb"))
    try stage.expectDone("import", stage.path("copy.aufdb"), stage.path("out"))
    for relation in ["prompts", "responses", "scores", "labels", "estimates", "snapshots"] {
      let query = "SELECT * FROM \(relation) ORDER BY 1, 2, 3"
      let (one, other) = (
        CommandStage.run(["query", stage.store, query]), CommandStage.run(["query", stage.path("copy.aufdb"), query])
      )
      #expect(one.exitCode == 0 && !one.output.isEmpty)
      #expect(one.output == other.output)
    }
  }

  @Test func findingsAreLinesAndTheExitCodeIsOne() throws {
    let (stage, export) = try stage("dpo", "--compression", "none")
    #expect(export.exitCode == 0, "\(export.error)")
    let file = "data/train-00000-of-00001.jsonl"
    try Data("{}\n".utf8).write(to: URL(filePath: stage.path("out/\(file)")))
    try Data().write(to: URL(filePath: stage.path("out/data/more")))
    let run = CommandStage.run(["verify-export", stage.path("out")])
    #expect(run.exitCode == 1)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines.contains("\(file):1: the column prompt_id is missing"))
    #expect(lines.last == "data/more is not in manifest.json")
    #expect(run.error.hasPrefix("error: the export is not as it was written: 6 findings\nhint: "))

    let other = CommandStage.run(["verify-export", stage.path("out"), "--format", "json", "--store", stage.store])
    #expect(other.exitCode == 1)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(other.output.utf8)) as? [String: Any])
    #expect((json["findings"] as? [String])?.count == 6)
    #expect(json["format"] as? String == "dpo")
    #expect(json["revision"] as? String == "main")
    #expect(json["notes"] as? [String] == ["not compared with what the commit gives"])
  }

  @Test func aFolderThatIsNotThereAndAStoreWithoutTheCommit() throws {
    let (stage, _) = try stage("rm")
    #expect(CommandStage.run(["verify-export", stage.path("nowhere")]).exitCode == 66)
    try stage.expectDone("init", stage.path("other.aufdb"))
    let run = CommandStage.run(["verify-export", stage.path("out"), "--store", stage.path("other.aufdb")])
    #expect(run.exitCode == 1)
    #expect(run.output.contains("other.aufdb has no commit "))
    #expect(CommandStage.run(["verify-export", stage.path("out"), "--store", stage.path("no.aufdb")]).exitCode == 66)
  }
}

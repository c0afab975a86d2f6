// Bad lines of the kinds that bring more than one table its rows, and what an import tells beside its commit.

import Testing

@testable import AufdbCLI

@Suite("Bad lines of more kinds") struct BadKindTests {
  @Test("of UltraFeedback", arguments: BadLine.ultraFeedback)
  func ultraFeedback(_ line: BadLine) throws {
    try expectRefused(line, after: BadLine.goodUltraFeedback)
  }

  @Test("of responses", arguments: BadLine.responses)
  func responses(_ line: BadLine) throws { try expectRefused(line, after: BadLine.goodResponses) }

  @Test("of scores", arguments: BadLine.scores)
  func scores(_ line: BadLine) throws { try expectRefused(line, after: BadLine.goodScores) }

  @Test("of preferences", arguments: BadLine.preferences)
  func preferences(_ line: BadLine) throws {
    try expectRefused(line, after: BadLine.goodPreferences)
  }

  @Test(
    "what is no JSON object, as any kind",
    arguments: BadLine.notJSON.prefix(6) + BadLine.notText.prefix(8) + BadLine.notNumbers.suffix(2))
  func notJSON(_ line: BadLine) throws {
    let stage = try CommandStage()
    let kinds = [
      BadLine.goodUltraFeedback, BadLine.goodResponses,
      BadLine.goodScores, BadLine.goodPreferences,
    ]
    for good in kinds { try expectRefused(line, after: good, on: stage) }
  }

  /// Behind good lines, whose kind shows.
  private func expectRefused(_ line: BadLine, after good: String, on stage: CommandStage? = nil) throws {
    let stage = try stage ?? CommandStage()
    let file = try stage.file("bad.jsonl", Array(good.utf8) + line.bytes + Array("\n".utf8))
    try stage.expectRefused(["import", stage.store, file], exitCode: 65, error: "\(line.error) ({}/bad.jsonl:3)")
  }

  @Test("what came in oddly is told beside the commit")
  func notes() throws {
    let stage = try CommandStage()
    let lines = """
      {"instruction":"Ask","completions":[{"model":"a","response":"r","overall_score":"10",\
      "annotations":{"h":{"Rating":"1"}}}]}
      {"instruction":"ask ","completions":[{"model":"a","response":"s"}]}

      """
    let file = try stage.file("uf.jsonl", lines)
    let plain = CommandStage.run(["import", stage.store, file])
    #expect(
      plain.error.split(separator: "\n").dropFirst() == [
        "  1 overall scores of 10 look like a 1 gone wrong; --repair-overall-score makes them 1",
        "  1 prompts have the text of another one; --dedupe makes them one",
      ])
    let other = try CommandStage()
    let repaired = CommandStage.run([
      "import", other.store, try other.file("uf.jsonl", lines), "--repair-overall-score", "--dedupe",
    ])
    #expect(
      repaired.error.split(separator: "\n").dropFirst() == [
        "  1 overall scores of 10 were meant as 1, and are 1 now",
        "  1 prompts have the text of another one, and became that one",
      ])
    #expect(
      repaired.error.contains("Import 1 prompt, 2 responses, 1 score from uf.jsonl, overall scores repaired: 1\n"))
    let pair = try stage.file("pairs.jsonl", #"{"prompt":"x","chosen":"y","rejected":"y"}"#)
    #expect(
      CommandStage.run(["import", stage.store, pair]).error.contains(
        "\n  1 pairs are one and the same response, and have no label\n"))
  }
}

// What `select` says of a store: what it passed over, why it stops, and its reasons.

import Testing

@testable import AufdbCLI

@Suite("select") struct SelectCommandTests {
  private let stage: CommandStage

  /// Of p1 both responses have estimates, of p2 none has.
  init() throws { stage = try CommandStage() }

  private func select(_ options: String...) -> TestRun {
    CommandStage.run(["select", stage.store, "--method"] + options)
  }

  @Test("a snapshot that lacks responses is refused by name, and goes with --allow-partial or --where")
  func partial() throws {
    try stage.expectRefused(
      ["select", stage.store, "--method", "drts"], exitCode: 1,
      error: "2 responses of 1 prompt lack an estimate in the snapshot 'base': p2 a, p2 b",
      hint: "--allow-partial selects among the others; --where chooses prompts")
    let partial = select("drts", "--allow-partial")
    #expect(partial.exitCode == 0 && partial.output == "")
    #expect(
      partial.error.hasSuffix(
        "  1 prompts have no candidate at all\n  2 responses lack what the method needs, and were left out\n"))
    #expect(select("deltaucb", "--where", "prompt_id = 'p1'").error.contains("Select 1 pair by deltaucb"))
  }

  @Test("--explain writes a row for each pair: its value, the runner-up, and what was known")
  func explain() throws {
    let csv = select("deltaucb", "--where", "prompt_id = 'p1'", "--explain", "--format", "csv")
    #expect(
      csv.output == """
        prompt_id,first,second,criterion,value,runner_up_first,runner_up_second,runner_up_value,first_reward,first_lower,\
        first_upper,second_reward,second_lower,second_upper
        p1,a,b,u_i - l_j,1.0,,,,0.5,0.0,1.0,0.25,0.0,1.0

        """)
    let scores = select("maxmin", "--explain", "--format", "jsonl")
    #expect(
      scores.output == """
        {"prompt_id":"p1","first":"b","second":"a","criterion":"score_i - score_j","value":1.0,"runner_up_first":null,\
        "runner_up_second":null,"runner_up_value":null,"first_score":2.0,"second_score":1.0}

        """)
    let stored = CommandStage.run([
      "query", stage.store, "SELECT explanation FROM selections WHERE method = 'maxmin'", "--format", "tsv",
    ])
    #expect(
      stored.output
        == "explanation\n"
        + #"{"first":{"score":2.0},"second":{"score":1.0},"criterion":"score_i - score_j","value":1.0}"# + "\n")
  }

  @Test("a model that made no response is named, the nearest of those that did first")
  func models() throws {
    try stage.expectRefused(
      ["select", stage.store, "--method", "fixed-pair", "--first-model", "a", "--second-model", "B"], exitCode: 1,
      error: "there are no responses of a model 'B'", hint: "models here: b, a")
    try stage.expectRefused(
      ["select", stage.store, "--method", "fixed-pair", "--first-model", "a"], exitCode: 64,
      error: "method fixed-pair: second-model must be given")
  }

  @Test("what has been done is not done again, and the note says how to")
  func again() {
    #expect(select("random").exitCode == 0)
    let again = select("random")
    #expect(
      again.error
        == "nothing to commit: every prompt is labelled, or random has picked from it "
        + "(--all picks other pairs, --again the same)\n"
    )
    #expect(
      select("random", "--all").error
        == "nothing to commit: every pair that could be picked is labelled or picked already\n")
    #expect(select("random", "--again").error.contains("Select 2 pairs by random"))
  }

  @Test("options that don't go together")
  func options() throws {
    let cases: [([String], Int32, String)] = [
      (["--all", "--again"], 64, "--all and --again say different things: give one of them"),
      (["--format", "json"], 64, "--format is for the rows that --explain writes"),
      (["--order", "gap"], 64, "--order means nothing where every prompt is taken"),
      (["--judged", "1"], 64, "--judged is a number of responses from 2 to 1000, not 1"),
      (["--judge-budget", "0"], 64, "--judge-budget is at least 1, not 0"),
      (["--where", "sauce = 1"], 1, "--where: no such column: sauce"),
      (["--encoder", "e"], 64, "--encoder means nothing to the method random, which needs nothing"),
    ]
    for (options, exitCode, error) in cases {
      try stage.expectRefused(
        ["select", stage.store, "--method", "random"] + options, exitCode: exitCode, error: error)
    }
  }
}

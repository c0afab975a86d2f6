// `aufdb export`: what it prints and what it refuses. What it writes is the library's.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("aufdb export") struct ExportCommandTests {
  private let stage: CommandStage

  /// Three prompts of two responses; ada and bob have labels of all, of which one differs and one is a tie for both.
  init() throws {
    stage = try CommandStage(bare: ())
    let completions = (1...3).map { number in
      #"{"prompt_id":"p\#(number)","prompt":"q\#(number)","completions":[{"model":"a","response_text":"a longer one"},"#
        + #"{"model":"b","response_text":"no"}]}"#
    }
    let labels =
      [("p1", "ada", false), ("p2", "ada", false), ("p3", "ada", true), ("p1", "bob", false), ("p3", "bob", true)]
      .map { promptID, judge, tie in
        #"{"prompt_id":"\#(promptID)","chosen_model":"a","rejected_model":"b","judge":"\#(judge)","tie":\#(tie)}"#
      } + [#"{"prompt_id":"p2","chosen_model":"b","rejected_model":"a","judge":"bob"}"#]
    try stage.expectDone("init", stage.store)
    try stage.expectDone("import", stage.store, stage.file("c.jsonl", completions.joined(separator: "\n")))
    try stage.expectDone("import", stage.store, stage.file("l.jsonl", labels.joined(separator: "\n")), "--as", "labels")
  }

  private func export(_ arguments: String...) -> TestRun {
    CommandStage.run(["export", stage.store, "dpo", "--output", stage.path("out")] + arguments)
  }

  private func head() throws -> String { try Store(stage.store, for: .reading).commit("HEAD").id.short }

  @Test("says what it wrote and what it left out")
  func summary() throws {
    let run = export("--judge", "ada", "--keep-ties")
    #expect(run.exitCode == 0)
    #expect(run.output == "")
    #expect(
      run.error == """
        \(stage.path("out")): 3 pairs of ada at \(try head())
          left out: 3 of other judges
          the longer response is the chosen one in 100.0 % of pairs: see README.md in the folder

        """)
  }

  @Test("tells agreement, splits, and a split without rows")
  func aggregate() throws {
    let run = export("--aggregate", "majority", "--split", "train=0.999999999,test=0.000000001")
    // p_o = 2/3; ada has a, a, tie and bob a, b, tie: p_e = (2 * 1 + 0 * 1 + 1 * 1) / 9 = 1/3, so kappa is 1/2.
    // Of six values three are a, one b, two ties: D_o = 2, n_c n_k sums to 36 - 14 = 22, so alpha is 1 - 5 * 2 / 22.
    #expect(
      run.error == """
        \(stage.path("out")): 1 pair of 2 judges at \(try head())
          splits: train 1, test 0
          no row fell to test, so it has no file
          left out: 2 ties
          agreement: Krippendorff's alpha 0.545 over 3 pairs; ada and bob 66.7 % (kappa 0.500)
          the longer response is the chosen one in 100.0 % of pairs: see README.md in the folder

        """)
  }

  @Test(
    "what can't be is refused, and leaves nothing",
    arguments: [
      ([], 1, "labels of 2 judges: ada, bob"),
      (
        ["--judge", "ada", "--judge", "bob"], 64,
        "several --judge need --aggregate, which says how their labels on one pair become one"
      ),
      (["--judge", "eve"], 1, "the judge 'eve' has no labels"),
      (["--aggregate", "median"], 64, nil), (["--ngram", "5"], 64, "--ngram goes with --decontaminate"),
      (
        ["--shards", "2", "--shard-size", "1MB"], 64, "--shards and --shard-size say different things: give one of them"
      ),
      (["--shard-size", "many"], 64, nil), (["--compression", "lz4"], 64, nil),
      (["--judge", "ada", "--compression", "gzip", "--level", "19"], 64, "there is no gzip level 19"),
      (["--judge", "ada", "--split", "train=0.5"], 64, "the splits' shares make 0.5 together, not 1"),
      (["--judge", "ada", "--threads", "4"], 64, "4 threads can't compress a file"),
      (
        ["--judge", "ada", "--decontaminate", "/nowhere/x"], 66,
        "can't be opened: no such file or directory (/nowhere/x)"
      ),
      (
        ["--judge", "ada", "--margin"], 1,
        "none of the 6 labels can be exported: 3 of other judges, 1 tie, 2 without a margin"
      ),
    ] as [([String], Int32, String?)])
  func refused(arguments: [String], exitCode: Int32, error: String?) throws {
    let run = CommandStage.run(["export", stage.store, "dpo", "--output", stage.path("out")] + arguments)
    #expect(run.exitCode == exitCode)
    if let error { #expect(run.error.split(separator: "\n").first == "error: \(error)") }
    #expect(!FileManager.default.fileExists(atPath: stage.path("out")))
  }

  @Test("a wrong condition is shown with a caret below it")
  func condition() throws {
    let run = export("--judge", "ada", "--where", "sorce = 'x'\nAND ties")
    #expect(run.exitCode == 1)
    #expect(run.error == "error: --where: no such column: sorce\nhint: did you mean source?\n  sorce = 'x'\n  ^\n")
  }

  @Test("help names every format, and says that there is no tokenizer")
  func help() {
    let run = CommandStage.run(["export", "--help"])
    for format in ExportFormat.allCases { #expect(run.output.contains("  \(format.rawValue)")) }
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("aufdb has no tokenizer"))
    for title in ["WHICH LABELS:", "WHICH PAIRS:", "ROWS AND FILES:"] { #expect(words.contains(title)) }
  }
}

// `aufdb evaluate` from its arguments to its output and exit code.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("evaluate") struct EvaluateCommandTests {
  private let stage: CommandStage

  /// 16 prompts with four responses each; scores follow the first number of an embedding.
  init() throws {
    stage = try CommandStage(bare: ())
    try stage.expectDone("init", stage.store)
    var completions = ""
    var index = ""
    var elements: [Float] = []
    for prompt in 0..<16 {
      let responses = (0..<4).map { model in
        let value = Float((prompt * 7 + model * 5) % 11) / 11
        elements += [value, Float((prompt + 3 * model) % 5) / 5 - 0.4, Float(model % 2)]
        index += #"{"row":\#(prompt * 4 + model),"prompt_id":"p\#(prompt)","model":"m\#(model)"}"# + "\n"
        let text = String(repeating: "a", count: 5 + (prompt * model) % 40)
        return #"{"model":"m\#(model)","response_text":"\#(text)","overall_score":\#(value)}"#
      }
      completions +=
        #"{"prompt_id":"p\#(prompt)","prompt":"q","completions":[\#(responses.joined(separator: ","))]}"# + "\n"
    }
    let matrix = MatrixFiles.npy("<f4", rows: 64, dimension: 3, MatrixFiles.bytes(elements))
    try stage.expectDone("import", stage.store, stage.file("completions.jsonl", completions))
    try stage.expectDone(
      "import", stage.store, stage.file("vectors.npy", matrix), "--index", stage.file("index.jsonl", index),
      "--encoder", "e")
  }

  /// Small enough for builds without the optimiser.
  private static let small = [
    "--methods", "random,deltaucb", "--seeds", "2", "--budgets", "4,8", "--judge-costs", "8,16", "--curve-labels", "30",
    "--outer-batch", "4", "--bootstrap", "100", "--heads", "3", "--hidden", "4", "--layers", "1", "--steps", "2",
    "--batch", "4", "--range-interval", "4",
  ]

  private func run(_ options: String...) -> TestRun {
    CommandStage.run(["evaluate", stage.store] + Self.small + options)
  }

  @Test("a table with a block for each measure, findings and notes; the same for any number of threads") func table() {
    let one = run("--threads", "1")
    #expect(one.exitCode == 0 && one.error == "", "\(one.error)")
    // No two responses of a test prompt have about the same length here.
    for measure in Measure.allCases where measure != .matchedAccuracy { #expect(one.output.contains(measure.title)) }
    for line in ["\nFound\n- ", "\nNotes\n- ", "\nrandom-4", "\ndeltaucb "] { #expect(one.output.contains(line)) }
    #expect(one.output.hasPrefix("Commit "))
    #expect(!one.output.contains(" \n") && !one.output.contains("nan"))
    #expect(run("--threads", "3").output == one.output)
  }

  @Test("JSON, and figures as rows") func formats() throws {
    let json = run("--format", "json").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let figures = try #require(report["figures"] as? [[String: Any]])
    #expect((report["settings"] as? [String: String])?["budgets"] == "4,8")
    let csv = run("--format", "csv").output.split(separator: "\n")
    #expect(csv.count == figures.count + 1)
    #expect(csv[0] == EvaluationRows.columns.joined(separator: ",")[...])
    #expect(csv.allSatisfy { $0.count { $0 == "," } == EvaluationRows.columns.count - 1 })
  }

  @Test("a page: made anew only with --force, and not at all after an error") func page() throws {
    let path = stage.path("report.html")
    let made = run("--html", path)
    #expect(made.exitCode == 0 && made.error == "\(path): the report as a page\n")
    let page = try stage.bytes("report.html")
    #expect(String(decoding: page.prefix(15), as: UTF8.self) == "<!DOCTYPE html>")
    let arguments = ["evaluate", stage.store] + Self.small + ["--html", path]
    try stage.expectRefused(
      arguments, exitCode: 1, error: "{}/report.html exists already",
      hint: "choose another name, or replace it with --force")
    try stage.expectRefused(
      ["evaluate", stage.store] + Self.small + ["--html", stage.path("none/report.html")], exitCode: 73,
      error: "can't be created: no such file or directory ({}/none/report.html)")
    try stage.expectRefused(
      ["evaluate", stage.store] + Self.small + ["--html", stage.path("new.html"), "--judge", "ada"], exitCode: 1,
      error: "there are no scores of a judge 'ada'", hint: "judges here: overall")
    #expect(run("--html", path, "--force", "--seed", "1").exitCode == 0)
    #expect(try stage.bytes("report.html") != page)
    #expect(try !stage.contents().keys.contains { $0.hasSuffix(".tmp") })
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      (["--holdout", "0.2", "--test-where", "1"], 64, "--holdout and --test-where can't be given together"),
      (["--force"], 64, "--force goes with --html"),
      (["--threads", "0"], 64, "--threads is a number from 1 to 256"),
      (["--methods", "random,nope"], 64, "there is no selection method 'nope'"),
      (["--methods", "random,"], 64, "there is no selection method ''"),
      (["--holdout", "1.5"], 64, "--holdout takes a share between 0 and 1, not 1.5"),
      (["--seeds", "0"], 64, "--seeds takes 1 to 10000, not 0"),
      (["--test-where", "nonsense ="], 1, #"--test-where: near ")": syntax error"#),
      (["--test-where", "prompt_id = 'x'"], 1, "no prompt is left for testing"),
      (["--by", "scores"], 64, "--by means nothing to any of the methods random, deltaucb"),
      (["--at", "nowhere"], 1, "there is no revision 'nowhere'"),
    ])
  func refused(_ options: [String], _ exitCode: Int32, _ error: String) throws {
    // Of an option that is given twice, the last one counts.
    try stage.expectRefused(["evaluate", stage.store] + Self.small + options, exitCode: exitCode, error: error)
  }

  @Test("a list that is no list") func lists() {
    let run = run("--budgets", "50,x")
    #expect(run.exitCode == 64 && run.error.contains("50,x"))
  }
}

// train, score and run on the command line: what they say, and what they exit with.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// The sample that stands in the repository, in a store.
private struct SampleStage {
  let stage: CommandStage
  var store: String { stage.path("loop.aufdb") }

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "tools/sample")

  static func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  init(withEmbeddings: Bool = true) throws {
    stage = try CommandStage(bare: ())
    try stage.expectDone("init", store)
    try stage.expectDone("import", store, Self.path("completions.jsonl"))
    guard withEmbeddings else { return }
    try stage.expectDone(
      "import", store, Self.path("embeddings.npy"), "--index", Self.path("embeddings.index.jsonl"), "--encoder", "made")
  }

  func run(_ arguments: String...) -> TestRun {
    var all = arguments
    all.insert(store, at: 1)
    return CommandStage.run(all)
  }

  /// The lines of standard error, the first without its branch and commit id.
  func lines(_ run: TestRun) -> [String] {
    var lines = run.error.split(separator: "\n").map(String.init)
    if let end = lines.first?.range(of: "] ") { lines[0].removeSubrange(..<end.upperBound) }
    return lines
  }
}

@Suite("train, score and run") struct LoopCommandTests {
  @Test("a whole run of the sample, and again")
  func run() throws {
    let sample = try SampleStage()
    let run = sample.run("run", "--config", SampleStage.path("loop.yaml"), "--set", "hidden=4", "--threads", "2")
    #expect(run.exitCode == 0 && run.output == "")
    let lines = sample.lines(run)
    #expect(lines.first == "Iteration 7 of sample: 8 pairs for overall, 64 labels so far")
    #expect(
      lines.dropFirst().first?.hasPrefix("  7 iterations, 56 prompts, 64 labels, 1 of them ties, held-out") == true)
    let again = sample.run("run", "--config", SampleStage.path("loop.yaml"), "--set", "hidden=4")
    #expect(again.exitCode == 0)
    #expect(sample.lines(again).first == "nothing to commit: the run sample has come to its end before")
    let other = sample.run("run", "--config", SampleStage.path("loop.yaml"))
    #expect(other.exitCode == 1)
    #expect(other.error.contains("hint: begin another one with --name, or go back to those: hidden was 4\n"))
  }

  @Test("flags go before the file, and the file before the defaults")
  func overrides() throws {
    let sample = try SampleStage()
    let run = sample.run(
      "run", "--config", SampleStage.path("loop.yaml"), "--set", "outer-batch=4", "--method", "random", "--budget",
      "12",
      "--name", "mine", "--set", "hidden=4")
    #expect(run.exitCode == 0)
    #expect(sample.lines(run).first == "Iteration 1 of mine: 4 pairs for overall, 12 labels so far")
  }

  @Test("train and score say what they did, and what there was nothing to learn from")
  func trainAndScore() throws {
    let sample = try SampleStage()
    #expect(
      sample.lines(sample.run("train", "--head", "h", "--hidden", "4")) == [
        "Train the ensemble head h on no labels",
        "  there are no labels yet: the head is untrained, and knows nothing but how unsure it is",
      ])
    #expect(
      sample.lines(sample.run("score", "--head", "h")) == [
        "Score 384 responses by h (snapshot h)",
        "  h has seen no labels: its estimates tell nothing but how unsure it is",
      ])
    #expect(
      sample.lines(sample.run("score", "--head", "h", "--missing")) == [
        "nothing to commit: the snapshot h has all 384 responses already"
      ])
    try sample.stage.expectDone("select", sample.store, "--method", "drts")
    try sample.stage.expectDone("annotate", sample.store, "--judge", "scores:overall")
    let trained = sample.run("train", "--head", "p", "--kind", "pointwise-prior", "--score-range", "0,10")
    #expect(trained.exitCode == 0)
    #expect(sample.lines(trained).first?.hasPrefix("Train the pointwise-prior head p on 6") == true)
    #expect(sample.lines(trained).last?.hasPrefix("  it ranks ") == true)
  }

  @Test("command lines that make no sense, each with its exit code and an unchanged store")
  func refusals() throws {
    let sample = try SampleStage(withEmbeddings: false)
    let store = sample.store
    try sample.stage.file("bad.yaml", "method: drts\nsteeps: 3\n")
    try sample.stage.file("new.yaml", "version: 9\n")
    try sample.stage.file("bytes.yaml", [0x61, 0xFF, 0x0A])
    let cases: [([String], Int32, String)] = [
      (["train", store, "--head", "h"], 1, "there are no embeddings"),
      (
        ["train", store, "--head", "h", "--kind", "linear", "--heads", "3"], 64,
        "--heads means nothing to a linear head"
      ),
      (["train", store, "--head", "h", "--features", "size"], 64, "there is no feature 'size'"),
      (["train", store, "--head", "h", "--features", "log-length"], 64, "a reward head needs the embedding"),
      (
        ["train", store, "--head", "h", "--score-range", "1"], 64,
        "--score-range takes two numbers, the smaller one first, not '1'"
      ),
      (["train", store, "--head", "h", "--threads", "0"], 64, "--threads is a number from 1 to 256"),
      (["score", store, "--head", "h"], 1, "there is no reward head 'h'"),
      (["run", store], 64, "the run has no judge"),
      (["run", store, "--judge", "scores:overall"], 1, "there are no embeddings"),
      (["run", store, "--judge", "nobody"], 1, "there is no judge 'nobody'"),
      (["run", store, "--set", "seed"], 64, "--set takes key=value, not 'seed'"),
      (["run", store, "--set", "sead=1"], 64, "there is no key 'sead' in a run's configuration"),
      (["run", store, "--seed", "x"], 64, "seed takes a whole number at least 0, not 'x'"),
      (
        ["run", store, "--config", sample.stage.path("no.yaml")], 66,
        "{}/no.yaml: can't be opened: no such file or directory"
      ),
      (
        ["run", store, "--config", sample.stage.path("bad.yaml")], 65,
        "there is no key 'steeps' in a run's configuration ({}/bad.yaml:2)"
      ),
      (
        ["run", store, "--config", sample.stage.path("new.yaml")], 65,
        "this configuration is of version 9, and this aufdb reads up to 1 ({}/new.yaml:1)"
      ),
      (
        ["run", store, "--config", sample.stage.path("bytes.yaml")], 65,
        "the configuration is not UTF-8 ({}/bytes.yaml)"
      ),
      (
        ["run", store, "--judge", "scores:overall", "--set", "patience=3"], 64,
        "patience needs held-out labels to see an improvement in"
      ),
    ]
    for (arguments, exitCode, error) in cases {
      try sample.stage.expectRefused(arguments, exitCode: exitCode, error: error)
    }
  }

  @Test("a configuration on standard input, and help that explains every key")
  func standardInput() throws {
    let sample = try SampleStage()
    let test = TestSurroundings()
    test.standardInput = "judge: scores:overall\nhidden: 4\nbudget: 4\n"
    let run = test.run("run", sample.store, "--config", "-")
    #expect(run.exitCode == 0, "\(run.error)")
    let help = CommandStage.run(["help", "run"]).output
    for key in RunKey.all { #expect(help.contains("\(key.name): \(key.defaultText)"), "\(key.name)") }
  }

  @Test("the time that is left", arguments: [(0.5, "20 s"), (0.1, "3 min"), (0.011, "29 min")])
  func timeLeft(fraction: Double, text: String) {
    let test = TestSurroundings()
    test.isErrorTerminal = true
    let bar = ProgressBar(in: test.surroundings)
    test.milliseconds += 20_000
    #expect(bar.timeLeft(fraction) == text)
    #expect(bar.timeLeft(0) == nil)
  }
}

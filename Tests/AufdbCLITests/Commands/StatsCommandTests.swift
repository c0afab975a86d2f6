// `aufdb stats` from its arguments to its output and exit code.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("stats")
struct StatsCommandTests {
  private let stage: CommandStage

  static let selectionColumns = """
    branch,method,selections,prompts,missing,mean_gap,mean_uncertainty_first,mean_uncertainty_second,mean_score_gap,\
    judge,labelled,ties,agreed,agreement,mean_uncertainty_chosen,mean_uncertainty_rejected,mean_label_gap

    """
  static let modelColumns = "branch,method,model,first,second,first_share,second_share,judge,chosen,rejected\n"

  /// Of p1, the model a has the higher reward and b the higher score.
  init() throws { stage = try CommandStage() }

  private func run(_ line: String) -> TestRun {
    CommandStage.run(line.split(separator: " ").map { $0 == "STORE" ? stage.store : String($0) })
  }

  private func expectDone(_ lines: String...) {
    for line in lines {
      let run = run(line)
      #expect(run.exitCode == 0, "\(line): \(run.error)")
    }
  }

  private func expect(_ line: String, _ output: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let run = run(line)
    #expect(run.output == output, sourceLocation: sourceLocation)
    #expect(run.error == "" && run.exitCode == 0, sourceLocation: sourceLocation)
  }

  /// Selections of three methods; the scores' labels, and on main a label of ada's, who prefers a.
  private func fill() throws {
    try stage.file(
      "ada.jsonl", #"{"prompt_id":"p1","chosen_model":"a","rejected_model":"b","judge":"ada"}"# + "\n")
    expectDone(
      "select STORE --method deltaucb --allow-partial", "select STORE --method maxmin",
      "annotate STORE --judge scores:overall",
      "branch create STORE side --at main~1", "import STORE \(stage.path("ada.jsonl")) --as labels")
  }

  @Test("the summary is what it was") func summary() throws {
    try fill()
    expect(
      "stats STORE --format csv",
      """
      item,count,detail
      commits,7,up to \(run("log STORE --limit 1 --format oneline").output.prefix(12)) (main)
      prompts,2,none 2
      responses,4,2 models
      embeddings,0,""
      scores,3,overall 3
      snapshots,1,base
      estimates,2,base 2
      selections,2,"deltaucb 1, maxmin 1; all labelled"
      labels,2,"ada 1, overall 1"
      reward_heads,0,""
      progress,0,""
      queries,0,""
      definitions,0,""

      """)
  }

  @Test("a row for each method and judge") func selections() throws {
    try fill()
    expect(
      "stats STORE --selections --format csv",
      Self.selectionColumns + """
        main,deltaucb,1,1,0,0.25,0.5,0.5,,ada,1,0,1,1.0,0.5,0.5,
        main,deltaucb,1,1,0,0.25,0.5,0.5,,overall,1,0,0,0.0,0.5,0.5,1.0
        main,maxmin,1,1,0,,,,1.0,ada,1,0,0,0.0,,,
        main,maxmin,1,1,0,,,,1.0,overall,1,0,1,1.0,,,1.0

        """)
    expect(
      "stats STORE --selections --format csv --all-branches",
      run("stats STORE --selections --format csv").output + """
        side,deltaucb,1,1,0,0.25,0.5,0.5,,,0,0,0,,,,
        side,maxmin,1,1,0,,,,1.0,,0,0,0,,,,

        """)
    expect(
      "stats STORE --selections --format jsonl --at main~3",
      """
      {"branch":null,"method":"deltaucb","selections":1,"prompts":1,"missing":0,"mean_gap":0.25,\
      "mean_uncertainty_first":0.5,"mean_uncertainty_second":0.5,"mean_score_gap":null,"judge":null,"labelled":0,\
      "ties":0,"agreed":0,"agreement":null,"mean_uncertainty_chosen":null,"mean_uncertainty_rejected":null,\
      "mean_label_gap":null}

      """)
  }

  @Test("a row for each method, judge and model") func models() throws {
    try fill()
    expect(
      "stats STORE --models",
      """
      branch  method    model  first  second  first_share  second_share  judge    chosen  rejected
      ------  --------  -----  -----  ------  -----------  ------------  -------  ------  --------
      main    deltaucb  a          1       0          1.0           0.0  ada           1         0
      main    deltaucb  b          0       1          0.0           1.0  ada           0         1
      main    deltaucb  a          1       0          1.0           0.0  overall       0         1
      main    deltaucb  b          0       1          0.0           1.0  overall       1         0
      main    maxmin    b          1       0          1.0           0.0  ada           0         1
      main    maxmin    a          0       1          0.0           1.0  ada           1         0
      main    maxmin    b          1       0          1.0           0.0  overall       1         0
      main    maxmin    a          0       1          0.0           1.0  overall       0         1

      """)
    expect(
      "stats STORE --models --at side --format csv",
      Self.modelColumns + """
        side,deltaucb,a,1,0,1.0,0.0,,0,0
        side,deltaucb,b,0,1,0.0,1.0,,0,0
        side,maxmin,b,1,0,1.0,0.0,,0,0
        side,maxmin,a,0,1,0.0,1.0,,0,0

        """)
  }

  @Test("without selections there is a header and nothing else, in every format") func nothing() throws {
    expect("stats STORE --selections --format csv", Self.selectionColumns)
    expect("stats STORE --models --format csv --all-branches", Self.modelColumns)
    expect("stats STORE --models --format json", "[]\n")
    expect("stats STORE --selections --format jsonl", "")
    let lines = run("stats STORE --models").output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("branch  method  model  first"))
  }

  static let calibrationColumns = """
    snapshot,judge,labels,ties,missing,accuracy,ece,mce,brier,bound_ece,bound_mce,certain,certain_right,certain_wrong

    """

  /// Of p1's rewards 0.5 and 0.25, p = sigma(0.25) = 0.562, with ada's label, and 0.438 with the score's.
  @Test("a row for each snapshot and judge") func calibration() throws {
    try fill()
    expect(
      "stats STORE --calibration",
      """
      snapshot  judge    labels  ties  missing  accuracy       ece       mce     brier  bound_ece  bound_mce  certain  \
      certain_right  certain_wrong
      --------  -------  ------  ----  -------  --------  --------  --------  --------  ---------  ---------  -------  \
      -------------  -------------
      base      ada           1     0        0       1.0  0.437823  0.437823  0.191689        0.0        0.0        0  \
                  0              0
      base      overall       1     0        0       0.0  0.562177  0.562177  0.316042        0.0        0.0        0  \
                  0              0

      """)
    let line = "stats STORE --calibration --format csv"
    #expect(run("\(line) --snapshot base --judge ada").output.split(separator: "\n").count == 2)
    expect("\(line) --at side", Self.calibrationColumns)
    expect("\(line) --at main~6", Self.calibrationColumns)
  }

  @Test("a row for each bin, with a bar for people") func reliability() throws {
    try fill()
    expect(
      "stats STORE --reliability --judge ada --bins 5",
      """
      snapshot  judge  from   to  count  predicted  observed  observed = , predicted |
      --------  -----  ----  ---  -----  ---------  --------  ------------------------
      base      ada     0.0  0.2      0       NULL      NULL
      base      ada     0.2  0.4      0       NULL      NULL
      base      ada     0.4  0.6      2        0.5       0.5  ==========|
      base      ada     0.6  0.8      0       NULL      NULL
      base      ada     0.8  1.0      0       NULL      NULL

      """)
    expect(
      "stats STORE --calibration --reliability --judge overall --bins 2 --format csv",
      """
      snapshot,judge,from,to,count,predicted,observed
      base,overall,0.0,0.5,1,0.4378234991142019,1.0
      base,overall,0.5,1.0,1,0.5621765008857982,0.0

      """)
  }

  @Test(
    "people see six digits, and programs all of them",
    arguments: [
      (1.0 / 3, "0.333333"), (-2e-7 / 3, "-6.66667e-08"), (1234567.8, "1.23457e+06"), (0, "0.0"), (0.1, "0.1"),
      (999999.7, "1e+06"), (1e-300 / 3, "3.3333333333333334e-301"), (8.9135, "8.9135"), (99999.95, "100000.0"),
    ])
  func digits(_ mean: Double, _ shown: String) throws {
    var stats = SelectionStats(method: "m")
    stats.meanGap = mean
    let table = StatsTable(selections: [stats])
    for format in [OutputFormat.table, .markdown] {
      #expect(table.rows(for: format)[0][5] == .real(try #require(Double(shown))))
    }
    for format in [OutputFormat.csv, .tsv, .json, .jsonl] {
      #expect(table.rows(for: format)[0][5] == .real(mean))
    }
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      ("--selections --models", 64, "--selections and --models can't be given together"),
      ("--models --calibration", 64, "--models and --calibration can't be given together"),
      ("--reliability --selections", 64, "--selections and --reliability can't be given together"),
      ("--calibration --all-branches", 64, "--all-branches goes with --selections or --models"),
      ("--models --snapshot base", 64, "--snapshot goes with --calibration or --reliability"),
      ("--judge ada", 64, "--judge goes with --calibration or --reliability"),
      ("--bins 5", 64, "--bins goes with --calibration or --reliability"),
      ("--calibration --bins 0", 64, "--bins is 0, not a number from 1 to 1000"),
      ("--calibration --snapshot nothing", 1, "there is no snapshot 'nothing'"),
      ("--reliability --judge nobody", 1, "there are no labels of a judge 'nobody'"),
      ("--all-branches", 64, "--all-branches goes with --selections or --models"),
      ("--models --all-branches --at main", 64, "--all-branches and --at can't be given together"),
      ("--selections --at nowhere", 1, "there is no revision 'nowhere'"),
      ("--selections --at main~99", 1, "there is no revision 'main~99': history ends before it"),
    ])
  func refused(_ options: String, _ exitCode: Int32, _ error: String) throws {
    try stage.expectRefused(
      ["stats", stage.store] + options.split(separator: " ").map(String.init), exitCode: exitCode, error: error)
  }
}

// `aufdb diff` from its arguments to its output and exit code, on a store with a history.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("diff") struct DiffCommandTests {
  private let stage: CommandStage

  /// The stage's history, and one commit more: another answer and score of p1, and a prompt p3.
  init() throws {
    stage = try CommandStage()
    let changed = """
      {"prompt_id":"p1","prompt":"q1","completions":[{"model":"a","response_text":"no","overall_score":7},\
      {"model":"b","response_text":"no","overall_score":2}]}
      {"prompt_id":"p3","prompt":"q3","completions":[]}
      """
    try stage.expectDone("import", stage.store, stage.file("changed.jsonl", changed), "--replace")
  }

  private static let change = """
    prompts
      + p3

    responses
      ~ p1  a
          response  yes -> no

    scores
      ~ p1  a  (overall)
          score  1.0 -> 7.0

    """

  private func diff(_ arguments: String...) -> TestRun { CommandStage.run(["diff", stage.store] + arguments) }

  @Test(
    "One or two revisions, or a range",
    arguments: [
      ["main~1"], ["main~1", "main"], ["HEAD~1", "HEAD"], ["main~1..main"], ["main~1.."], ["HEAD~1...main"],
      ["main~1..."], ["main~1", "--format", "text"],
    ])
  func revisions(_ arguments: [String]) {
    let run = CommandStage.run(["diff", stage.store] + arguments)
    #expect(run.output == Self.change)
    #expect(run.error == "" && run.exitCode == 0)
  }

  /// An estimate that gets heads, and a selection whose explanation changes.
  private func changeLateColumns() throws {
    func line(_ heads: String) -> String {
      #"{"prompt_id":"p1","model":"a","reward":0.5,"lower":0,"upper":1,"heads":\#(heads)}"#
    }
    let context = CommitContext(author: "tester", milliseconds: 1)
    for explanation in [nil, #"{"gap":0.25}"#] {
      let store = try Store(stage.store, for: .writing(waitSeconds: 0, command: "test"))
      _ = try store.commit(context) { change in
        let old = try change.connection.integer("SELECT id FROM selections")
        if old > 0 { try change.retire(.selections, old) }
        let writer = try change.writer(.selections)
        for text in ["p1", "a"] { writer.text(text) }
        writer.integer(0)
        writer.text("b")
        writer.integer(0)
        writer.text("drts")
        writer.integer(1)
        writer.null()
        writer.integer(7)
        writer.text("{}")
        writer.optionalText(explanation)
        try writer.insert()
        return (CommitNote(message: "m", operation: Operation("test")), ())
      }
    }
    let file = try stage.file("base.jsonl", line("[0.25,-1]"))
    try stage.expectDone("import", stage.store, file, "--replace")
    let longer = try stage.file("base.jsonl", line("[1,2]"))
    try stage.expectDone("import", stage.store, longer, "--replace")
  }

  @Test("Late columns show like any other, a blob as in every other place") func lateColumns() throws {
    try changeLateColumns()
    #expect(
      diff("main~3", "main~1").output == """
        estimates
          ~ p1  a  (base)
              heads  NULL -> x'0000803e000080bf' (8 bytes)

        selections
          ~ p1  a vs b  (drts, batch 1)
              explanation  NULL -> {"gap":0.25}

        """)
    #expect(
      diff("main~3", "main", "--format", "csv").output == """
        table,change,key,column,old,new
        estimates,modified,p1  a  (base),heads,,x'0000803f00000040'
        selections,modified,"p1  a vs b  (drts, batch 1)",explanation,,"{""gap"":0.25}"

        """)
    let row =
      #""snapshot":"base","prompt_id":"p1","model":"a","sample":0,"reward":0.5,"lower":0.0,"upper":1.0,"heads":"#
    let key = #"{"snapshot":"base","prompt_id":"p1","model":"a","sample":0}"#
    let (old, new) = (#"{"$blob":"0000803e000080bf"}"#, #"{"$blob":"0000803f00000040"}"#)
    let change = #""change":"modified","columns":["heads"],"old":{\#(row)\#(old)},"new":{\#(row)\#(new)}}"#
    let object = #"{"table":"estimates","key":\#(key),\#(change)"#
    #expect(diff("main~1", "main", "--format", "jsonl").output == object + "\n")
    #expect(diff("main~1", "main", "--format", "json").output == "[\(object)]\n")
    #expect(diff("main~1", "main", "--stat", "--table", "estimates").output.contains("estimates"))
    let history = CommandStage.run(["history", stage.store, "estimates", "base", "p1", "a"])
    #expect(
      history.output.contains("heads: x'0000803e000080bf' (8 bytes) -> x'0000803f00000040' (8 bytes)"), "\(history)")
    #expect(history.output.contains("heads: NULL -> x'0000803e000080bf' (8 bytes)"))
    let objects = CommandStage.run(["history", stage.store, "estimates", "base", "p1", "a", "--format", "jsonl"])
    #expect(objects.output.contains(#""columns":["heads"],"old":{\#(row)\#(old)},"new":{\#(row)\#(new)}}"#))
    let rows = CommandStage.run(
      ["query", stage.store, "SELECT old_heads, new_heads FROM estimates_diff('main~1')", "--format", "jsonl"])
    #expect(rows.output == #"{"old_heads":\#(old),"new_heads":\#(new)}"# + "\n")
  }

  @Test("The other way around") func inverse() {
    let expected = Self.change.replacing("+ p3", with: "- p3").replacing("yes -> no", with: "no -> yes")
      .replacing("1.0 -> 7.0", with: "7.0 -> 1.0")
    #expect(diff("main", "main~1").output == expected)
    #expect(diff("..main~1").output == expected)
  }

  @Test("Three dots begin where the two parted") func mergeBase() throws {
    try stage.expectDone("branch", "create", stage.store, "side", "--at", "main~1")
    let new = try stage.file("side.jsonl", #"{"prompt_id":"p4","prompt":"q4","completions":[]}"#)
    try stage.expectDone("import", stage.store, new, "--branch", "side")
    #expect(diff("main...side").output == "prompts\n  + p4\n")
    #expect(diff("side...main").output == Self.change)
    #expect(diff("main..side", "--table", "prompts").output == "prompts\n  - p3\n  + p4\n")
  }

  @Test("Labels that two branches see differently") func flipped() throws {
    for (branch, seed) in [("one", "1"), ("two", "2")] {
      try stage.expectDone("branch", "create", stage.store, branch)
      try stage.expectDone("select", stage.store, "--method", "maxmin", "--judge", "overall", "--branch", branch)
      try stage.expectDone("annotate", stage.store, "--judge", "random", "--seed", seed, "--branch", branch)
    }
    let text = diff("one..two", "--table", "labels").output
    #expect(text.hasPrefix("labels\n  ~ p1  "))
    #expect(text.contains(" > ") && text.contains("  (random)  flipped\n"))
    #expect(
      diff("one..two", "--table", "labels", "--stat", "--format", "csv").output
        == "table,judge,added,removed,modified,flipped\nlabels,,0,0,1,1\nlabels,random,0,0,1,1\n")
  }

  @Test("Some tables, or one") func tables() {
    #expect(diff("main~1", "--table", "prompts", "--table", "prompts").output == "prompts\n  + p3\n")
    #expect(
      diff("main~1", "--table", "scores", "--table", "prompts", "--name-only").output
        == "prompts  p3\nscores  p1  a  (overall)\n")
    #expect(diff("main~1", "--table", "labels").output == "")
  }

  @Test("Every format and detail") func formats() {
    #expect(
      diff("main~1", "--stat").output == """
        table      added  removed  modified
        ---------  -----  -------  --------
        prompts        1        0         0
        responses      0        0         1
        scores         0        0         1

        """)
    #expect(diff("main~1", "--name-only", "--format", "jsonl").output.hasPrefix("{\"table\":\"prompts\",\"key\":{"))
    #expect(
      diff("main~1", "--table", "scores", "--format", "csv").output
        == "table,change,key,column,old,new\nscores,modified,p1  a  (overall),score,1.0,7.0\n")
    #expect(
      diff("main~1", "--table", "prompts", "--format", "json").output
        == #"[{"table":"prompts","key":{"prompt_id":"p3"},"change":"added","old":null,"new":{"prompt_id":"p3","#
        + #""source":null,"prompt":"q3","format":"text","metadata":null}}]"# + "\n")
  }

  @Test("Without differences there is nothing to say") func nothing() {
    for arguments in [["main"], ["main~1..main~1"], ["main...main"], ["main", "--stat"], ["main", "--exit-code"]] {
      let run = CommandStage.run(["diff", stage.store] + arguments)
      #expect(run.output == "" && run.error == "" && run.exitCode == 0)
    }
    #expect(diff("main", "--format", "json").output == "[]\n")
  }

  @Test("The exit code tells of differences when it is asked to") func exitCode() {
    #expect(diff("main~1", "--exit-code").exitCode == 1)
    #expect(diff("main~1", "--exit-code").output == Self.change)
    #expect(diff("main~1", "--exit-code").error == "")
    #expect(diff("main~1", "--exit-code", "--stat").exitCode == 1)
    #expect(diff("main~1", "--exit-code", "--table", "labels").exitCode == 0)
  }

  @Test(
    "An output that fails goes before the exit code",
    arguments: [(StreamError.Kind.closedPipe, 0), (.inputOutput, 74)] as [(StreamError.Kind, Int32)])
  func outputThatFails(_ kind: StreamError.Kind, _ exitCode: Int32) {
    for options in [["--exit-code"], []] {
      let test = TestSurroundings()
      test.failure = StreamError(kind: kind, path: "standard output", reason: "can't be written: no room")
      let code = AufdbCommand.run(["diff", stage.store, "main~1"] + options, in: test.surroundings)
      #expect(code == exitCode)
      #expect(test.error == (exitCode == 0 ? "" : "error: standard output: can't be written: no room\n"))
    }
  }

  @Test(
    "So does one that fails while rows are still to come",
    arguments: [(StreamError.Kind.closedPipe, 0), (.inputOutput, 74)] as [(StreamError.Kind, Int32)])
  func outputThatFailsEarly(_ kind: StreamError.Kind, _ exitCode: Int32) throws {
    let long = String(repeating: "long ", count: 100_000)
    let lines = (0..<3).map { #"{"prompt_id":"long\#($0)","prompt":"\#(long)","completions":[]}"# + "\n" }
    try stage.expectDone("import", stage.store, stage.file("long.jsonl", lines.joined()))
    let test = TestSurroundings()
    test.failure = StreamError(kind: kind, path: "standard output", reason: "can't be written: no room")
    let code = AufdbCommand.run(["diff", stage.store, "main~1", "--format", "jsonl"], in: test.surroundings)
    #expect(code == exitCode)
    #expect(test.error == (exitCode == 0 ? "" : "error: standard output: can't be written: no room\n"))
  }

  @Test(
    "What can't be compared is refused, and nothing is written",
    arguments: [
      (["nowhere"], 1, "there is no revision 'nowhere'", nil),
      (["main", "nowhere"], 1, "there is no revision 'nowhere'", nil),
      (["nowhere...main"], 1, "there is no revision 'nowhere'", nil),
      (["main~9", "--format", "json"], 1, "there is no revision 'main~9': history ends before it", nil),
      (
        [".."], 1, "'..' is not a range of revisions",
        "for example main~3..main, or main...drts for what drts did since it left main"
      ),
      (["main~x..main"], 1, "'main~x' is not a revision", "for example main, main~3, main@{2026-11-01} or a commit id"),
      (
        ["main~1..main", "main"], 64, "'main~1..main' is a range of two revisions already, so 'main' is one too many",
        "give either two revisions or one range"
      ),
      (
        ["main~1", "--table", "lables"], 1, "there is no table 'lables'",
        "did you mean labels?"
      ),
      (
        ["main~1", "--table", "nonsense", "--format", "csv"], 1, "there is no table 'nonsense'",
        "the tables are prompts, responses, embeddings, scores, snapshots, estimates, selections, labels, "
          + "reward_heads, progress, queries, definitions"
      ),
      (["main~1", "--stat", "--name-only"], 64, "--stat and --name-only can't be given together", nil),
    ] as [([String], Int32, String, String?)])
  func refused(_ arguments: [String], exitCode: Int32, error: String, hint: String?) throws {
    try stage.expectRefused(["diff", stage.store] + arguments, exitCode: exitCode, error: error, hint: hint)
  }

  @Test("Wrong usage", arguments: [[], ["main", "main", "main"], ["main", "--format", "xml"], ["main", "--table"]])
  func wrongUsage(_ arguments: [String]) {
    let run = CommandStage.run(["diff", stage.store] + arguments)
    #expect(run.exitCode == 64)
    #expect(run.output == "" && run.error.hasPrefix("error: ") && run.error.contains("\nhint: usage: aufdb diff "))
  }
}

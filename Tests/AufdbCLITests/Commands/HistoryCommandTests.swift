// `aufdb history` as it is typed, in every format.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct HistoryCommandTests {
  let stage: CommandStage

  /// A label that is flipped on main, and gone on the branch side.
  init() throws {
    stage = try CommandStage()
    let label = #"{"prompt_id":"p1","chosen_model":"a","rejected_model":"b","judge":"j"}"#
    let flipped = #"{"prompt_id":"p1","chosen_model":"b","rejected_model":"a","judge":"j"}"#
    try commit(stage.file("label.jsonl", label + "\n"), "First\nand more")
    try stage.expectDone("branch", "create", stage.store, "side")
    try commit(stage.file("flipped.jsonl", flipped + "\n"), "Flip\u{1B}[31m", "--replace")
    let store = try Store(stage.store, for: .writing(waitSeconds: 0, command: "test"))
    _ = try store.commit(CommitContext(branch: "side", author: "eve", milliseconds: 1_700_000_009_000)) { change in
      try change.retire(.labels, change.connection.integer("SELECT id FROM labels"))
      return (CommitNote(message: "Drop", operation: Operation("test")), ())
    }
  }

  private func commit(_ file: String, _ message: String, _ more: String...) throws {
    let test = TestSurroundings()
    let arguments = ["import", stage.store, file, "-m", message, "--author", "ada"] + more
    #expect(AufdbCommand.run(arguments, in: test.surroundings) == 0, "\(test.error)")
  }

  private func run(_ arguments: String..., columns: Int? = nil) -> TestRun {
    let test = TestSurroundings()
    test.terminalColumns = columns
    let code = AufdbCommand.run(["history", stage.store] + arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: code)
  }

  /// The ids of the commits that touch the label: its birth, the flip, and the end on side.
  private var commits: (first: String, flip: String, drop: String) {
    get throws {
      let store = try Store(stage.store, for: .reading)
      return try (
        store.commit("main~1").id.description, store.commit("main").id.description, store.commit("side").id.description
      )
    }
  }

  @Test func tellsPeopleWhatHappened() throws {
    let (first, flip, drop) = try commits
    let birth = "\(first.prefix(12))  2023-11-14T22:13:20.123Z  ada  First\n"
    let flipped = """
      \(flip.prefix(12))  2023-11-14T22:13:20.123Z  ada  Flip\\x1b[31m
        ~ p1  a vs b  (j)
            chosen_model: a -> b
            rejected_model: b -> a

      """
    let main = run("labels", "p1")
    #expect(main.error == "")
    #expect(main.output.hasPrefix(flipped + "\n" + birth + "  + p1  a vs b  (j)\n      chosen_model: a\n"))
    #expect(main.exitCode == 0)
    let dropped = "\(drop.prefix(12))  2023-11-14T22:13:29.000Z  eve  Drop\n  - p1  a vs b  (j)\n"
    #expect(run("labels", "p1", "--all").output == dropped + "\n" + main.output)
    #expect(run("labels", "p1", "--at", "side").output.hasPrefix(dropped + "\n" + birth))
    #expect(run("labels", "p1", "b", "0", "a", "0", "j").output == main.output)
    #expect(run("labels", "p1", "--limit", "1").output == flipped)
    #expect(run("labels", "p1", "--limit", "0").output == "")
  }

  @Test func aTerminalGetsShortValues() throws {
    let long = String(repeating: "long ", count: 60)
    try commit(
      stage.file(
        "long.jsonl",
        #"{"prompt_id":"p9","prompt":"\#(long)\nsecond line","completions":[{"model":"a","response_text":"x"}]}"#
          + "\n"), "Long")
    let lines = run("prompts", "p9", columns: 40).output.split(separator: "\n")
    let line = try #require(lines.first { $0.contains("prompt: ") })
    #expect(line == "      prompt: long long long long long …")
    #expect(run("prompts", "p9").output.contains("      prompt: \(long)\\nsecond line\n"))
  }

  @Test func writesJSON() throws {
    let (_, _, drop) = try commits
    let row = """
      {"prompt_id":"p1","chosen_model":"a","chosen_sample":0,"rejected_model":"b","rejected_sample":0,"judge":"j",\
      "tie":0,"chosen_score":null,"rejected_score":null,"method":null,"batch":null,"details":null}
      """
    let key = #"{"prompt_id":"p1","model_1":"a","sample_1":0,"model_2":"b","sample_2":0,"judge":"j"}"#
    let object = """
      {"commit":"\(drop)","time":"2023-11-14T22:13:29.000Z","author":"eve","message":"Drop","table":"labels",\
      "key":\(key),"change":"removed","old":\(row),"new":null}
      """
    #expect(run("labels", "p1", "--at", "side", "--limit", "1", "--format", "jsonl").output == object + "\n")
    #expect(run("labels", "p1", "--at", "side", "--limit", "1", "--format", "json").output == "[\(object)]\n")
    #expect(run("labels", "p1", "--limit", "0", "--format", "json").output == "[]\n")
    let all = run("labels", "p1", "--format", "json").output
    #expect(all.contains(#""message":"First\nand more","#))
    #expect(all.contains(#""change":"modified","columns":["chosen_model","rejected_model"],"old":{"#))
    #expect(all.hasSuffix("}]\n"))
  }

  @Test func writesCSV() throws {
    let (_, flip, _) = try commits
    let header = "commit,time,author,table,change,key,column,old,new\n"
    let beginning = "\(flip),2023-11-14T22:13:20.123Z,ada,labels,modified,p1  a vs b  (j)"
    #expect(
      run("labels", "p1", "--limit", "1", "--format", "csv").output
        == "\(header)\(beginning),chosen_model,a,b\n\(beginning),rejected_model,b,a\n")
    #expect(run("labels", "p1", "--limit", "0", "--format", "csv").output == header)
  }

  @Test(
    arguments: [
      (["lables", "p1"], 1, "there is no table 'lables'"), (["labels", "nobody"], 1, nil), (["labels"], 64, nil),
      (["labels", "p1", "a", "x"], 64, "'x' is not a number, as sample_1 is"),
      (["prompts", "p1", "p2"], 64, "a key of prompts doesn't have 2 parts"),
      (["labels", "p1", "--at", "nowhere"], 1, "there is no revision 'nowhere'"),
      (["labels", "p1", "--at", "main", "--all"], 64, "--all and --at can't be given together"),
      (["labels", "p1", "--limit", "-1"], 64, nil), (["labels", "p1", "--format", "xml"], 64, nil),
    ] as [([String], Int32, String?)])
  func explainsWhatIsWrong(_ arguments: [String], _ exitCode: Int32, _ message: String?) throws {
    let before = try stage.contents()
    let run = CommandStage.run(["history", stage.store] + arguments)
    #expect(run.exitCode == exitCode)
    #expect(run.output == "")
    let lines = run.error.split(separator: "\n")
    #expect(lines.count == 2, "\(run.error)")
    #expect(lines.first?.hasPrefix("error: \(message ?? "")") == true, "\(run.error)")
    #expect(lines.last?.hasPrefix("hint: ") == true)
    #expect(try stage.contents() == before)
  }
}

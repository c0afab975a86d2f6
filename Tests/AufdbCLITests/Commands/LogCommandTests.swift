// `aufdb log` and `aufdb show` from their arguments to their output and exit code.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct LogCommandTests {
  let store: EmptyStore
  /// The ids of the five commits in the order in which they were made; the last merges the fourth into the third.
  let ids: [CommitID]

  init() throws {
    store = try EmptyStore()
    let path = store.path
    func writing() throws -> Store { try Store(path, for: .writing(waitSeconds: 1, command: "test")) }
    func commit(_ number: Int64, _ message: String, branch: String, author: String, _ relation: Relation) throws {
      let context = CommitContext(branch: branch, author: author, milliseconds: 1_767_225_600_000 + number * 86_400_000)
      _ = try writing().commit(context) { change in
        let row = try change.writer(relation)
        row.text("\(number)")
        if relation == .prompts { row.null() }
        row.text("text")
        if relation == .prompts { row.text("text") }
        row.null()
        try row.insert()
        return (CommitNote(message: message, operation: Operation("test")), ())
      }
    }
    try commit(1, "Second", branch: "main", author: "ada", .prompts)
    try writing().createRef(.branch, RefName("side"))
    try writing().createRef(.tag, RefName("v1"))
    try commit(2, "Third\nwith a second line", branch: "main", author: "bob\u{1B}", .snapshots)
    try commit(3, "Fourth", branch: "side", author: "Ada", .prompts)
    ids = try writing().write { connection in
      let parents = try [3, 4].map { try connection.commit($0) }
      _ = try connection.insertCommit(
        5, parents: parents, branch: "main", author: "ada", milliseconds: 1_767_571_200_000, message: "Merge side",
        operation: Operation("merge").json, changeDigest: RelationDigest.changeDigest([]))
      return try (1...5).map { try connection.commit($0).id }
    } keep: { _ in
      true
    }
  }

  /// What a command line gives, with #1 in place of the first commit's id, long or short, and so on.
  private func run(_ verb: String, _ arguments: String...) -> TestRun {
    var run = CommandStage.run([verb, store.path] + arguments)
    for (index, id) in ids.enumerated() {
      run.output = run.output.replacing(id.description, with: "#\(index + 1)").replacing(
        id.short, with: "#\(index + 1)")
    }
    return run
  }

  private func expect(
    _ run: TestRun, _ output: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.output == output, sourceLocation: sourceLocation)
    #expect(run.exitCode == 0 && run.error == "", sourceLocation: sourceLocation)
  }

  @Test func oneline() {
    let all = "#5 (main) Merge side\n#4 (side) Fourth\n#3 Third\n#2 (v1) Second\n#1 Create the store\n"
    expect(run("log", "--format", "oneline"), all)
    expect(run("log", "--format", "oneline", "--all"), all)
    expect(run("log", "--format", "oneline", "-n", "2"), "#5 (main) Merge side\n#4 (side) Fourth\n")
    expect(run("log", "--format", "oneline", "--limit", "0"), "")
    expect(run("log", "--format", "oneline", "--at", "side~1"), "#2 (v1) Second\n#1 Create the store\n")
    expect(
      run("log", "--format", "oneline", "--at", "main@{2026-01-03}"), "#3 Third\n#2 (v1) Second\n#1 Create the store\n")
  }

  @Test func filters() {
    func found(_ arguments: String...) -> String {
      var run = CommandStage.run(["log", store.path, "--format", "oneline"] + arguments)
      for (index, id) in ids.enumerated() { run.output = run.output.replacing(id.short, with: "#\(index + 1)") }
      #expect(run.exitCode == 0 && run.error == "")
      return run.output.split(separator: "\n").map { $0.prefix(2) }.joined(separator: " ")
    }
    #expect(found("--table", "prompts") == "#4 #2")
    #expect(found("--table", "prompts", "--table", "snapshots", "-n", "2") == "#4 #3")
    #expect(found("--table", "labels") == "")
    #expect(found("--author", "ADA") == "#5 #4 #2")
    #expect(found("--since", "2026-01-03") == "#5 #4 #3")
    #expect(found("--until", "2026-01-03") == "#3 #2 #1")
    #expect(found("--since", "2026-01-02T00:00Z", "--until", "2026-01-04 00:00:00") == "#4 #3 #2")
  }

  @Test func text() {
    expect(
      run("log"),
      """
      commit #5 (main)
      Merge:  #3 #4
      Author: ada
      Date:   2026-01-05T00:00:00.000Z

          Merge side

      commit #4 (side)
      Author: Ada
      Date:   2026-01-04T00:00:00.000Z

          Fourth

          prompts +1

      commit #3
      Author: bob\\x1b
      Date:   2026-01-03T00:00:00.000Z

          Third
          with a second line

          snapshots +1

      commit #2 (v1)
      Author: ada
      Date:   2026-01-02T00:00:00.000Z

          Second

          prompts +1

      commit #1
      Author: test
      Date:   2023-11-14T22:13:20.000Z

          Create the store

      """)
  }

  @Test func graph() {
    expect(
      run("log", "--graph", "--format", "oneline"),
      #"""
      *   #5 (main) Merge side
      |\
      | * #4 (side) Fourth
      * | #3 Third
      |/
      * #2 (v1) Second
      * #1 Create the store

      """#)
    expect(run("log", "--graph", "--format", "oneline", "--author", "test"), "* #1 Create the store\n")
    expect(
      run("log", "--graph", "--at", "main", "--since", "2026-01-03"),
      #"""
      *   commit #5 (main)
      |\  Merge:  #3 #4
      | | Author: ada
      | | Date:   2026-01-05T00:00:00.000Z
      | |
      | |     Merge side
      | |
      | * commit #4 (side)
      | | Author: Ada
      | | Date:   2026-01-04T00:00:00.000Z
      | |
      | |     Fourth
      | |
      | |     prompts +1
      | |
      * | commit #3
      |/  Author: bob\x1b
      |   Date:   2026-01-03T00:00:00.000Z
      |
      |       Third
      |       with a second line
      |
      |       snapshots +1

      """#)
  }

  @Test func json() throws {
    let output = CommandStage.run(["log", store.path, "--format", "json", "-n", "2"]).output
    let commits = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
    #expect(commits.map { $0["message"] as? String } == ["Merge side", "Fourth"])
    #expect(commits[0]["parents"] as? [String] == [ids[2].description, ids[3].description])
    // Scripts rely on these keys, and on no others being added unannounced.
    #expect(
      commits.allSatisfy { $0.keys.sorted() == ["author", "changes", "id", "message", "operation", "parents", "time"] })
    #expect(commits[1]["changes"] as? [String: [String: Int]] == ["prompts": ["added": 1, "retired": 0]])
    let lines = CommandStage.run(["log", store.path, "--format", "jsonl", "--all"]).output.split(separator: "\n")
    #expect(lines.count == 5 && output == "[\(lines[0]),\n\(lines[1])]\n")
    expect(run("log", "--format", "json", "--limit", "0"), "[]\n")
    expect(run("log", "--format", "json", "--table", "labels"), "[]\n")
    expect(run("log", "--format", "jsonl", "--table", "labels"), "")
  }

  @Test func whatWasReadBeforeDamageComesOut() throws {
    try Store(store.path, for: .writing(waitSeconds: 1, command: "test")).write {
      try $0.execute("DELETE FROM commit_log WHERE seq = 3")
    } keep: {
      true
    }
    let run = run("log", "--format", "json")
    #expect(run.output.hasPrefix("[{\"id\":\"#5\"") && run.output.split(separator: "\n").count == 2)
    #expect(run.exitCode == 65)
  }

  @Test func show() {
    expect(
      run("show", "side"),
      """
      commit #4 (side)
      Author: Ada
      Date:   2026-01-04T00:00:00.000Z

          Fourth

          prompts +1

          {"verb":"test","parameters":{}}

      """)
    expect(run("show", "--format", "oneline"), "#5 (main) Merge side\n")
    expect(run("show", "main@{2026-01-02}", "--format", "oneline"), "#2 (v1) Second\n")
    #expect(run("show", "main~2", "--format", "json").output.hasPrefix("{\"id\":\"#2\""))
    #expect(run("show", "main~2", "--format", "jsonl").output == run("show", "main~2", "--format", "json").output)
    #expect(run("show", "nowhere").exitCode == 1)
  }

  @Test(
    arguments: [
      (["--graph", "--format", "json"], 64, "--graph goes with --format text or oneline, not with json", nil),
      (["--graph", "--format", "jsonl"], 64, "--graph goes with --format text or oneline, not with jsonl", nil),
      (["-n", "x"], 64, "The value 'x' is invalid for '-n <number>'", nil),
      (["--limit=-1"], 64, "--limit takes a number that is not negative", nil),
      (["--table", "lables"], 1, "there is no table 'lables'", "did you mean labels?"),
      (
        ["--table", "x"], 1, "there is no table 'x'",
        "the tables are prompts, responses, embeddings, scores, snapshots, estimates, selections, labels, "
          + "reward_heads, progress, queries, definitions"
      ),
      (["--author", ""], 64, "the author's name is empty", "leave --author out for the commits of everybody"),
      (
        ["--since", "yesterday"], 64, "'yesterday' is not a date",
        "dates are absolute: 2026-11-01, 2026-11-01T12:30, 2026-11-01T12:30:05Z or 2026-11-01T12:30+01:00"
      ),
      (["--until", "2026-13-01"], 64, "'2026-13-01' is not a date: a month is 01 to 12", nil),
      (
        ["--since", "2026-11-02", "--until", "2026-11-01"], 64, "nothing can be since 2026-11-02 and until 2026-11-01",
        "the earlier date belongs to --since"
      ),
      (["--at", "mian"], 1, "there is no revision 'mian'", "did you mean main?"),
      (["--at", "main@{2020-01-01}"], 1, "'main' has no commit of 2020-01-01 or before", nil),
      (
        ["--at", "main@{1}"], 1, "'main@{1}' is not a revision: '1' is not a date",
        "@{...} takes a date; main~1 is one commit back"
      ),
    ] as [([String], Int32, String, String?)])
  func explainsWhatIsWrong(_ arguments: [String], _ exitCode: Int32, _ message: String, _ hint: String?) throws {
    for format in ["oneline", "json"] where !arguments.contains("--format") {
      let run = CommandStage.run(["log", store.path, "--format", format] + arguments)
      #expect(run.exitCode == exitCode && run.output == "")
      #expect(run.error.hasPrefix("error: \(message)\n"), "\(run.error)")
      if let hint { #expect(run.error.hasSuffix("hint: \(hint)\n"), "\(run.error)") }
    }
    let run = CommandStage.run(["log", store.path] + arguments)
    #expect(run.exitCode == exitCode && run.error.hasPrefix("error: \(message)\n"), "\(run.error)")
  }
}

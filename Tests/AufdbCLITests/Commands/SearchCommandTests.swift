// `aufdb search` as it is typed: what it shows, in every format, and what it says of the index and of bad questions.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct SearchCommandTests {
  private let stage: CommandStage

  init() throws {
    stage = try CommandStage(bare: ())
    try stage.expectDone("init", stage.store)
    let lines = """
      {"prompt_id":"p1","prompt":"Write a haiku","source":"s","completions":[{"model":"a","response_text":\
      "The old \\u001b[31mpond:\\na frog | jumps, and a, \\"b\\" \u{6F22}\u{5B57}"},{"model":"b","response_text":"No haiku."}]}
      {"prompt_id":"p2","prompt":"Anything","completions":[]}

      """
    try stage.expectDone("import", stage.store, stage.file("first.jsonl", lines))
    try stage.file("second.jsonl", #"{"prompt_id":"p3","prompt":"A frog's haiku","completions":[]}"#)
  }

  private func search(_ arguments: String..., columns: Int? = nil, environment: [String: String] = [:]) -> TestRun {
    let test = TestSurroundings()
    test.terminalColumns = columns
    test.environment = environment
    let code = AufdbCommand.run(["search", stage.store] + arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: code)
  }

  private func withoutScores(_ text: String) -> String { text.replacing(/-?\d+\.\d\d\)/, with: "N)") }

  @Test func showsPeopleWhatWasFound() throws {
    let first = search("frog")
    #expect(first.exitCode == 0)
    let name = stage.store + "-search"
    let pattern = try Regex(#"search index made: 4 texts \(1 kB\) in \d+\.\d+ s; \#(name) has \d+(\.\d)? [kM]B\n"#)
    #expect(first.error.wholeMatch(of: pattern) != nil, "\(first.error)")
    #expect(
      withoutScores(first.output)
        == "p1  a  (N)\n  The old \\x1b[31mpond: a **frog** | jumps, and a, \"b\" \u{6F22}\u{5B57}\n")
    let both = search("haiku")
    #expect(both.error == "")
    #expect(
      withoutScores(both.output) == "p1  b  (N)\n  No **haiku**.\np1  (prompt, N)\n  Write a **haiku**\n")
    #expect(search("haiku", "--limit", "1").error == "2 texts match; these are the best 1 (--limit)\n")
    #expect(search("haiku", "--limit", "0").output == "")
    #expect(search("satellite").error == "nothing was found\n")
    #expect(search("satellite").exitCode == 0)
    #expect(search("haiku", "--in", "prompts").output.contains("p1  (prompt, "))
    #expect(!search("haiku", "--in", "prompts").output.contains("p1  b"))
    #expect(search("No", "OR", "frog", "--model", "b").output.hasPrefix("p1  b  ("))
    #expect(search("haiku", "--where", "source = 's'", "--source", "s").output == both.output)
  }

  @Test func seesWhatTheRevisionSees() throws {
    _ = search("frog")
    try stage.expectDone("import", stage.store, stage.path("second.jsonl"))
    let updated = search("frog")
    #expect(updated.error.hasPrefix("search index updated: 1 text (1 kB) in "))
    #expect(updated.output.contains("p3  (prompt, "))
    #expect(search("frog", "--at", "main~1").output.contains("p1  a"))
    #expect(!search("frog", "--at", "main~1").output.contains("p3"))
  }

  @Test(arguments: [20, 40, 80]) func fitsTheTerminal(columns: Int) {
    let long = String(repeating: "very ", count: 60)
    let text =
      #"{"prompt_id":"a-long-name-of-a-prompt","prompt":"\#(long)long \#u{6F22}\#u{5B57} zebra \#(long)","completions":[]}"#
    #expect(throws: Never.self) { try stage.expectDone("import", stage.store, stage.file("long.jsonl", text)) }
    let run = search("zebra \u{6F22}", columns: columns)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(run.output.contains("\u{1B}[1;36mzebra\u{1B}[0m"))
    for line in lines {
      let plain = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
      #expect(DisplayWidth.of(String(plain)) <= columns, "\(plain)")
    }
    let plain = search("zebra", columns: columns, environment: ["NO_COLOR": "1"])
    #expect(!plain.output.contains("\u{1B}"))
  }

  @Test func writesRows() throws {
    let header = "kind,prompt_id,model,sample,rank,score,snippet\n"
    let csv = search("haiku", "--format", "csv").output
    #expect(csv.hasPrefix(header + "response,p1,b,0,1,"))
    #expect(csv.contains(",No **haiku**.\nprompt,p1,,,2,"))
    let jsonl = search("frog", "--format", "jsonl").output
    #expect(jsonl.hasPrefix(#"{"kind":"response","prompt_id":"p1","model":"a","sample":0,"rank":1,"score":"#))
    #expect(jsonl.hasSuffix(#""snippet":"The old \u001b[31mpond: a **frog** | jumps, and a, \"b\" 漢字"}"# + "\n"))
    #expect(search("satellite", "--format", "json").output == "[]\n")
    for format in OutputFormat.allCases {
      let run = search("haiku", "--format", format.rawValue)
      #expect(run.exitCode == 0 && run.output.contains("No **haiku**."), "\(format)")
    }
  }

  @Test func writesAFile() throws {
    let run = search("haiku", "--output", stage.path("hits.csv"))
    #expect(run.exitCode == 0 && run.output == "")
    #expect(String(decoding: try stage.bytes("hits.csv"), as: UTF8.self) == search("haiku", "--format", "csv").output)
    #expect(search("haiku", "--output", stage.path("hits.txt"), columns: 20).exitCode == 0)
    #expect(String(decoding: try stage.bytes("hits.txt"), as: UTF8.self) == search("haiku").output)
    #expect(search("haiku", "--output", stage.path("hits.csv"), "--format", "text").exitCode == 64)
  }

  @Test func buildsWithoutSearching() {
    #expect(search("--build").error.hasPrefix("search index made: 4 texts"))
    #expect(search("--build").error.hasPrefix("the search index is up to date: "))
    #expect(search("frog").error == "")
  }

  @Test(
    arguments: [
      ([], 64, "what is to be searched for?"), ([""], 64, "the question is empty"),
      (["++"], 64, "there is nothing to search for in the question"), (["(frog"], 64, "a bracket isn't closed"),
      (["frog", "NOT"], 64, "NOT stands between two parts of a question, and here is one missing"),
      (["\"frog"], 64, "a phrase isn't closed"),
      ([String(repeating: "frog ", count: 2_000)], 64, "the question has 10000 bytes"),
      (["frog", "--in", "scores"], 64, nil), (["frog", "--format", "xml"], 64, nil),
      (["frog", "--limit=-1"], 64, "--limit takes a number that is not negative"),
      (["frog", "--timeout=-1"], 64, "--timeout takes a number of seconds that is not negative"),
      (["frog", "--build"], 64, "--build searches for nothing"),
      (["frog", "--at", "nowhere"], 1, "there is no revision 'nowhere'"),
      (["frog", "--model", "c"], 1, "there is no model 'c'"), (["frog", "--where", "x ="], 1, nil),
    ] as [([String], Int32, String?)])
  func explainsWhatIsWrong(_ arguments: [String], _ exitCode: Int32, _ message: String?) throws {
    try stage.expectDone("search", stage.store, "--build")
    let before = try stage.contents()
    let run = CommandStage.run(["search", stage.store] + arguments)
    #expect(run.exitCode == exitCode)
    #expect(run.output == "")
    #expect(run.error.hasPrefix("error: \(message ?? "")"), "\(run.error)")
    #expect(try stage.contents() == before)
  }

  @Test func showsThePlaceInTheQuestion() {
    #expect(
      search("frog AND", "OR pond").error
        == """
        error: AND stands between two parts of a question, and here is one missing
        hint: write "AND" in quotation marks, or in small letters, for the word
          frog AND OR pond
               ^

        """)
  }

  @Test("Where nothing can be written, the index is made for the one search; where there is one, it is read")
  func readOnlyFolder() async throws {
    for isBuilt in [false, true] {
      if isBuilt { try stage.expectDone("search", stage.store, "--build") }
      let before = try stage.contents()
      #expect(chmod(stage.path(""), 0o555) == 0)
      defer { chmod(stage.path(""), 0o755) }
      let store = stage.store
      let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
        [store = store as String] in
        if geteuid() == 0 { guard setgid(65534) == 0, setuid(65534) == 0 else { exit(99) } }
        let run = CommandStage.run(["search", store, "frog"])
        let build = CommandStage.run(["search", store, "--build"])
        FileHandle.standardError.write(Data("\(run.exitCode) \(run.output)§\(run.error)§\(build.exitCode)".utf8))
        exit(0)
      }
      let parts = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).split(
        separator: "§", omittingEmptySubsequences: false)
      try #require(parts.count == 3)
      #expect(parts[0].hasPrefix("0 p1  a  ("))
      let note = "search index made for this search only: 4 texts (1 kB) in "
      #expect(isBuilt ? parts[1] == "" : parts[1].hasPrefix(note) && parts[1].contains(" (it can't be kept: "))
      #expect(parts[2] == "73")
      #expect(chmod(stage.path(""), 0o755) == 0)
      #expect(try stage.contents() == before)
    }
  }

  @Test(
    "A disk without room for the index: an error, nothing left behind, and the store as it was",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func fullDisk() throws {
    let words = (0..<60_000).map { "w\($0)" }.joined(separator: " ")
    try stage.expectDone(
      "import", stage.store,
      stage.file("many.jsonl", #"{"prompt_id":"m","prompt":"\#(words)","completions":[]}"# + "\n"))
    let size = try stage.bytes("store.aufdb").count
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: size + 150_000) { disk in
      try FileManager.default.copyItem(atPath: stage.store, toPath: "\(disk)/store.aufdb")
      let run = CommandStage.run(["search", "\(disk)/store.aufdb", "w7"])
      #expect(run.exitCode == 74)
      #expect(
        run.error
          == "error: the disk is full\nhint: the search index needs about as much room as the texts; the store is unchanged\n"
      )
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["store.aufdb"])
      #expect(TinyDisk.change(disk, "size=\(size + 16_000_000)"))
      #expect(CommandStage.run(["search", "\(disk)/store.aufdb", "w7"]).exitCode == 0)
    }
  }
}

// What TAB makes of lines.

import Testing

@testable import AufdbCLI

@Suite struct ShellCompletionTests {
  private static var names: ShellNames {
    ShellNames(
      tables: [
        ("labels", ["prompt_id", "judge", "tie"]), ("labels_diff", ["change", "prompt_id"]),
        ("scores", ["score", "judge"]),
      ],
      functions: ["cosine", "count"], keywords: ["FROM", "JOIN", "SELECT", "SET"],
      revisions: ["main", "drts", "v1", "HEAD", "3f2a91c0"], savedQueries: ["ties", "top", "top-10"],
      files: { beginning in ["report.sql", "reports/"].filter { $0.hasPrefix(beginning) } })
  }

  private static func choices(_ line: String, after earlier: String = "") -> [String] {
    ShellCompletion(line, after: earlier, names: names).choices
  }

  @Test(
    arguments: [
      ("se", ["select ", "set "]), ("SE", ["SELECT ", "SET "]),
      ("SELECT * FROM ", ["labels ", "labels_diff ", "scores "]),
      ("SELECT * FROM lab", ["labels ", "labels_diff "]), ("SELECT * FROM labels JOIN sc", ["scores "]),
      ("SELECT c", ["change", "cosine(", "count("]), ("SELECT * FROM labels WHERE j", ["judge", "join "]),
      ("SELECT * FROM labels AS l WHERE l.", ["prompt_id", "judge", "tie"]), ("FROM labels l ON l.t", ["tie"]),
      ("SELECT scores.s", ["score"]), ("SELECT x.", []), ("SELECT * FROM labels_diff('ma", ["main"]),
      ("SELECT 'don''t' ", []), (".a", [".at "]), (".t", [".tables", ".timeout ", ".timer "]), (".at d", ["drts"]),
      (".at 3f", ["3f2a91c0"]), (".diff main..d", ["drts"]), (".diff a...HE", ["HEAD"]), (".format ta", ["table"]),
      (".read rep", ["report.sql", "reports/"]), (".with past=v", ["v1"]), (".with v", []),
      (".timer o", ["on", "off"]), ("@", ["@ties", "@top", "@top-10"]), ("@to", ["@top", "@top-10"]), ("@x", []),
      (".schema neare", ["nearest"]),
      (".xy z", []), (".schema sc", ["scores"]), (".output reports", ["reports/"]),
    ])
  func choices(_ line: String, _ choices: [String]) {
    #expect(Self.choices(line) == choices)
  }

  @Test func earlierLinesCount() {
    #expect(Self.choices("WHERE t", after: "SELECT * FROM labels\n") == ["tie"])
    // A point inside a statement is no command.
    #expect(Self.choices(".a", after: "SELECT\n") == [])
    #expect(Self.choices("@to", after: "SELECT\n") == [])
  }

  @Test func whatAllHaveInCommonIsInserted() {
    let many = ShellCompletion("SELECT * FROM l", names: Self.names)
    #expect((many.replacedCount, many.text) == (1, "labels"))
    let one = ShellCompletion("SELECT * FROM SCO", names: Self.names)
    #expect((one.replacedCount, one.text, one.choices) == (3, "scores ", ["scores "]))
    let saved = ShellCompletion("@T", names: Self.names)
    #expect((saved.replacedCount, saved.text) == (0, ""))
    #expect(ShellCompletion("@ti", names: Self.names).text == "@ties")
    // Nothing more is known than what is typed.
    let typed = ShellCompletion("SELECT * FROM labels", names: Self.names)
    #expect((typed.replacedCount, typed.text, typed.choices.count) == (0, "", 2))
    #expect(ShellCompletion("nothing", names: Self.names) == ShellCompletion.none)
  }

  @Test func namesStandInColumns() {
    #expect(NameColumns.text(["a", "bb", "ccc"], columns: 80) == "a    bb   ccc\n")
    #expect(NameColumns.text(["a", "bb", "ccc"], columns: 10) == "a    ccc\nbb\n")
    #expect(NameColumns.text(["漢字", "b"], columns: 3) == "漢字\nb\n")
    #expect(NameColumns.text([], columns: 80) == "")
  }
}

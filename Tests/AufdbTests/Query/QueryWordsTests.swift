// A query is found to mention what it reads, however that is written, and shows it as its own revision has it.

import Testing

@testable import Aufdb

@Suite("Words of queries") struct QueryWordsTests {
  @Test func areCutWhereNamesEnd() {
    let words = QueryWords("SELECT l.Tie, \"labels\"[a b] FROM`Scores`;x'00'\u{301}--prompts\r\nfélé é$1 (nearest)")
    for word in ["tie", "LABELS", "a", "b", "scores", "x", "prompts", "félé", "é$1", "nearest"] {
      #expect(words.contains(word), "\(word)")
    }
    for word in ["label", "l.tie", "f", "$1", "", "1"] { #expect(!words.contains(word), "\(word)") }
    #expect(!QueryWords("").contains(""))
  }

  @Test(
    "every way to write a name reads the revision's own rows",
    arguments: [
      "prompts", "PROMPTS", "\"prompts\"", "[prompts]", "`Prompts`", "temp.prompts", "/**/prompts/**/",
      "(SELECT * FROM prompts)", "(WITH p AS (SELECT*FROM\tprompts)SELECT * FROM p)", "coverage", "COVERAGE",
    ])
  func relations(name: String) throws {
    let test = try TestQueryStore()
    #expect(try test.rows("SELECT count(*) FROM \(name)", at: "HEAD~1") == [[.integer(2)]])
    #expect(try test.rows("SELECT count(*) FROM \(name)") == [[.integer(3)]])
    let past = QueryOptions(others: [try OtherRevision("past", "HEAD~1")])
    guard name.allSatisfy(\.isLetter) else { return }
    #expect(
      try test.results("SELECT (SELECT count(*) FROM past_\(name)), count(*) FROM \(name)", past) == [
        [[.integer(2), .integer(3)]]
      ])
  }

  @Test func onlyWhatIsMentionedIsMade() throws {
    let views = "SELECT name FROM temp.sqlite_schema WHERE type = 'view' ORDER BY 1"
    func made(_ mentioned: String) throws -> [[SQLValue]] { try TestQueryStore().rows("\(views) -- \(mentioned)") }
    #expect(try made("") == [])
    #expect(try made("labels, scores") == [[.text("labels")], [.text("scores")]])
    #expect(try made("labels_history") == [[.text("labels_history")]])
    #expect(try made("nearest") == [[.text("embeddings")]])
    #expect(try made("leaderboard") == [[.text("labels")]])
    let pairs = try made("pairs")
    for name in ["pairs", "labels", "prompts", "responses"] { #expect(pairs.contains([.text(name)]), "\(name)") }
  }
}

// pairs, coverage, judge_agreement and length_bias: held against what Swift makes of the other relations' rows, at the
// head, in the past, on another branch, with a prefix and without aufdb.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct DerivedViewsTests {
  @Test("pairs: texts, scores and lengths of every label", arguments: [1, 2] as [UInt64])
  func pairs(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    for revision in DerivedStore.revisions {
      let contents = try DerivedContents(test, at: revision)
      let found = try test.rows(
        """
        SELECT chosen_score, rejected_score, score_gap, length(chosen), length(rejected), chosen_length,
          rejected_length, source, length(prompt) FROM pairs
        """, at: revision)
      try #require(found.count == contents.labels.count && found.count > 10)
      for (label, row) in zip(contents.labels, found) {
        let (scores, lengths) = (contents.scores(label), contents.lengths[label.prompt] ?? [:])
        let gap = scores.chosen.flatMap { chosen in scores.rejected.map { chosen - $0 } }
        let counts = [lengths[label.chosen], lengths[label.rejected]].map { length in
          length.map { SQLValue.integer(Int64($0)) } ?? .null
        }
        let number = Int64(label.prompt.dropFirst()) ?? 0
        let source = number % 3 == 0 ? SQLValue.null : .text("s")
        let reals = [scores.chosen, scores.rejected, gap].map(SQLValue.optional)
        #expect(row == reals + counts + counts + [source, .integer(number)], "seed \(seed)")
      }
      let own = "prompt_id, judge, tie, chosen_model, chosen_sample, rejected_model, rejected_sample, method, batch"
      let labels = try test.rows("SELECT \(own) FROM labels", at: revision)
      #expect(try test.rows("SELECT \(own) FROM pairs", at: revision) == labels)
    }
  }

  @Test("coverage: what there is of each prompt", arguments: [3, 4] as [UInt64])
  func coverage(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    let pair = """
      SELECT prompt_id, min(a, b), max(a, b) FROM (SELECT prompt_id, first_model || first_sample AS a,
        second_model || second_sample AS b FROM selections)
      """
    let labelled = """
      SELECT prompt_id, min(a, b), max(a, b) FROM (SELECT prompt_id, chosen_model || chosen_sample AS a,
        rejected_model || rejected_sample AS b FROM labels)
      """
    for revision in DerivedStore.revisions {
      func counts(_ sql: String) throws -> [String: Int64] {
        try test.rows(sql, at: revision).reduce(into: [:]) { $0[$1[0].string, default: 0] += 1 }
      }
      let key = "prompt_id, model, sample"
      let expected = [
        try counts("SELECT \(key) FROM responses"), try counts("SELECT DISTINCT \(key) FROM scores"), [:],
        try counts("SELECT DISTINCT \(key) FROM estimates"), try counts("SELECT prompt_id FROM selections"),
        try counts("WITH pair(p, a, b) AS (\(pair)) SELECT p FROM pair WHERE (p, a, b) NOT IN (\(labelled))"),
        try counts("SELECT prompt_id FROM labels"), try counts("SELECT DISTINCT prompt_id, judge FROM labels"),
      ]
      let rows = try test.rows("SELECT * FROM coverage", at: revision)
      #expect(rows.count == 14)
      for row in rows {
        #expect(Array(row[2...]) == expected.map { .integer($0[row[0].string] ?? 0) }, "seed \(seed), \(row[0])")
      }
    }
  }

  @Test("judge_agreement: to the last bit what an export reports", arguments: [5, 6] as [UInt64])
  func agreement(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    let judges = ["ada", "ben", "overall"]
    for revision in DerivedStore.revisions {
      var pairs: [String: [Vote]] = [:]
      for label in try DerivedContents(test, at: revision).labels {
        let isFirst = (label.chosen.model, label.chosen.sample) < (label.rejected.model, label.rejected.sample)
        let (low, high) = isFirst ? (label.chosen, label.rejected) : (label.rejected, label.chosen)
        let vote = Vote(
          judge: judges.firstIndex(of: label.judge) ?? -1, choice: label.isTie ? .tie : isFirst ? .first : .second,
          scores: nil, position: 0)
        pairs["\(label.prompt) \(low) \(high)", default: []].append(vote)
      }
      var tally = AgreementTally()
      for votes in pairs.values { tally.add(votes) }
      let expected = tally.report(judges).judges.map { report -> [SQLValue] in
        let (shared, kappa) = (Double(report.sharedCount), report.kappa.map(SQLValue.real) ?? .null)
        let names = [report.first, report.second].map(SQLValue.text)
        let agreed = Int64((report.raw * shared).rounded())
        return names + [.integer(Int64(report.sharedCount)), .integer(agreed), .real(report.raw), kappa]
      }
      #expect(try test.rows("SELECT * FROM judge_agreement ORDER BY 1, 2", at: revision) == expected, "seed \(seed)")
      #expect(!expected.isEmpty)
    }
  }

  @Test("Two judges who say the same of every pair have no kappa, and of no common pair no row")
  func onlyAgreement() throws {
    let picked = try PickedStore()
    try picked.commit { change in
      for prompt in ["p1", "p2"] {
        try change.addVerdict(prompt, "a", over: "b", by: "ada")
        try change.addVerdict(prompt, "a", over: "b", by: "ben")
      }
      try change.addVerdict("p3", "a", over: "b", by: "cem")
      try change.addVerdict("p4", "a", over: "b", by: "ada", tie: true)
      try change.addVerdict("p4", "b", over: "a", by: "cem", tie: true)
    }
    let rows = try picked.reading().copies("SELECT * FROM judge_agreement ORDER BY 1, 2")
    #expect(
      rows == [
        [.text("ada"), .text("ben"), .integer(2), .integer(2), .real(1), .null],
        [.text("ada"), .text("cem"), .integer(1), .integer(1), .real(1), .null],
      ])
  }

  @Test("length_bias: counts, means and the slope of each judge", arguments: [7, 8] as [UInt64])
  func lengthBias(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    for revision in DerivedStore.revisions {
      let contents = try DerivedContents(test, at: revision)
      let rows = try test.rows("SELECT * FROM length_bias ORDER BY judge", at: revision)
      #expect(rows.map { $0[0].string } == ["ada", "ben", "overall"])
      for row in rows {
        let labels = contents.labels.filter { $0.judge == row[0].string }
        let gaps = labels.filter { !$0.isTie }.compactMap(contents.lengthGap)
        let (longer, shorter) = (gaps.filter { $0 > 0 }.count, gaps.filter { $0 < 0 }.count)
        var (products, lengths, scores) = (0.0, 0.0, 0.0)
        for label in labels where !label.isTie {
          let given = contents.scores(label)
          guard let gap = contents.lengthGap(label), let chosen = given.chosen, let rejected = given.rejected
          else { continue }
          products += Double(gap) * (chosen - rejected)
          lengths += Double(gap * gap)
          scores += (chosen - rejected) * (chosen - rejected)
        }
        let counts = [labels.count, labels.filter(\.isTie).count, longer, shorter].map { SQLValue.integer(Int64($0)) }
        let expected =
          counts + [
            .optional(longer + shorter == 0 ? nil : Double(longer) / Double(longer + shorter)),
            .optional(gaps.isEmpty ? nil : Double(gaps.reduce(0, +)) / Double(gaps.count)),
            .optional(lengths == 0 ? nil : 1000 * products / lengths),
            .optional(lengths == 0 || scores == 0 ? nil : products * products / lengths / scores),
          ]
        #expect(zip(row.dropFirst(), expected).allSatisfy { $0.isNear($1) }, "seed \(seed): \(row), \(expected)")
      }
    }
  }

  @Test("Two revisions in one statement, by a prefix", arguments: [9] as [UInt64])
  func prefixed(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    let other = try Store(test.path, for: .reading)
    for revision in DerivedStore.revisions.dropFirst() {
      try other.read(at: .head) { connection, _ in
        try connection.visibility(of: connection.resolve(revision)).install(in: connection, prefix: "past_")
        let mentioned = DerivedViews.names.map { "Past_\($0)" }.joined(separator: " ")
        try DerivedViews.install(mentionedIn: QueryWords(mentioned), prefix: "past_", in: connection)
        for name in DerivedViews.names {
          let found = try connection.all("SELECT * FROM past_\(name)") { row in
            (0..<row.columnCount).map { row.value($0) }
          }
          #expect(try found == test.rows("SELECT * FROM \(name)", at: revision), "\(name), seed \(seed)")
          #expect(!found.isEmpty)
        }
      }
    }
  }

  @Test("Other tools see them at the head of the current branch", arguments: [10] as [UInt64])
  func persistent(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    for branch in ["main", "side", "main"] {
      try Store(test.path, for: .writing(waitSeconds: 0, command: "test")).switchBranch(to: branch)
      let database = try RawDatabase(test.path)
      for view in DerivedViews.views {
        let found = try database.rows("SELECT * FROM \(view)").map { row in row.map(\.sqlValue) }
        #expect(try found == test.rows("SELECT * FROM \(view)", at: Revision(branch)), "\(view) on \(branch)")
      }
    }
    // Some of its labels name responses that aren't there, as nothing else does.
    #expect(try test.store.verify().problems.allSatisfy { $0.hasSuffix(" refer to what isn't there") })
  }

  @Test("Every table in a view's text is moved to the revision")
  func moved() {
    for view in DerivedViews.views {
      let words = DerivedViews.moved(DerivedViews.body(of: view), to: "x_").split { $0 == " " || $0 == "\n" }
      #expect(words.count > 20)
      for (word, next) in zip(words, words.dropFirst()) where word == "FROM" || word == "JOIN" {
        #expect(next == "(" || next.hasPrefix("(SELECT") || next.hasPrefix("temp.x_"), "\(view): \(word) \(next)")
      }
    }
  }

  @Test("One is there only where it or what reads it is mentioned")
  func mentioned() throws {
    let test = try TestQueryStore()
    let names = "'pairs', 'coverage', 'judge_agreement', 'length_bias'"
    let objects = "SELECT name FROM temp.sqlite_schema WHERE name IN (\(names))"
    let leaderboard = "SELECT name FROM temp.sqlite_schema WHERE name = 'leader' || 'board'"
    #expect(try test.rows("SELECT count(*) FROM temp.sqlite_schema WHERE name LIKE 'pair%'") == [[.integer(0)]])
    #expect(try test.rows(objects).count == 4)
    #expect(try test.rows(leaderboard) == [])
    #expect(try test.rows("\(leaderboard) -- Leaderboard") == [[.text("leaderboard")]])
    let bias = "SELECT name FROM temp.sqlite_schema WHERE name LIKE 'p_irs' OR name LIKE 'c_verage' -- \"LENGTH_BIAS\""
    #expect(try test.rows(bias) == [[.text("pairs")]])
    #expect(try test.rows("WITH pairs AS (SELECT 1 AS a) SELECT a FROM pairs") == [[.integer(1)]])
  }

  private static let plans: [(sql: String, has: String?, hasNot: String)] = [
    ("SELECT judge, count(*) FROM pairs GROUP BY judge", nil, "responses"),
    ("SELECT judge FROM pairs WHERE prompt_id = 'p1'", "USING INDEX labels_key (prompt_id=?", "SCAN"),
    ("SELECT chosen FROM pairs WHERE prompt_id = 'p1'", "USING INDEX responses_key (prompt_id=?", "SCAN"),
    (
      "SELECT p.source, x.chosen_length FROM prompts AS p LEFT JOIN pairs AS x ON x.prompt_id = p.prompt_id",
      "USING INDEX labels_key (prompt_id=?", "MATERIALIZE"
    ),
    ("SELECT prompt_id FROM coverage WHERE label_count = 0", "labels_key (prompt_id=?", "responses"),
    ("SELECT * FROM coverage WHERE prompt_id = 'p1'", "prompts_key (prompt_id=?", "SCAN"),
    ("SELECT * FROM judge_agreement", "labels_key (prompt_id=?", "AUTOMATIC"),
    ("SELECT * FROM length_bias", "responses_key (prompt_id=?", "AUTOMATIC"),
  ]

  @Test("What isn't asked for isn't read, and conditions go through indexes", arguments: [11] as [UInt64])
  func plans(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    for revision in DerivedStore.revisions {
      for (sql, has, hasNot) in Self.plans {
        let plan = try test.rows("EXPLAIN QUERY PLAN \(sql)", at: revision).compactMap(\.last?.string)
          .joined(separator: "\n")
        #expect(has.map { plan.contains($0) } ?? true, "\(sql)\n\(plan)")
        #expect(!plan.contains(hasNot), "\(sql)\n\(plan)")
      }
    }
  }

  @Test("They can't be written to, and a slip of the pen is pointed out")
  func refusals() throws {
    let test = try TestQueryStore()
    for sql in ["DELETE FROM leaderboard", "INSERT INTO leaderboard (judge) VALUES (1)", "DELETE FROM pairs"] {
      #expect(try test.error(sql)?.message == "only SELECT is allowed in a query", "\(sql)")
    }
    #expect(try test.error("SELECT * FROM leaderbord")?.hint?.hasPrefix("did you mean leaderboard?") == true)
    #expect(try test.error("SELECT chosen_lenght FROM pairs")?.hint?.hasPrefix("did you mean chosen_length?") == true)
    #expect(try test.error("SELECT strenght FROM leaderboard")?.hint?.hasPrefix("did you mean strength?") == true)
  }
}

// Verifying rows: each belongs to one commit, is where its retirements say, and refers to what is there.

extension Verification {
  /// The runs of row ids and of past places that commits have: whole, and apart from each other.
  mutating func checkRuns(_ relation: Relation) throws {
    let code = relation.rawValue
    try refuteAll(
      """
      SELECT count(*) FROM commit_change WHERE relation = \(code)
        AND CASE WHEN added = 0 THEN first_id IS NOT NULL OR last_id IS NOT NULL
          ELSE last_id - first_id + 1 IS NOT added END
      """
    ) { "\(relation.name): \($0) runs of row ids have another length than was recorded" }
    try refuteAll(
      """
      SELECT count(*) FROM commit_change JOIN relation AS r ON r.code = relation WHERE relation = \(code)
        AND CASE WHEN first_past IS NULL THEN last_past IS NOT NULL ELSE last_past IS NULL OR first_past > last_past
          OR first_past < \(Relation.firstPast) OR last_past >= r.next_past END
      """
    ) { "\(relation.name): \($0) runs of past places are impossible" }
    for (first, last, what) in [("first_id", "last_id", "row ids"), ("first_past", "last_past", "past places")] {
      try refuteAll(
        """
        SELECT count(*) FROM (SELECT \(last), lead(\(first)) OVER (ORDER BY \(first)) AS next FROM commit_change
          WHERE relation = \(code) AND \(first) IS NOT NULL) WHERE next <= \(last)
        """
      ) { "\(relation.name): \($0) runs of \(what) overlap" }
    }
  }

  /// The rows: exactly those of the runs, each live or past.
  mutating func checkPlaces(_ relation: Relation) throws {
    let (table, code) = ("main.\(relation.table)", relation.rawValue)
    let stored = try connection.integer("SELECT count(*) FROM \(table)")
    let born = bornCounts[relation] ?? 0
    if stored != born { problem("\(relation.name): \(stored) row versions, but commits bore \(born)") }
    try refuteAll("SELECT count(*) FROM \(table) AS p JOIN \(table) AS l ON l.place = p.past_id") {
      "\(relation.name): \($0) row versions stand live and past"
    }
    try refuteAll(
      """
      SELECT count(*) FROM \(table) WHERE CASE WHEN place > 0 THEN past_id IS NOT NULL OR retired_by IS NOT NULL
        ELSE typeof(past_id) <> 'integer' OR typeof(retired_by) <> 'integer' OR past_id < 1
          OR place < \(Relation.firstPast) OR place >= (SELECT next_past FROM relation WHERE code = \(code)) END
      """
    ) { "\(relation.name): \($0) row versions are neither live nor past" }
  }

  /// Retired rows: where they should be, after their birth, and noted where they must be looked up.
  mutating func checkRetirements(_ relation: Relation) throws {
    let (table, code) = ("main.\(relation.table)", relation.rawValue)
    try refuteAll(
      """
      SELECT count(*) FROM \(table) AS p WHERE p.place < 0 AND CASE WHEN p.retired_by = 0
        THEN NOT EXISTS (SELECT 1 FROM retirement WHERE relation = \(code) AND row_id = p.past_id)
        ELSE NOT EXISTS (SELECT 1 FROM commit_change AS c WHERE c.relation = \(code) AND c.commit_seq = p.retired_by
          AND p.place BETWEEN c.first_past AND c.last_past) END
      """
    ) { "\(relation.name): \($0) past row versions were not retired when they say" }
    try refuteAll(
      """
      SELECT count(*) FROM retirement AS r WHERE relation = \(code)
        AND NOT EXISTS (SELECT 1 FROM \(table) WHERE place = r.row_id AND r.in_live = 1)
        AND NOT EXISTS (SELECT 1 FROM \(table) WHERE past_id = r.row_id AND r.in_live = 0)
      """
    ) { "\(relation.name): \($0) retired row versions are not where they should be" }
    try refuteAll(
      """
      SELECT count(*) FROM relation WHERE code = \(code) AND retired_apart <> 1
        AND EXISTS (SELECT 1 FROM retirement WHERE relation = \(code))
      """
    ) { _ in "\(relation.name): some row versions were retired on one branch alone, which is not noted" }
    try checkBornBeforeRetired(relation)
  }

  private mutating func checkBornBeforeRetired(_ relation: Relation) throws {
    let runs = try bornRuns(relation)
    // In the order in which the rows stand, which is faster to read than the order of their ids.
    let retired = try connection.statement(
      """
      SELECT past_id, retired_by FROM main.\(relation.table) WHERE place < 0 AND retired_by <> 0
      UNION ALL SELECT row_id, commit_seq FROM retirement WHERE relation = \(relation.rawValue)
      """)
    var count = 0
    while try retired.step() {
      let (id, commit) = (retired.integer(0), retired.integer(1))
      var (low, high) = (0, runs.count)
      while low < high {
        let middle = (low + high) / 2
        if runs[middle].last < id { low = middle + 1 } else { high = middle }
      }
      if low == runs.count || runs[low].first > id || runs[low].commit >= commit { count += 1 }
    }
    if count > 0 { problem("\(relation.name): \(count) row versions were retired before they were born") }
  }

  /// The runs of ids that commits bore, ascending; those that are no runs at all are found elsewhere.
  private func bornRuns(_ relation: Relation) throws -> [(first: Int64, last: Int64, commit: Int64)] {
    try connection.all(
      """
      SELECT first_id, last_id, commit_seq FROM commit_change WHERE relation = \(relation.rawValue)
        AND first_id <= last_id AND last_id < 1 << 62 ORDER BY first_id
      """
    ) { (first: $0.integer(0), last: $0.integer(1), commit: $0.integer(2)) }
  }

  mutating func checkNextIDs() throws {
    let names = try connection.all("SELECT code, name FROM relation ORDER BY code") { ($0.integer(0), $0.string(1)) }
    let known = Relation.allCases.map { (Int64($0.rawValue), $0.name) }
    if !names.elementsEqual(known, by: ==) { problem("the list of relations is not this format's") }
    let used = try connection.usedRuns()
    for relation in Relation.allCases {
      // Every lane ends where the last commit in it did.
      var runs: [ClosedRange<Int64>] = []
      for run in try bornRuns(relation) { runs.appendRun(run.first...run.last) }
      if used[relation] ?? [] != runs { problem("\(relation.name): the next row ids are not those after the last") }
      try refuteAll(
        """
        SELECT count(*) FROM relation WHERE code = \(relation.rawValue) AND next_past <> 1 + ifnull(
          (SELECT max(place) FROM main.\(relation.table) WHERE place < 0), \(Relation.firstPast - 1))
          AND NOT (SELECT max(pruned) FROM commit_log)
        """
      ) { _ in "\(relation.name): the next past place is not the one after the last" }
    }
    try refuteAll(
      """
      SELECT count(*) FROM ref WHERE CASE kind WHEN 'tag' THEN lane IS NOT NULL ELSE lane IS NULL
        OR lane NOT BETWEEN 0 AND (SELECT value FROM setting WHERE name = 'next_lane') - 1 END
      """
    ) { "\($0) branches or tags have an impossible lane of row ids" }
  }

  /// The persistent views are those of the current branch's head. In a store that nobody has written to since, they may
  /// ask for commits in a shorter form, which means the same to SQLite and nothing to other programs.
  mutating func checkHeadViews() throws {
    let expected = try connection.headViews()
    for relation in Relation.allCases {
      let sql = try connection.first(
        "SELECT sql FROM main.sqlite_schema WHERE name = ?1 AND type = 'view'", .text(relation.name)
      ) { $0.string(0).replacing("IN head_commit", with: "IN (SELECT seq FROM head_commit)") }
      if sql != expected.views[relation] { problem("the view \(relation.name) doesn't show the current branch's head") }
    }
    let runs = try connection.all("SELECT relation, first_id, last_id FROM main.head_run ORDER BY 1, 2, 3") {
      [$0.integer(0), $0.integer(1), $0.integer(2)]
    }
    let expectedRuns = expected.runs.map { [Int64($0.rawValue), $1.lowerBound, $1.upperBound] }
      .sorted { $0.lexicographicallyPrecedes($1) }
    let commits = try connection.all("SELECT seq FROM main.head_commit ORDER BY seq") { $0.integer(0) }
    if runs != expectedRuns || (expected.usesTables && commits != expected.commits) {
      problem("the tables that the views ask don't hold the current branch's head")
    }
  }

  /// A branch that is said to see no past rows must see none; the views, which look for them, are its tip's.
  mutating func checkSeesNoPast(_ branch: String, _ sequence: Int64) throws {
    let all = try Relation.allCases.map { try connection.integer("SELECT count(*) FROM \($0.name)") }
    try Visibility(sequence, isTip: true, in: connection).install(in: connection)
    for (relation, count) in zip(Relation.allCases, all) {
      let live = try connection.integer("SELECT count(*) FROM \(relation.name)")
      if live != count { problem("branch \(branch): \(count - live) rows of \(relation.name) are hidden in the past") }
    }
  }

  mutating func checkKeys(_ branch: String) throws {
    for relation in Relation.allCases {
      let key = relation.keyExpressions.joined(separator: ", ")
      try refuteAll("SELECT count(*) FROM (SELECT 1 FROM \(relation.name) GROUP BY \(key) HAVING count(*) > 1)") {
        "branch \(branch): \($0) keys of \(relation.name) stand more than once"
      }
    }
  }

  mutating func checkReferences(_ branch: String) throws {
    for relation in Relation.allCases {
      for condition in relation.missingReferences {
        try refuteAll("SELECT count(*) FROM \(relation.name) WHERE \(condition)") {
          "branch \(branch): \($0) \(relation.name) refer to what isn't there"
        }
      }
    }
  }
}

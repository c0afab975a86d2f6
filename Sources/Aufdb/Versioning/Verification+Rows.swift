// Verifying rows: each belongs to one commit, is where its retirements say, and refers to what is there.

extension Verification {
  /// The runs of row ids: whole, apart from each other, and filled by exactly the rows that there are.
  mutating func checkRuns(_ relation: Relation) throws {
    let (live, past, code) = ("main.\(relation.liveTable)", "main.\(relation.pastTable)", relation.rawValue)
    try refuteAll(
      """
      SELECT count(*) FROM commit_change WHERE relation = \(code)
        AND CASE WHEN added = 0 THEN first_id IS NOT NULL OR last_id IS NOT NULL
          ELSE last_id - first_id + 1 IS NOT added END
      """
    ) { "\(relation.name): \($0) runs of row ids have another length than was recorded" }
    try refuteAll(
      """
      SELECT count(*) FROM (SELECT last_id, lead(first_id) OVER (ORDER BY first_id) AS next FROM commit_change
        WHERE relation = \(code) AND first_id IS NOT NULL) WHERE next <= last_id
      """
    ) { "\(relation.name): \($0) runs of row ids overlap" }
    let stored = try connection.integer("SELECT (SELECT count(*) FROM \(live)) + (SELECT count(*) FROM \(past))")
    let recorded = try connection.integer("SELECT ifnull(sum(added), 0) FROM commit_change WHERE relation = \(code)")
    if stored != recorded { problem("\(relation.name): \(stored) row versions, but commits bore \(recorded)") }
    try refuteAll("SELECT count(*) FROM \(live) AS l JOIN \(past) AS p ON p.id = l.id") {
      "\(relation.name): \($0) row versions stand in both tables"
    }
  }

  /// Retired rows: where they should be, after their birth, and noted where they must be looked up.
  mutating func checkRetirements(_ relation: Relation) throws {
    let (live, past, code) = ("main.\(relation.liveTable)", "main.\(relation.pastTable)", relation.rawValue)
    try refuteAll(
      """
      SELECT count(*) FROM \(past) AS p WHERE NOT EXISTS
        (SELECT 1 FROM retirement WHERE commit_seq = p.retired_by AND relation = \(code) AND row_id = p.id)
      """
    ) { "\(relation.name): \($0) past row versions were not retired when they say" }
    try refuteAll(
      """
      SELECT count(*) FROM retirement AS r WHERE relation = \(code)
        AND NOT EXISTS (SELECT 1 FROM \(live) WHERE id = r.row_id AND r.in_live = 1)
        AND NOT EXISTS (SELECT 1 FROM \(past) WHERE id = r.row_id AND r.in_live = 0)
      """
    ) { "\(relation.name): \($0) retired row versions are not where they should be" }
    try refuteAll(
      """
      SELECT count(*) FROM retirement AS r WHERE r.relation = \(code) AND r.commit_seq <=
        (SELECT c.commit_seq FROM commit_change AS c WHERE c.relation = \(code)
          AND r.row_id BETWEEN c.first_id AND c.last_id)
      """
    ) { "\(relation.name): \($0) row versions were retired before they were born" }
    try refuteAll(
      """
      SELECT count(*) FROM relation WHERE code = \(code) AND retired_apart <> 1 AND EXISTS
        (SELECT 1 FROM retirement WHERE relation = \(code) GROUP BY row_id HAVING count(*) > 1 OR sum(in_live) > 0)
      """
    ) { _ in "\(relation.name): some row versions were retired on one branch alone, which is not noted" }
  }

  mutating func checkNextIDs() throws {
    let names = try connection.all("SELECT code, name FROM relation ORDER BY code") { ($0.integer(0), $0.string(1)) }
    let known = Relation.allCases.map { (Int64($0.rawValue), $0.name) }
    if !names.elementsEqual(known, by: ==) { problem("the list of relations is not this format's") }
    for relation in Relation.allCases {
      try refuteAll(
        """
        SELECT count(*) FROM relation WHERE code = \(relation.rawValue) AND next_id IS NOT 1 +
          (SELECT ifnull(max(last_id), 0) FROM commit_change WHERE relation = \(relation.rawValue))
        """
      ) { _ in "\(relation.name): the next row id is not the one after the last" }
    }
  }

  /// The persistent views are those of the current branch's head.
  mutating func checkHeadViews() throws {
    let expected = try connection.headViews()
    for relation in Relation.allCases {
      let sql = try connection.first(
        "SELECT sql FROM main.sqlite_schema WHERE name = ?1 AND type = 'view'", .text(relation.name)
      ) { $0.string(0) }
      if sql != expected.views[relation] { problem("the view \(relation.name) doesn't show the current branch's head") }
    }
    let runs = try connection.integer("SELECT count(*) FROM main.head_run")
    let expectedRuns = expected.stored.filter(\.isStored).reduce(0) { $0 + $1.runs.count }
    let commits = try connection.all("SELECT seq FROM main.head_commit ORDER BY seq") { $0.integer(0) }
    if runs != Int64(expectedRuns) || (expected.usesTables && commits != expected.commits) {
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
    func isMissing(_ columns: String, from parent: String, _ parentColumns: String) -> String {
      "(\(columns)) NOT IN (SELECT \(parentColumns) FROM \(parent))"
    }
    let response = "prompt_id, model, sample"
    let checks: [(Relation, String)] = [
      (.responses, isMissing("prompt_id", from: "prompts", "prompt_id")),
      (.scores, isMissing(response, from: "responses", response)),
      (.estimates, isMissing(response, from: "responses", response)),
      (.estimates, isMissing("snapshot", from: "snapshots", "snapshot")),
      (.embeddings, "model IS NOT NULL AND " + isMissing(response, from: "responses", response)),
      (.embeddings, "model IS NULL AND " + isMissing("prompt_id", from: "prompts", "prompt_id")),
      (.selections, isMissing("prompt_id, first_model, first_sample", from: "responses", response)),
      (.selections, isMissing("prompt_id, second_model, second_sample", from: "responses", response)),
      (.labels, isMissing("prompt_id, chosen_model, chosen_sample", from: "responses", response)),
      (.labels, isMissing("prompt_id, rejected_model, rejected_sample", from: "responses", response)),
    ]
    for (relation, condition) in checks {
      try refuteAll("SELECT count(*) FROM \(relation.name) WHERE \(condition)") {
        "branch \(branch): \($0) \(relation.name) refer to what isn't there"
      }
    }
  }
}

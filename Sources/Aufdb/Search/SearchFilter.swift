// What is asked of a row besides its words: its model, and its prompt's source and other columns.

import AufdbAcquisition

/// Conditions on rows, asked one by one.
struct SearchFilter {
  private let options: SearchOptions
  private let store: Connection
  /// True of a place where all conditions hold; nil for a kind without conditions.
  private let questions: [SearchKind: SQLStatement]

  /// - Parameter store: shows the revision.
  /// - Throws: `.refused` for an SQL condition that can't be run.
  init(_ options: SearchOptions, in store: Connection) throws {
    self.options = options
    self.store = store
    if let condition = options.condition {
      let promptIDs = try PromptCondition.promptIDs(condition, prefix: "", in: store)
      try store.executeScript(
        """
        DROP TABLE IF EXISTS temp.search_prompt;
        CREATE TEMP TABLE search_prompt (prompt_id TEXT PRIMARY KEY) WITHOUT ROWID;
        """)
      let insert = try store.statement("INSERT OR IGNORE INTO temp.search_prompt VALUES (?1)")
      for promptID in promptIDs { try insert.run(.text(promptID)) }
    }
    var questions: [SearchKind: SQLStatement] = [:]
    for kind in SearchKind.allCases {
      let conditions = Self.conditions(kind, options)
      guard !conditions.isEmpty else { continue }
      let statement = try store.statement(
        "SELECT 1 FROM main.\(kind.relation.table) AS t WHERE t.place = ?1 AND \(conditions.joined(separator: " AND "))"
      )
      if statement.parameterCount >= 2 { statement.bind(2, options.model.map(SQLValue.text) ?? .null) }
      if statement.parameterCount >= 3 { statement.bind(3, options.source.map(SQLValue.text) ?? .null) }
      questions[kind] = statement
    }
    self.questions = questions
  }

  private static func conditions(_ kind: SearchKind, _ options: SearchOptions) -> [String] {
    var conditions: [String] = []
    if options.model != nil, kind == .responses { conditions.append("t.model = ?2") }
    if options.source != nil {
      conditions.append(
        kind == .prompts
          ? "t.source = ?3" : "EXISTS (SELECT 1 FROM prompts AS p WHERE p.prompt_id = t.prompt_id AND p.source = ?3)")
    }
    if options.condition != nil {
      conditions.append("EXISTS (SELECT 1 FROM temp.search_prompt AS w WHERE w.prompt_id = t.prompt_id)")
    }
    return conditions
  }

  /// Whether the row version at a place is one of those that are searched.
  func accepts(_ kind: SearchKind, _ place: Int64) throws -> Bool {
    if kind == .prompts, options.model != nil { return false }
    guard let question = questions[kind] else { return true }
    question.bind(1, place)
    defer { question.reset() }
    return try question.step()
  }

  /// - Throws: `.refused` for a model or a source that the revision has nothing of: nothing could be found.
  func checkNames() throws {
    try check(options.model, "model", "SELECT DISTINCT model FROM responses ORDER BY model")
    try check(
      options.source, "source", "SELECT DISTINCT source FROM prompts WHERE source IS NOT NULL ORDER BY source")
  }

  private func check(_ name: String?, _ what: String, _ sql: String) throws {
    guard let name else { return }
    let names = try store.all(sql) { $0.string(0) }
    guard !names.contains(name) else { return }
    let known = names.nearestFirst(to: name).prefix(20).joined(separator: ", ")
    throw AufdbError(
      .refused, "there is no \(what) '\(name)'",
      hint: known.isEmpty ? "there are no \(what)s here" : "\(what)s here: \(known)")
  }
}

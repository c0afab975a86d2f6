// What folded prompts and their responses became, in TEMP tables of the store's connection: on disk where they are many.

/// The two tables of one import.
struct FoldedTables {
  private let promptInsertion: SQLStatement
  private let promptLookup: SQLStatement
  private let sampleInsertion: SQLStatement
  private let nextSampleInsertion: SQLStatement
  private let sampleLookup: SQLStatement

  init(in connection: Connection) throws(AufdbError) {
    try connection.executeScript(
      """
      DROP TABLE IF EXISTS temp.folded_prompt;
      DROP TABLE IF EXISTS temp.folded_sample;
      CREATE TEMP TABLE folded_prompt (prompt_id TEXT PRIMARY KEY, target TEXT NOT NULL) WITHOUT ROWID;
      CREATE TEMP TABLE folded_sample (
        prompt_id TEXT, model TEXT, sample INTEGER, target_sample INTEGER NOT NULL,
        PRIMARY KEY (prompt_id, model, sample)) WITHOUT ROWID;
      """)
    promptInsertion = try connection.statement("INSERT INTO temp.folded_prompt VALUES (?1, ?2)")
    promptLookup = try connection.statement("SELECT target FROM temp.folded_prompt WHERE prompt_id = ?1")
    // A response may come again, and is then the same one there.
    sampleInsertion = try connection.statement("INSERT OR REPLACE INTO temp.folded_sample VALUES (?1, ?2, ?3, ?4)")
    nextSampleInsertion = try connection.statement(
      """
      INSERT INTO temp.folded_sample
      SELECT ?1, ?2, (SELECT count(*) FROM temp.folded_sample WHERE prompt_id = ?1 AND model = ?2), ?3
      WHERE NOT EXISTS (
        SELECT 1 FROM temp.folded_sample WHERE prompt_id = ?1 AND model = ?2 AND target_sample = ?3)
      """)
    sampleLookup = try connection.statement(
      "SELECT target_sample FROM temp.folded_sample WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3")
  }

  func insertPrompt(_ promptID: Bytes, _ target: Bytes) throws(AufdbError) {
    promptInsertion.bind(1, unownedText: promptID)
    promptInsertion.bind(2, unownedText: target)
    try promptInsertion.run()
  }

  /// - Parameter sample: nil for a response that came without a number: it is the one after those that came before it.
  func insertSample(
    _ promptID: Bytes, _ model: Bytes, _ sample: Int64?, _ newSample: Int64
  ) throws(AufdbError) {
    let insertion = sample == nil ? nextSampleInsertion : sampleInsertion
    insertion.bind(1, unownedText: promptID)
    insertion.bind(2, unownedText: model)
    insertion.bind(sample == nil ? 3 : 4, newSample)
    if let sample { insertion.bind(3, sample) }
    try insertion.run()
  }

  /// Copies what a prompt was folded into; false where there is nothing to copy.
  func findTarget(of promptID: Bytes, _ target: HeldBytes) throws(AufdbError) -> Bool {
    promptLookup.bind(1, unownedText: promptID)
    defer { promptLookup.reset() }
    guard try promptLookup.step() else { return false }
    target.set(promptLookup.text(0))
    return true
  }

  func sample(of promptID: Bytes, _ model: Bytes, _ sample: Int64) throws(AufdbError) -> Int64? {
    sampleLookup.bind(1, unownedText: promptID)
    sampleLookup.bind(2, unownedText: model)
    sampleLookup.bind(3, sample)
    defer { sampleLookup.reset() }
    return try sampleLookup.step() ? sampleLookup.integer(0) : nil
  }
}

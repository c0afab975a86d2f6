// Verify: is the store what its history says? Everything is computed anew from the rows.
//
// Checked: SQLite's own integrity; the schema; every commit's change digest and id; that every row version belongs to
// exactly one commit and every retirement to a row; that natural keys stand once at each branch's tip; that what a
// tip's rows refer to is there; of pruned commits that they left what they say (Verification+Pruned.swift); and that
// kept answers, which no commit covers, are those that were kept (KeptAnswer+Seal.swift).
//
// A quick verification reads history and not the rows, so that it takes about a second whatever the store's size.

/// What a verification found.
public struct VerifyReport: Sendable, Equatable {
  public var commitCount = 0
  /// How many row versions there are; 0 after a quick verification, which doesn't count them.
  public var rowCount = 0
  /// How many of the commits were pruned, so that only what they left could be checked.
  public var prunedCount = 0
  /// What a quick verification passed over, in words; empty for a whole one.
  public var unchecked: [String] = []
  /// What is wrong, one line each; empty for a sound store. At most 100.
  public var problems: [String] = []

  public var isSound: Bool { problems.isEmpty }
}

extension Store {
  /// Recomputes the store's history from its rows and checks its invariants.
  ///
  /// - Parameter quick: whether only history is checked, and no more rows than can be read in a moment.
  /// - Returns: what is wrong, if anything; a damaged store is a finding here, not an error.
  /// - Complexity: reads everything once, and sorts the natural keys; quickly, linear in the number of commits.
  public func verify(
    quick: Bool = false, progress: ((_ commits: Int, _ of: Int) -> Void)? = nil
  ) throws -> VerifyReport {
    try inspect { connection in
      var verification = Verification(connection: connection)
      do {
        if quick { try verification.runQuickly() } else { try verification.run(progress: progress) }
      } catch let error as AufdbError where error.kind != .inputOutput && error.kind != .busy {
        // What stops a check is damage too: a missing table, a number beyond all bounds.
        verification.problem((connection.watch?.damage ?? error).description)
      }
      verification.report.problems = Array(verification.report.problems.prefix(100))
      return verification.report
    }
  }
}

/// One verification on one connection, as it goes. The checks of commits and of rows stand in files of their own.
struct Verification {
  let connection: Connection
  var report = VerifyReport()
  /// How many rows of each relation lie in the runs of commits.
  var bornCounts: [Relation: Int64] = [:]
  /// How many row versions that a commit saw are missing, for every commit so far.
  var missing: [Int64: MissingRows] = [:]

  init(connection: Connection) { self.connection = connection }

  mutating func run(progress: ((Int, Int) -> Void)?) throws {
    guard try checkPages("integrity_check(20)") else { return }
    // Without its tables, every other check would only say so again.
    guard try checkSchema() else { return }
    try checkCommits(progress: progress)
    try checkGraph()
    try checkCommitsOfRetirements()
    for relation in Relation.allCases {
      try checkRuns(relation)
      try checkPlaces(relation)
      try checkRetirements(relation)
    }
    try checkNextIDs()
    try checkHeadViews()
    try checkAnswers()
    let tips = try connection.all("SELECT name, commit_seq, sees_past FROM ref WHERE kind = 'branch' ORDER BY name") {
      (name: $0.string(0), sequence: $0.integer(1), seesPast: $0.integer(2) != 0)
    }
    for tip in tips {
      let visibility = try Visibility(tip.sequence, isTip: false, in: connection)
      try visibility.install(in: connection)
      if !tip.seesPast { try checkSeesNoPast(tip.name, tip.sequence) }
      try checkKeys(tip.name)
      try checkReferences(tip.name)
    }
  }

  mutating func problem(_ text: String) { report.problems.append(text) }

  /// Adds a problem with the number of rows that a query counts, if there are any.
  mutating func refuteAll(_ sql: String, _ text: (Int64) -> String) throws {
    let count = try connection.integer(sql)
    if count > 0 { problem(text(count)) }
  }

  /// Has SQLite check its pages; returns whether each of them is in one place only. Otherwise reading may take for ever.
  ///
  /// - Parameter check: the pragma that does so.
  mutating func checkPages(_ check: String) throws -> Bool {
    // SQLite's own check recurses, and may have no stack any more before it comes to tell. And it passes over the list of
    // free pages where it takes a view for the first table (seen with 3.40.1).
    let file = OpenFile(of: connection.handle)
    if let problem = file.flatMap({ PageGraph.problem(of: $0, withRows: true, withFreeList: true) }) {
      self.problem("the file's pages: \(problem)")
      return false
    }
    let lines = try connection.statement("PRAGMA \(check)")
    while try lines.step() {
      let line = lines.string(0)
      if line != "ok" { problem("SQLite: \(line)") }
      // Pages come first. Behind them SQLite reads every row, and would follow the ring.
      if line.contains(" reference to page ") { return false }
    }
    return true
  }

  /// Compares the schema with the one that this version makes; returns whether all of it is there, as it was made.
  mutating func checkSchema() throws -> Bool {
    let known = try Schema.objects()
    let found = Dictionary(
      try connection.all("SELECT name, ifnull(sql, '') FROM main.sqlite_schema WHERE type <> 'trigger'") {
        ($0.string(0), $0.string(1))
      }, uniquingKeysWith: { first, _ in first })
    // A trigger may have the name of one of our tables.
    for name in try connection.all(
      "SELECT name FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY name", read: { $0.string(0) })
    {
      problem("the schema has the trigger \(name.quoted), which is none of aufdb's")
    }
    let missing = known.keys.sorted().filter { found[$0] == nil }
    for name in missing { problem("the schema's '\(name)' is missing") }
    // The views of the relations are rewritten as branches come; see `checkHeadViews`.
    let changed = known.keys.sorted().filter { name in
      found[name].map { $0 != known[name] && !(Relation(name: name) != nil && $0.hasPrefix("CREATE VIEW ")) } == true
    }
    for name in changed { problem("the schema's '\(name)' is changed") }
    let (kinds, foundKinds) = try (Schema.kinds(), connection.schemaKinds())
    for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) where foundKinds[name].map({ $0 != kind }) == true {
      problem("the schema's '\(name)' is called \(foundKinds[name] ?? "")")
    }
    for name in found.keys.sorted() where known[name] == nil && !name.hasPrefix("sqlite_") {
      problem("the schema has '\(name)', which is none of aufdb's")
    }
    // What stands in a table's place may be a view that never ends.
    return missing.isEmpty && changed.isEmpty
  }
}

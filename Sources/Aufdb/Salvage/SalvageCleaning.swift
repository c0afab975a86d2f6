// Puts the tips of a salvaged store in order, with commits of their own: rows of commits that are lost come back, and what
// can't stand there any more is retired. Nothing goes from history: older commits still show it.

/// Works on one branch after the other of a new store, whose history is written.
final class SalvageCleaning {
  private let scratch: Connection
  private let connection: Connection
  private let options: SalvageOptions
  /// Which rows of the damaged store are here.
  private var maps: [Relation: RowMap]
  private(set) var added: [SalvageReport.Added] = []
  private(set) var counts: [Relation: (added: Int, lost: Int)] = [:]

  init(_ scratch: Connection, _ connection: Connection, _ options: SalvageOptions, _ maps: [Relation: RowMap]) {
    (self.scratch, self.connection, self.options, self.maps) = (scratch, connection, options, maps)
  }

  /// - Parameter commits: the numbers of the damaged store's commits that are known.
  func run(knownCommits commits: Set<Int64>) throws {
    let current = try connection.currentBranch()
    let branches = try connection.all("SELECT name, lane FROM ref WHERE kind = 'branch' ORDER BY name") {
      (name: $0.string(0), lane: $0.integer(1))
    }
    let lanes = Set(branches.map(\.lane))
    for branch in branches {
      // A lane that is nobody's is the current branch's.
      func isOurs(_ id: Int64) -> Bool {
        let lane = (id - 1) >> 40
        return lane == branch.lane || (branch.name == current && !lanes.contains(lane))
      }
      try commit(to: branch.name, "Bring back rows of commits that are lost") { change in
        for relation in Relation.allCases {
          try bringBack(relation, to: change, isOurs)
          try retireLost(relation, in: change, commits, isOurs)
        }
      }
      try commit(to: branch.name, "Retire what stands twice, or refers to rows that are lost") { change in
        for relation in Relation.allCases { try retireDuplicates(relation, in: change) }
        for relation in Relation.allCases { try retireDangling(relation, in: change) }
      }
    }
  }

  private func commit(to branch: String, _ message: String, _ body: (Change) throws -> Void) throws {
    let change = try Change(branch: branch, in: connection)
    try body(change)
    guard !change.isEmpty else { return }
    let counts = Relation.allCases.compactMap { relation -> (String, Operation.Value)? in
      let (added, retired) = (change.addedCount(relation), change.retiredCount(relation))
      guard added + retired > 0 else { return nil }
      return (relation.name, .list([.integer(Int64(added)), .integer(Int64(retired))]))
    }
    let operation = Operation("salvage", Dictionary(uniqueKeysWithValues: counts))
    _ = try change.finish(
      message: message, operation: operation.json, author: options.context.author,
      milliseconds: options.context.milliseconds)
    added.append(SalvageReport.Added(branch: branch, message: message))
  }

  /// Adds the live rows that belong to no commit that is known. Past ones are lost with their commits.
  private func bringBack(_ relation: Relation, to change: Change, _ isOurs: (Int64) -> Bool) throws {
    guard !options.onlyProven else { return }
    let columns = 1..<Int32(relation.columns.count + 1)
    let rows = try scratch.statement(
      "SELECT ifnull(past_id, place), \(relation.columnList), place FROM \(relation.table) ORDER BY place")
    var map = maps[relation] ?? RowMap()
    while try rows.step() {
      let id = rows.integer(0)
      guard isOurs(id), map.find(id) == nil else { continue }
      guard rows.integer(columns.upperBound) > 0 else {
        counts[relation, default: (0, 0)].lost += 1
        continue
      }
      let writer = try change.writer(relation)
      for column in columns { writer.value(rows, column) }
      map.add(id, try writer.insert(), bornBy: change.sequence)
      counts[relation, default: (0, 0)].added += 1
    }
    maps[relation] = map
  }

  /// Retires the rows that commits retired of which nothing else is known.
  private func retireLost(
    _ relation: Relation, in change: Change, _ commits: Set<Int64>, _ isOurs: (Int64) -> Bool
  ) throws {
    let rows = try scratch.statement(
      "SELECT past_id, retired_by FROM \(relation.table) WHERE place < 0 AND retired_by <> 0")
    var map = maps[relation] ?? RowMap()
    let seen = try change.statement("SELECT count(*) FROM \(relation.name) WHERE id = ?1")
    while try rows.step() {
      guard !commits.contains(rows.integer(1)), isOurs(rows.integer(0)), let id = map.find(rows.integer(0))?.id
      else { continue }
      var isSeen = false
      try seen.forEach(.integer(id)) { isSeen = $0.integer(0) > 0 }
      if isSeen, !change.isNew(relation, id) { try change.retire(relation, id) }
    }
    maps[relation] = map
  }

  /// Of rows with one key, the one that came last stays.
  private func retireDuplicates(_ relation: Relation, in change: Change) throws {
    let key = relation.keyExpressions.joined(separator: ", ")
    let ids = try connection.all(
      """
      SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY \(key) ORDER BY id DESC) AS place FROM \(relation.name))
      WHERE place > 1
      """
    ) { $0.integer(0) }
    for id in ids { try change.retire(relation, id) }
  }

  private func retireDangling(_ relation: Relation, in change: Change) throws {
    for condition in relation.missingReferences {
      while true {
        let ids = try connection.all("SELECT id FROM \(relation.name) WHERE \(condition)") { $0.integer(0) }
        for id in ids { try change.retire(relation, id) }
        // A definition may refer to another one.
        if ids.isEmpty { break }
      }
    }
  }
}

// Where row ids come from: each branch has a lane of ids of its own, so that what it adds stays one run.

/// The ids from `number` * 2^40 + 1 to (`number` + 1) * 2^40, of every relation. The table `lane` holds the next free one
/// of each and never lets an id be used twice.
struct Lane: Hashable {
  let number: Int64

  private static let bits: Int64 = 40

  /// Every id that the lane can give.
  var ids: ClosedRange<Int64> { (number << Self.bits) + 1...(number + 1) << Self.bits }

  /// - Throws: `.badData` for a number that no store can have.
  init(_ number: Int64) throws(AufdbError) {
    guard (0..<1 << (62 - Self.bits)).contains(number) else {
      throw AufdbError(.badData, "the store is damaged: a branch has an impossible lane of row ids")
    }
    self.number = number
  }
}

extension Connection {
  /// All row ids that were ever used: in each relation one run a lane, in ascending order, joined where they touch.
  func usedRuns() throws -> [Relation: [ClosedRange<Int64>]] {
    var runs: [Relation: [ClosedRange<Int64>]] = [:]
    let lanes = try all("SELECT relation, lane, next_id FROM lane ORDER BY relation, lane") {
      ($0.integer(0), $0.integer(1), $0.integer(2))
    }
    for (code, number, next) in lanes {
      let ids = try Lane(number).ids
      guard let relation = Relation(rawValue: Int(code)), next == ids.upperBound + 1 || ids.contains(next) else {
        throw AufdbError(.badData, "the store is damaged: the next row id of a branch is impossible")
      }
      guard next > ids.lowerBound else { continue }
      runs[relation, default: []].appendRun(ids.lowerBound...next - 1)
    }
    return runs
  }

  /// The next free id of a relation in a lane.
  func nextID(_ relation: Relation, in lane: Lane) throws -> Int64 {
    let next = try first(
      "SELECT next_id FROM lane WHERE relation = ?1 AND lane = ?2", .integer(Int64(relation.rawValue)),
      .integer(lane.number)
    ) { $0.integer(0) }
    guard let next else { return lane.ids.lowerBound }
    guard lane.ids.contains(next) else {
      throw AufdbError(.badData, "the store is damaged: the next row id of \(relation.name) is impossible")
    }
    return next
  }

  /// Takes the next new lane.
  func takeLane() throws -> Lane {
    let number = try integer("SELECT value FROM setting WHERE name = 'next_lane'")
    try execute("UPDATE setting SET value = ?1 WHERE name = 'next_lane'", .integer(number + 1))
    return try Lane(number)
  }
}

extension [ClosedRange<Int64>] {
  /// Appends a run that lies after all others, joined with the last one where they touch.
  mutating func appendRun(_ run: ClosedRange<Int64>) {
    if let last, last.upperBound + 1 == run.lowerBound {
      self[count - 1] = last.lowerBound...run.upperBound
    } else {
      append(run)
    }
  }

  /// Whether some run holds `id`; the runs are disjoint and ascending.
  ///
  /// - Complexity: O(log n).
  func holds(_ id: Int64) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].upperBound < id { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].contains(id)
  }
}

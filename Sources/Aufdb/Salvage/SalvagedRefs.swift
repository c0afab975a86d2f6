// The branches and tags of a damaged store.

/// Where names point, by place in a SalvagePlan.
struct SalvagedRefs {
  struct Branch {
    var name: String
    var commit: Int
    var lane: Lane
  }

  private(set) var branches: [Branch] = []
  private(set) var tags: [(name: String, commit: Int)] = []
  private(set) var currentBranch = "main"
  /// The first lane that no branch had.
  private(set) var nextLane: Int64 = 0
  /// What could not be kept as it was, in words.
  private(set) var losses: [String] = []

  init() {}

  init(_ scratch: Connection, commits: [SalvagedCommit], places: [Int64: Int]) throws {
    let found = try scratch.all("SELECT name, kind, commit_seq, lane FROM ref ORDER BY name") { row in
      (name: row.string(0), kind: row.string(1), commit: row.integer(2), lane: row.isNull(3) ? nil : row.integer(3))
    }
    nextLane = try Self.firstUnusedLane(scratch, found.compactMap(\.lane) + commits.compactMap(\.laneNumber))
    for ref in found where (try? RefName(ref.name)) != nil {
      let place = places[ref.commit]
      if ref.kind == Ref.Kind.tag.rawValue {
        if let place {
          tags.append((ref.name, place))
        } else {
          losses.append("the tag '\(ref.name)': its commit is lost")
        }
      } else if let place = place ?? Self.newest(inLane: ref.lane, commits) {
        add(ref.name, place, ref.lane)
        if places[ref.commit] == nil {
          losses.append("the branch '\(ref.name)' is at an earlier commit: its own is lost")
        }
      } else {
        losses.append("the branch '\(ref.name)': its commits are lost")
      }
    }
    addHeads(commits)
    let stated = try scratch.first("SELECT value FROM setting WHERE name = 'current_branch'") { $0.string(0) }
    let names = [stated ?? "main", "main"] + branches.map(\.name)
    currentBranch = names.first { name in branches.contains { $0.name == name } } ?? "main"
    if let stated, stated != currentBranch { losses.append("the current branch '\(stated)' is lost") }
  }

  private mutating func add(_ name: String, _ commit: Int, _ number: Int64?) {
    // A lane is one branch's alone.
    let isTaken = number.map { number in branches.contains { $0.lane.number == number } } ?? true
    if !isTaken, let number, let lane = try? Lane(number) {
      branches.append(Branch(name: name, commit: commit, lane: lane))
    } else {
      while branches.contains(where: { $0.lane.number == nextLane }) { nextLane += 1 }
      guard let lane = try? Lane(nextLane) else { return }
      nextLane += 1
      branches.append(Branch(name: name, commit: commit, lane: lane))
    }
  }

  /// A store without any branch gets one for each commit that nothing descends from.
  private mutating func addHeads(_ commits: [SalvagedCommit]) {
    guard branches.isEmpty, !commits.isEmpty else { return }
    var isHead = Array(repeating: true, count: commits.count)
    for commit in commits { for parent in commit.parents { isHead[parent] = false } }
    let names = Set(tags.map(\.name))
    for (number, head) in commits.indices.reversed().filter({ isHead[$0] }).enumerated() {
      let wanted = number == 0 ? "main" : "salvaged-\(number)"
      let name = names.contains(wanted) ? "salvaged-branch-\(number)" : wanted
      add(name, head, commits[head].laneNumber)
      losses.append("the names of branches: '\(name)' is at \(commits[head].id.short)")
    }
  }

  private static func newest(inLane lane: Int64?, _ commits: [SalvagedCommit]) -> Int? {
    lane.flatMap { lane in commits.lastIndex { $0.laneNumber == lane } }
  }

  /// Lanes begin again where no row has an id yet, so that none is used twice.
  private static func firstUnusedLane(_ scratch: Connection, _ known: [Int64]) throws -> Int64 {
    var last = known.filter { (try? Lane($0)) != nil }.max() ?? -1
    for relation in Relation.allCases {
      let id = try scratch.integer(
        "SELECT max(ifnull(max(place), 0), ifnull(max(past_id), 0)) FROM \(relation.table)")
      if Relation.idRange.contains(id) { last = max(last, (id - 1) >> 40) }
    }
    return min(last + 1, 1 << 21)
  }
}

extension SalvagedCommit {
  /// The lane that its rows' ids lie in; nil for one that bore none.
  var laneNumber: Int64? { rows.lazy.compactMap(\.born).first.map { ($0.lowerBound - 1) >> 40 } }
}

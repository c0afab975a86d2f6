// Branches and merges, drawn beside the list of commits: a lane for each line of history, two columns wide.
//
//   *   e     e merges d
//   |\
//   | * d     the lane of d ends where its parent b already has one
//   * | c
//   |/
//   * b
//
// A lane leads to the commit that comes next on it. A commit stands on the lane that leads to it, or on a new one at the
// right, if nothing shown descends from it. Below a commit, its lane leads to its parents, and then the lanes settle,
// step by step, until each of them leads to one commit and no two to the same:
//
//   - a lane that leads to several commits joins the lane that leads to one of them already, further left or next to it
//     at the right; otherwise it divides in two;
//   - a lane that leads where a lane further left does joins that one, in two rows where others lie between;
//   - a lane that leads nowhere ends; where a new one would come right below its end, a row is left between them;
//   - what is to the right moves along at once, so that there are never gaps.
//
// Commits that aren't shown only change where lanes lead: a lane that led to one leads to its parents. The lanes settle
// before the next commit that is shown, so what divides and joins again between two that are shown takes no row.

/// Draws a history whose commits are given one by one, children before their parents.
struct CommitGraph<ID: Hashable> {
  /// The rows of one commit, without blanks at their ends.
  struct Rows: Equatable {
    /// Rows that come before the commit's own.
    var before: [String] = []
    /// The row with the commit's mark.
    var node = ""
    /// Rows that come below it.
    var after: [String] = []
    /// What stands beside any further lines about the commit.
    var beside = ""
    /// How many columns the commit's rows take; at least as many as the widest of them, and a blank.
    var width = 0
  }

  /// What each lane leads to.
  private var lanes: [[ID]] = []
  /// Whether the last lane has ended, and nothing was drawn since: another one in its place would seem to go on from it.
  private var hasJustEnded = false

  /// Draws the next commit.
  mutating func draw(_ commit: ID, parents: [ID]) -> Rows {
    var rows = Rows()
    rows.before = settle()
    let lane = lanes.firstIndex(of: [commit]) ?? lanes.endIndex
    if lane == lanes.endIndex {
      if hasJustEnded { rows.before.append(beside) }
      lanes.append([commit])
    }
    hasJustEnded = false
    rows.node = lanes.indices.map { $0 == lane ? "*" : "|" }.joined(separator: " ")
    lanes[lane] = Self.unique(parents)
    rows.after = settle()
    rows.beside = beside
    let widest = ([rows.node, rows.beside] + rows.after).map(\.utf8.count).max() ?? 0
    rows.width = (widest / 2 + 1) * 2
    return rows
  }

  /// The lanes as they lie below the last commit.
  var beside: String { lanes.map { _ in "|" }.joined(separator: " ") }

  /// Goes past the next commit without showing it.
  mutating func passOver(_ commit: ID, parents: [ID]) {
    for lane in lanes.indices where lanes[lane].contains(commit) {
      lanes[lane] = Self.unique(lanes[lane].flatMap { $0 == commit ? parents : [$0] })
    }
  }

  private static func unique(_ commits: [ID]) -> [ID] {
    var seen: Set<ID> = []
    return commits.filter { seen.insert($0).inserted }
  }

  // Settling: each step gives its rows, and leaves the lanes as they are below them.

  private mutating func settle() -> [String] {
    var rows: [String] = []
    while let step = divide() ?? end() {
      rows += step
      hasJustEnded = step.isEmpty
    }
    return rows
  }

  /// Takes the first lane that leads to several commits one step on; nil where there is none.
  private mutating func divide() -> [String]? {
    guard let lane = lanes.firstIndex(where: { $0.count > 1 }) else { return nil }
    for commit in lanes[lane].reversed() {
      if let left = lanes[..<lane].lastIndex(of: [commit]) {
        lanes[lane].removeAll { $0 == commit }
        return joining(lane, left, of: lanes.count, isKept: true)
      }
      // Not the first parent: that is where the lane goes straight on to.
      if commit != lanes[lane][0], lane + 1 < lanes.count, lanes[lane + 1] == [commit] {
        lanes[lane].removeAll { $0 == commit }
        return [row(lanes.indices, [2 * lane + 1: "\\"])]
      }
    }
    var marks: [Int: Character] = [:]
    for moving in lane..<lanes.count { marks[2 * moving + 1] = "\\" }
    lanes.insert(Array(lanes[lane].dropFirst()), at: lane + 1)
    lanes[lane] = [lanes[lane][0]]
    return [row(0..<lane + 1, marks)]
  }

  /// Ends the first lane that leads nowhere, or where one further left does; nil where there is none.
  private mutating func end() -> [String]? {
    if lanes.last?.isEmpty == true {
      lanes.removeLast()
      return []
    }
    var first: [ID: Int] = [:]
    for (lane, commits) in lanes.enumerated() {
      guard let commit = commits.first else {
        let marks = Self.movingLeft(lane + 1..<lanes.count)
        lanes.remove(at: lane)
        return [row(0..<lane, marks)]
      }
      if let left = first[commit] {
        let count = lanes.count
        lanes.remove(at: lane)
        return joining(lane, left, of: count, isKept: false)
      }
      first[commit] = lane
    }
    return nil
  }

  /// The rows in which one of `count` lanes goes to the lane at `left`, and stays as well or leaves its place to others.
  private func joining(_ lane: Int, _ left: Int, of count: Int, isKept: Bool) -> [String] {
    var marks = isKept ? [:] : Self.movingLeft(lane + 1..<count)
    marks[2 * lane - 1] = "/"
    for between in left + 1..<max(left + 1, lane - 1) { marks[2 * between + 1] = "_" }
    let first = row(0..<(isKept ? count : lane), marks)
    return lane - left == 1 ? [first] : [first, row(lanes.indices, [2 * left + 1: "/"])]
  }

  // A lane stands at twice its number; what leads from one to the next stands between them.

  private static func movingLeft(_ lanes: Range<Int>) -> [Int: Character] {
    Dictionary(uniqueKeysWithValues: lanes.map { (2 * $0 - 1, "/") })
  }

  /// A row in which some lanes go straight on, with other marks at their columns.
  private func row(_ straight: Range<Int>, _ marks: [Int: Character]) -> String {
    let last = max(2 * (straight.last ?? -1), marks.keys.max() ?? -1)
    return String((0..<last + 1).map { marks[$0] ?? ($0 % 2 == 0 && straight.contains($0 / 2) ? "|" : " ") })
  }
}

// Drawings of histories: what they should look like, and what must hold for any of them.

import AufdbTestSupport
import Testing

@testable import AufdbCLI

@Suite struct CommitGraphTests {
  /// A history in the form "e c d, c b, ...": each commit with its parents, newest first. One in brackets isn't shown.
  private static func drawing(_ history: String) -> String {
    var graph = CommitGraph<String>()
    var rows: [String] = []
    for commit in history.split(separator: ", ") {
      let names = commit.filter { $0 != "[" && $0 != "]" }.split(separator: " ").map(String.init)
      if commit.hasPrefix("[") {
        graph.passOver(names[0], parents: Array(names.dropFirst()))
      } else {
        let drawn = graph.draw(names[0], parents: Array(names.dropFirst()))
        let blanks = String(repeating: " ", count: drawn.width - drawn.node.utf8.count)
        rows += drawn.before + ["\(drawn.node)\(blanks)\(names[0])"] + drawn.after
      }
    }
    return rows.joined(separator: "\n")
  }

  @Test(
    arguments: [
      ("", ""),
      ("a", "* a"),
      ("c b, b a, a", "* c\n* b\n* a"),
      ("d c, c, b a, a", "* d\n* c\n\n* b\n* a"),
    ])
  func lines(history: String, drawing: String) { #expect(Self.drawing(history) == drawing) }

  @Test(
    "branches and merges",
    arguments: [
      (
        "e c d, d b, c b, b a, a",
        #"""
        *   e
        |\
        | * d
        * | c
        |/
        * b
        * a
        """#
      ),
      (
        "f c, e d c, d b, c b, b",
        #"""
        * f
        | * e
        |/|
        | * d
        * | c
        |/
        * b
        """#
      ),
      (
        "g e f, f d, e c d, d b, c b, b",
        #"""
        *   g
        |\
        | * f
        * | e
        |\|
        | * d
        * | c
        |/
        * b
        """#
      ),
    ])
  func oneBranch(history: String, drawing: String) { #expect(Self.drawing(history) == drawing) }

  @Test(
    "several branches",
    arguments: [
      (
        "e b, d a, c b, b a, a",
        #"""
        * e
        | * d
        | | * c
        | |/
        |/|
        * | b
        |/
        * a
        """#
      ),
      (
        "g f d, f b e, e b, d b, b a, a",
        #"""
        *   g
        |\
        * |   f
        |\ \
        | * | e
        |/ /
        | * d
        |/
        * b
        * a
        """#
      ),
      (
        "f d e, e b c, d c b, c a, b a, a",
        #"""
        *   f
        |\
        | *   e
        | |\
        * | | d
        |\| |
        | |/
        |/|
        * | c
        | * b
        |/
        * a
        """#
      ),
      (
        "e a, d b, c x, f a, b a, x a, a",
        #"""
        * e
        | * d
        | | * c
        | | | * f
        | |_|/
        |/| |
        | * | b
        |/ /
        | * x
        |/
        * a
        """#
      ),
      (
        "e c, d b, c, b a, a",
        #"""
        * e
        | * d
        * | c
         /
        * b
        * a
        """#
      ),
    ])
  func severalBranches(history: String, drawing: String) { #expect(Self.drawing(history) == drawing) }

  @Test(
    "commits that aren't shown",
    arguments: [
      ("[e d], d c, [c b], b", "* d\n* b"),
      ("e d, [d b c], [c a], [b a], a", "* e\n* a"),
      ("e c d, [d], c b, b", "*   e\n|\\\n* c\n* b"),
      ("d b c, [c], a, b", "*   d\n|\\\n|\n| * a\n* b"),
      (
        "e d, [d b c], c a, [b a], a",
        #"""
        * e
        |\
        | * c
        |/
        * a
        """#
      ),
      (
        "e c d, [d b], c b, b a, a",
        #"""
        *   e
        |\
        * | c
        |/
        * b
        * a
        """#
      ),
    ])
  func hiddenCommits(history: String, drawing: String) { #expect(Self.drawing(history) == drawing) }

  /// A random history, newest first, in which about a fifth of the commits isn't shown.
  private static func randomHistory(_ generator: inout SeededGenerator) -> [(isShown: Bool, parents: [Int])] {
    let count = Int.random(in: 1...40, using: &generator)
    let reach = Int.random(in: 1...8, using: &generator)
    return (0..<count).map { commit in
      let older = (commit + 1..<min(count, commit + 1 + reach)).shuffled(using: &generator)
      let parentCount = Int.random(in: 0..<20, using: &generator) == 0 ? 0 : Int.random(in: 1...2, using: &generator)
      return (Int.random(in: 0..<5, using: &generator) > 0, Array(older.prefix(parentCount)))
    }
  }

  /// The shown commits that the lines below one lead to: its parents, or theirs where they aren't shown.
  private static func shownParents(_ commit: Int, _ history: [(isShown: Bool, parents: [Int])]) -> Set<Int> {
    Set(history[commit].parents.flatMap { history[$0].isShown ? [$0] : Array(shownParents($0, history)) })
  }

  @Test(
    "every line leads to a parent, and there are no more lanes than it takes",
    arguments: 1...60 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let history = Self.randomHistory(&generator)
    var graph = CommitGraph<Int>()
    var rows: [[Character]] = []
    var rowOf: [Int: Int] = [:]
    var awaited: Set<Int> = []
    for (commit, (isShown, parents)) in history.enumerated() {
      if awaited.remove(commit) != nil || isShown { awaited.formUnion(parents) }
      guard isShown else {
        graph.passOver(commit, parents: parents)
        continue
      }
      let drawn = graph.draw(commit, parents: parents)
      rows += drawn.before.map(Array.init)
      rowOf[commit] = rows.count
      rows += ([drawn.node] + drawn.after).map(Array.init)
      #expect(drawn.beside.count { $0 == "|" } == awaited.count, "seed \(seed)")
      #expect((drawn.before + drawn.after + [drawn.node]).allSatisfy { $0.last != " " }, "seed \(seed)")
      #expect(([drawn.node, drawn.beside] + drawn.after).allSatisfy { $0.utf8.count < drawn.width }, "seed \(seed)")
    }
    let commitAt = Dictionary(uniqueKeysWithValues: rowOf.map { ($1, $0) })
    let isNarrow = rows.allSatisfy { $0.count < 4 }
    for (commit, row) in rowOf {
      let reached = Set(Self.follow(rows, from: row).compactMap { commitAt[$0] })
      let expected = Self.shownParents(commit, history)
      // Where a line crosses another, the marks can be read in two ways.
      let isRight = isNarrow ? reached == expected : reached.isSuperset(of: expected)
      #expect(isRight, "seed \(seed), commit \(commit)\n\(rows.map { String($0) }.joined(separator: "\n"))")
    }
  }

  /// The rows of the commits that one comes to, going down from the commit of a row along the marks.
  private static func follow(_ rows: [[Character]], from start: Int) -> Set<Int> {
    var found: Set<Int> = []
    var columns: Set<Int> = [rows[start].firstIndex(of: "*") ?? 0]
    for index in start + 1..<max(start + 1, rows.count) {
      let row = rows[index]
      func mark(_ column: Int) -> Character { row.indices.contains(column) ? row[column] : " " }
      var next: Set<Int> = []
      for column in columns {
        if mark(column) == "*" { found.insert(index) }
        if mark(column) == "|" { next.insert(column) }
        if mark(column + 1) == "\\" { next.insert(column + 2) }
        if mark(column - 1) == "/" {
          var left = column - 1
          while mark(left - 2) == "_" { left -= 2 }
          next.insert(left - 1)
        }
      }
      columns = next
    }
    return found
  }
}

// `maxmin` over all small score lists: first of the highest, last of the lowest.

import AufdbAcquisition
import Testing

@Suite struct MaxMinMethodTests {
  /// The definition by a stable descending sort: its first and its last.
  static func bruteForce(_ scores: [Double]) -> Pair {
    let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    return Pair(first: order[0], second: order[order.count - 1])
  }

  @Test func smallSpacesAgreeWithASort() throws {
    let grid = [1.0, 2.5, 2.5000000000000004, -0.0, 0.0]
    var lists: [[Double]] = [[]]
    for _ in 1...4 {
      lists = lists.flatMap { list in grid.map { list + [$0] } }
      for scores in lists where scores.count >= 2 {
        #expect(try CandidateStorage(scores: scores).pair(by: MaxMinMethod()) == Self.bruteForce(scores), "\(scores)")
      }
    }
  }

  /// Scores are doubles: a difference that float32 would lose decides.
  @Test func doublesAreComparedAsDoubles() throws {
    let scores = [0.1, 0.1.nextUp, 0.1.nextDown]
    #expect(try CandidateStorage(scores: scores).pair(by: MaxMinMethod()) == Pair(first: 1, second: 2))
  }
}

// Order statistics of all k(k - 1) gaps u_i - l_j without sorting or storing them: what `deltaquantile` picks by.
//
// With the upper bounds in descending and the lower bounds in ascending order, the gaps fall along rows and columns,
// and float32 rounding keeps that. So the gaps above any x end at a staircase, and one walk along it counts them in
// O(k), and finds the gaps next to x on either side. The gap at a rank is the smallest one with no more gaps above it
// than that: floats have an order of their own as integers, and bisecting it, each time from one gap to another, takes
// about log2(k^2) walks where gaps are spread, and never more than 32.

/// The bounds of one prompt in order, and counts of their gaps.
struct GapRanks {
  private let lower: UnsafeBufferPointer<Float>
  private let upper: UnsafeBufferPointer<Float>
  private let lowerAscending: UnsafeBufferPointer<Float>
  private let upperDescending: UnsafeBufferPointer<Float>

  /// The pair of the largest upper bound of its first response among the pairs whose gap has one of `ranks`; of equals
  /// the one of the earliest rank. Ranks count from 0, the widest gap; equal gaps rank in the order of (i, j).
  ///
  /// - Precondition: k >= 2; `ranks` is within 0 ..< k(k - 1) and not empty.
  /// - Complexity: O(k^2) time and O(k) space; no heap memory up to k = 64.
  static func pairOfLargestUpper(
    lower: UnsafeBufferPointer<Float>, upper: UnsafeBufferPointer<Float>, ranks: Range<Int>
  ) -> Pair {
    let count = lower.count
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { memory in
      var lowerAscending = UnsafeMutableBufferPointer(rebasing: memory[..<count])
      var upperDescending = UnsafeMutableBufferPointer(rebasing: memory[count...])
      _ = lowerAscending.initialize(from: lower)
      _ = upperDescending.initialize(from: upper)
      lowerAscending.sort()
      upperDescending.sort(by: >)
      return GapRanks(
        lower: lower, upper: upper, lowerAscending: UnsafeBufferPointer(lowerAscending),
        upperDescending: UnsafeBufferPointer(upperDescending)
      ).pairOfLargestUpper(ranks)
    }
  }

  private func pairOfLargestUpper(_ ranks: Range<Int>) -> Pair {
    let widest = gap(atRank: ranks.lowerBound)
    let narrowest = ranks.count == 1 ? widest : gap(atRank: ranks.upperBound - 1)
    // Of the pairs that have the gap of an end of the range, only some are within: all but the first so many, and no
    // more than the first so many.
    var before = ranks.lowerBound - countAbove(widest)
    var within = ranks.upperBound - countAbove(narrowest)
    var best = (first: 0, second: 0, upper: -Float.infinity, gap: -Float.infinity)
    for first in upper.indices {
      for second in lower.indices where second != first {
        let gap = upper[first] - lower[second]
        if gap > widest || gap < narrowest { continue }
        if gap == narrowest {
          within -= 1
          if within < 0 { continue }
        }
        if gap == widest {
          before -= 1
          if before >= 0 { continue }
        }
        // The first pair within always gets in; bounds are finite, so any is above the start.
        if upper[first] > best.upper || upper[first] == best.upper && gap > best.gap {
          best = (first, second, upper[first], gap)
        }
      }
    }
    return Pair(first: best.first, second: best.second)
  }

  /// The gap of the pair at `rank`: the smallest that at most so many gaps are above.
  private func gap(atRank rank: Int) -> Float {
    let last = lower.count - 1
    var atMost = Self.ordinal(upperDescending[0] - lowerAscending[0])
    var atLeast = Self.ordinal(upperDescending[last] - lowerAscending[last])
    while atLeast < atMost {
      let walk = walk(along: Self.float(atLeast + (atMost - atLeast) / 2))
      if walk.countAbove <= rank {
        atMost = Self.ordinal(walk.nextBelow)
      } else {
        atLeast = Self.ordinal(walk.nextAbove)
      }
    }
    return Self.float(atMost)
  }

  /// How many pairs i != j have a gap above `gap`. Complexity: O(k).
  private func countAbove(_ gap: Float) -> Int { walk(along: gap).countAbove }

  /// Walks along the border between the gaps above `gap` and the others. Complexity: O(k).
  ///
  /// - Returns: how many pairs i != j have a gap above it; the smallest gap above it, and the largest that isn't, where
  ///   u_i - l_i count as gaps, too, and there are such.
  private func walk(along gap: Float) -> (countAbove: Int, nextAbove: Float, nextBelow: Float) {
    var (nextAbove, nextBelow) = (Float.infinity, -Float.infinity)
    var total = 0
    var rowLength = lowerAscending.count
    for highest in upperDescending {
      while rowLength > 0 && !(highest - lowerAscending[rowLength - 1] > gap) { rowLength -= 1 }
      if rowLength < lowerAscending.count { nextBelow = max(nextBelow, highest - lowerAscending[rowLength]) }
      // All gaps of the rows that are left are smaller still.
      if rowLength == 0 { break }
      nextAbove = min(nextAbove, highest - lowerAscending[rowLength - 1])
      total += rowLength
    }
    for index in lower.indices where upper[index] - lower[index] > gap { total -= 1 }
    return (total, nextAbove, nextBelow)
  }

  /// A float's place in the order of all floats: 0 for both zeros, and equal steps from each float to the next.
  private static func ordinal(_ value: Float) -> Int {
    let magnitude = Int(value.magnitude.bitPattern)
    return value < 0 ? -magnitude : magnitude
  }

  /// The float at a place.
  private static func float(_ ordinal: Int) -> Float {
    let magnitude = Float(bitPattern: UInt32(ordinal.magnitude))
    return ordinal < 0 ? -magnitude : magnitude
  }
}

// The widest pair by one number a response: what the plain baselines pick.

extension Pair {
  /// First = the index of the largest value, second = that of the smallest among the others; the lowest index of
  /// equals. With all equal it is (0, 1).
  ///
  /// - Precondition: `count` >= 2.
  /// - Complexity: O(count), each value asked for a few times.
  @inline(__always)
  static func extremes<Value: Comparable>(count: Int, by value: (Int) -> Value) -> Pair {
    var highest = 0
    for index in 1..<count where value(index) > value(highest) { highest = index }
    var lowest = highest == 0 ? 1 : 0
    for index in lowest + 1..<max(count, lowest + 1) where index != highest && value(index) < value(lowest) {
      lowest = index
    }
    return Pair(first: highest, second: lowest)
  }
}

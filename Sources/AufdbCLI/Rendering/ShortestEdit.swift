// The shortest way to turn one sequence into another by deleting and inserting elements.
//
// E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), the greedy form. Think of a
// grid with the old sequence to the right and the new one downwards: a step right deletes, a step down inserts, and
// where the two elements are equal a diagonal is free. For d = 0, 1, 2 ... it finds how far right one comes on each of
// the diagonals -d, -d + 2 ... d with d steps, until one of them ends in the far corner. All of these frontiers are
// kept, d + 1 numbers each, and the way is found by walking back through them.
//
// Time is O((N + M) D) and memory O(D^2) for D differences, so there is a limit: sequences that have little in common
// aren't worth it.

enum ShortestEdit {
  /// The pairs of places that stay when `new` is made of `old` with the fewest deletions and insertions, in ascending
  /// order; nil where finding them takes more than `costLimit` steps.
  ///
  /// - Parameters: old, new: numbers that stand for the elements: equal for equal ones.
  static func keptPairs(_ old: [Int32], _ new: [Int32], costLimit: Int) -> [(old: Int, new: Int)]? {
    // The frontier of d begins at d * (d + 1) / 2, the diagonals in ascending order.
    var frontiers: [Int32] = []
    var cost = 0
    for d in 0...(old.count + new.count) {
      cost += d + 1
      for index in 0...d {
        guard cost <= costLimit else { return nil }
        var place = d == 0 ? 0 : entry(to: index, of: d, in: frontiers).place
        var newPlace = place - (2 * index - d)
        while place < old.count, newPlace < new.count, old[place] == new[newPlace] {
          place += 1
          newPlace += 1
          cost += 1
        }
        frontiers.append(Int32(place))
        if place >= old.count, newPlace >= new.count {
          return walkBack(from: (old.count, new.count), d, index, frontiers)
        }
      }
    }
    return nil
  }

  /// How the diagonal `index` of step `d`, which isn't 0, is entered: from the diagonal above by deleting, or from the
  /// one below by inserting, whichever comes further right; and the place in the old sequence after that.
  private static func entry(to index: Int, of d: Int, in frontiers: [Int32]) -> (place: Int, isInsertion: Bool) {
    let previous = (d - 1) * d / 2
    let isInsertion =
      index == 0 || (index < d && frontiers[previous + index - 1] < frontiers[previous + index])
    return isInsertion
      ? (Int(frontiers[previous + index]), true) : (Int(frontiers[previous + index - 1]) + 1, false)
  }

  private static func walkBack(
    from end: (old: Int, new: Int), _ last: Int, _ lastIndex: Int, _ frontiers: [Int32]
  ) -> [(old: Int, new: Int)] {
    var pairs: [(old: Int, new: Int)] = []
    var (place, newPlace) = end
    var index = lastIndex
    for d in stride(from: last, through: 0, by: -1) {
      let entry = d == 0 ? (place: 0, isInsertion: true) : entry(to: index, of: d, in: frontiers)
      while place > entry.place {
        place -= 1
        newPlace -= 1
        pairs.append((place, newPlace))
      }
      if entry.isInsertion {
        newPlace -= 1
      } else {
        place -= 1
        index -= 1
      }
    }
    return pairs.reversed()
  }
}

// Orders the names that exist by likeness to one that doesn't, for error messages that suggest what was meant.

extension [String] {
  /// The same names, the one with the fewest single-character edits from `name` first; case is ignored, and equally
  /// near names keep their order. Complexity: O(names * length^2), so for short lists and messages only.
  package func nearestFirst(to name: String) -> [String] {
    let ranked = enumerated().map { offset, known in
      (distance: name.editDistance(to: known), offset: offset, known: known)
    }
    return ranked.sorted { ($0.distance, $0.offset) < ($1.distance, $1.offset) }.map(\.known)
  }

  /// The name that was probably meant by one that doesn't exist: the nearest, if it takes no more than one edit for
  /// every three characters of `name`, beyond which likeness is chance; of equally near ones the first.
  ///
  /// So a name of one or two characters is only forgiven its case, and one of more than 200 nothing.
  /// Complexity: O(names * length^2), most names apart, whose lengths alone tell that they are too far.
  package func nearest(to name: String) -> String? {
    let length = name.count
    guard length <= 200 else { return nil }
    let allowance = length / 3
    var found: (distance: Int, known: String)?
    for known in self where abs(known.count - length) <= allowance {
      let distance = name.editDistance(to: known)
      if distance <= allowance, found.map({ distance < $0.distance }) ?? true { found = (distance, known) }
    }
    return found?.known
  }
}

extension String {
  /// The fewest edits that turn one text into the other, where an edit inserts, deletes or replaces a character or
  /// swaps two neighbours, and none is edited twice; case is ignored. Complexity: O(count * count of the other).
  ///
  /// Known as the optimal string alignment distance: Levenshtein's, with the swap that makes up so many slips.
  package func editDistance(to other: String) -> Int {
    let (source, target) = ([Character](lowercased()), [Character](other.lowercased()))
    // Row by row of the classic table: `distances[j]` is the distance of the source read so far from j characters, and
    // `previous` and `beforePrevious` are the same table one and two characters of the source earlier.
    var distances = Array(0...target.count)
    var (previous, beforePrevious) = (distances, distances)
    for (row, character) in source.enumerated() {
      (beforePrevious, previous) = (previous, distances)
      distances[0] = row + 1
      for column in target.indices {
        let replaced = previous[column] + (character == target[column] ? 0 : 1)
        distances[column + 1] = Swift.min(replaced, previous[column + 1] + 1, distances[column] + 1)
        if row > 0, column > 0, character == target[column - 1], source[row - 1] == target[column] {
          distances[column + 1] = Swift.min(distances[column + 1], beforePrevious[column - 1] + 1)
        }
      }
    }
    return distances[target.count]
  }
}

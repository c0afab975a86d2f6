// Orders the names that exist by likeness to one that doesn't, for error messages that suggest what was meant.

extension [String] {
  /// The same names, the one with the fewest single-character edits from `name` first; case is ignored, and equally
  /// near names keep their order. Complexity: O(names * length^2), so for short lists and messages only.
  func nearestFirst(to name: String) -> [String] {
    let ranked = enumerated().map { offset, known in
      (distance: name.editDistance(to: known), offset: offset, known: known)
    }
    return ranked.sorted { ($0.distance, $0.offset) < ($1.distance, $1.offset) }.map(\.known)
  }
}

extension String {
  /// Levenshtein's distance: the fewest insertions, deletions and replacements of characters that turn one text into
  /// the other; case is ignored. Complexity: O(count * count of the other).
  package func editDistance(to other: String) -> Int {
    let (source, target) = ([Character](lowercased()), [Character](other.lowercased()))
    // Row by row of the classic table: `distances[j]` is the distance of the source read so far from j characters.
    var distances = Array(0...target.count)
    for (row, character) in source.enumerated() {
      var diagonal = distances[0]
      distances[0] = row + 1
      for column in target.indices {
        let replaced = diagonal + (character == target[column] ? 0 : 1)
        diagonal = distances[column + 1]
        distances[column + 1] = Swift.min(replaced, diagonal + 1, distances[column] + 1)
      }
    }
    return distances[target.count]
  }
}

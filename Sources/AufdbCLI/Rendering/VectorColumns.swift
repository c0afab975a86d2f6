// Which columns of a result hold vectors, told by their names.
//
//   vector, next to element    an embedding, whose elements are what the column `element` of the same row says
//   heads                      the rewards of an ensemble's heads: float32
//
// The names may have the same beginning up to an underscore, as old_vector and old_element of a diff have. Of several
// columns `element` (a join of embeddings with themselves), a vector belongs to the nearest, the one before it if two
// are as near.

import Aufdb

struct VectorColumns {
  enum Kind: Equatable {
    case other, element
    /// A vector with the number of the column that says what its elements are.
    case vector(element: Int)
    case heads
  }

  /// One a column.
  let kinds: [Kind]

  init(_ names: [String]) {
    kinds = names.enumerated().map { column, name in
      if Self.stem(of: name, before: "heads") != nil { return .heads }
      if Self.stem(of: name, before: "element") != nil { return .element }
      guard let stem = Self.stem(of: name, before: "vector") else { return .other }
      let elements = names.indices.filter { names[$0] == stem + "element" }
      return elements.min { abs($0 - column) < abs($1 - column) }.map { .vector(element: $0) } ?? .other
    }
  }

  /// What stands before the last word of a name: nothing, or something up to an underscore.
  private static func stem(of name: String, before word: String) -> String? {
    guard name.hasSuffix(word) else { return nil }
    let stem = String(name.dropLast(word.count))
    return stem.isEmpty || stem.hasSuffix("_") ? stem : nil
  }
}

// The best of many neighbours, in a binary heap with the worst of them on top
// (J. Williams, "Algorithm 232: heapsort", CACM 7, 1964).

/// Keeps the first so many in the order of `Neighbour.precedes`.
struct NearestHeap {
  private let capacity: Int
  private var neighbours: [Neighbour] = []

  /// - Parameter capacity: at least 1.
  init(capacity: Int) { self.capacity = capacity }

  /// Whether one with this cosine may be among the best.
  @inline(__always)
  func mayTake(_ cosine: Double) -> Bool { neighbours.count < capacity || cosine >= neighbours[0].cosine }

  /// - Complexity: O(log capacity).
  mutating func offer(_ neighbour: Neighbour) {
    if neighbours.count < capacity {
      neighbours.append(neighbour)
      rise(from: neighbours.count - 1)
    } else if neighbour.precedes(neighbours[0]) {
      neighbours[0] = neighbour
      sink()
    }
  }

  func sorted() -> [Neighbour] { neighbours.sorted { $0.precedes($1) } }

  private mutating func rise(from start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard neighbours[parent].precedes(neighbours[place]) else { return }
      neighbours.swapAt(parent, place)
      place = parent
    }
  }

  private mutating func sink() {
    var place = 0
    while true {
      var worst = place
      for child in [2 * place + 1, 2 * place + 2] where child < neighbours.count {
        if neighbours[worst].precedes(neighbours[child]) { worst = child }
      }
      guard worst != place else { return }
      neighbours.swapAt(worst, place)
      place = worst
    }
  }
}

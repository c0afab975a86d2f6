// How a method values pairs: what stands behind an explanation, and behind choosing more than two responses.

/// The value of each ordered pair of a prompt's responses under a method's criterion, the larger the better.
///
/// `pick` answers with a pair of the largest value there is, unless the docstring of the method says otherwise. A pair
/// that wasn't in the running has no value; neither has any where a method doesn't compare pairs (`random`).
public struct PairCriterion: Sendable, Equatable {
  /// k.
  public let count: Int
  // Row after row, the first response's; NaN stands for none, and is the diagonal.
  private let values: [Double]

  /// Asks for the value of each of the k(k - 1) ordered pairs; nil, or NaN, for one that isn't in the running.
  public init(count: Int, value: (_ first: Int, _ second: Int) -> Double?) {
    self.count = count
    values = [Double](unsafeUninitializedCapacity: count * count) { buffer, initializedCount in
      for first in 0..<count {
        for second in 0..<count {
          buffer[first * count + second] = first == second ? .nan : value(first, second) ?? .nan
        }
      }
      initializedCount = count * count
    }
  }

  /// No pair has a value.
  public static func none(count: Int) -> PairCriterion { PairCriterion(count: count) { _, _ in nil } }

  /// The value of an ordered pair of indices in 0 ..< k.
  public subscript(first: Int, second: Int) -> Double? {
    let value = values[first * count + second]
    return value.isNaN ? nil : value
  }

  /// The value of a pair.
  public subscript(pair: Pair) -> Double? { self[pair.first, pair.second] }

  /// The pair of the largest value, of equals that of the smallest (first, second), apart from both orders of the pairs
  /// in `others`; nil where no other has a value. Complexity: O(k^2 + others) if `others` are few.
  public func best(besides others: [Pair]) -> (pair: Pair, value: Double)? {
    var best: (pair: Pair, value: Double)?
    for first in 0..<count {
      for second in 0..<count {
        guard let value = self[first, second], best.map({ value > $0.value }) ?? true else { continue }
        let pair = Pair(first: first, second: second)
        if !others.contains(where: { $0.isOfSameResponses(as: pair) }) { best = (pair, value) }
      }
    }
    return best
  }

  /// Of the responses that aren't in `chosen`, the one with the most valuable pair with one that is, in either order;
  /// of equals the lowest index. Nil where no such pair has a value. Complexity: O(k * chosen).
  public func next(after chosen: [Int]) -> Int? {
    var best: (index: Int, value: Double)?
    for index in 0..<count where !chosen.contains(index) {
      for other in chosen {
        for value in [self[index, other], self[other, index]] {
          guard let value, best.map({ value > $0.value }) ?? true else { continue }
          best = (index, value)
        }
      }
    }
    return best?.index
  }
}

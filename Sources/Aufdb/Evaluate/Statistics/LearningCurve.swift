// What random pairs reach with so many labels, and how many of them reach a given figure.
//
// The means over seeds that the curve is made of wobble, and more labels then seem to do worse. Before it is read
// backwards it is made monotone: the nondecreasing values nearest to the means by the sum of squares, found by pooling
// adjacent violators (R. Barlow et al., "Statistical Inference under Order Restrictions", 1972). Between its points it
// is linear in the logarithm of the number of labels.

import Glibc

/// A nondecreasing curve of a figure over the number of labels.
struct LearningCurve: Sendable, Equatable {
  /// Ascending.
  let labelCounts: [Int]
  /// Nondecreasing.
  let values: [Double]

  /// - Parameters:
  ///   - labelCounts: ascending, all at least 1; one or more.
  ///   - values: what was measured there.
  init(labelCounts: [Int], values: [Double]) {
    precondition(!labelCounts.isEmpty && labelCounts.count == values.count, "a curve without points")
    self.labelCounts = labelCounts
    self.values = Self.monotone(values)
  }

  /// The nondecreasing sequence nearest to `values` by the sum of squares.
  static func monotone(_ values: [Double]) -> [Double] {
    var blocks: [(sum: Double, count: Int)] = []
    for value in values {
      blocks.append((value, 1))
      while blocks.count > 1,
        blocks[blocks.count - 2].sum / Double(blocks[blocks.count - 2].count)
          > blocks[blocks.count - 1].sum / Double(blocks[blocks.count - 1].count)
      {
        let last = blocks.removeLast()
        blocks[blocks.count - 1].sum += last.sum
        blocks[blocks.count - 1].count += last.count
      }
    }
    return blocks.flatMap { Array(repeating: $0.sum / Double($0.count), count: $0.count) }
  }

  /// The smallest number of labels at which the curve reaches `value`.
  ///
  /// - Returns: the curve's ends where it begins above or ends below it.
  func labelCount(reaching value: Double) -> Crossing {
    guard let first = values.first, let last = values.last, value > first else {
      return Crossing(labelCount: Double(labelCounts[0]), isAtMost: value < values[0])
    }
    guard value <= last, let upper = values.firstIndex(where: { $0 >= value }) else {
      return Crossing(labelCount: Double(labelCounts[labelCounts.count - 1]), isAtLeast: true)
    }
    let (low, high) = (log(Double(labelCounts[upper - 1])), log(Double(labelCounts[upper])))
    let share = (value - values[upper - 1]) / (values[upper] - values[upper - 1])
    return Crossing(labelCount: exp(low + share * (high - low)))
  }

  /// Where a curve reaches a value.
  struct Crossing: Sendable, Equatable {
    var labelCount: Double
    /// Whether the curve begins above the value.
    var isAtMost = false
    /// Whether the curve never reaches it.
    var isAtLeast = false
  }
}

/// A ratio of costs, of which perhaps only a bound is known.
public struct CostFactor: Sendable, Equatable {
  public enum Bound: String, Sendable {
    case exact
    /// The true factor is this or less: random pairs are better already with the fewest labels that were tried.
    case atMost
    /// The true factor is this or more: random pairs didn't get there with the most labels that were tried.
    case atLeast
  }

  public let value: Double
  public let bound: Bound
  /// 95 % of resamples; its ends are bounds as well where they lie at an end of random's curve.
  public let interval: Interval?
}

// How many random labels reach a figure: the learning curve of random pairs with the plain linear model, and the same
// for every resample, for the factors' intervals.

import Glibc

/// Learning curves of random pairs, by measure.
struct RandomCurve {
  let labelCounts: [Int]
  private(set) var means: [Measure: [Double]] = [:]
  private var curves: [Measure: LearningCurve] = [:]
  private var replicates: [Measure: [LearningCurve]] = [:]

  /// Where the curve is measured: 16 labels and the root of 2 times as many again and again, up to `most`; and at the
  /// budgets, so that a figure of random pairs has the factor 1.
  static func labelCounts(upTo most: Int, budgets: [Int]) -> [Int] {
    let steps = (0...60).map { Int((16 * pow(2, Double($0) / 2)).rounded()) }
    return Set((steps + budgets + [most]).filter { $0 <= most }).sorted()
  }

  /// - Parameter records: of random pairs to the last of the label counts, or to what there is.
  init(_ records: [ReplayRecord], labelCounts: [Int], _ source: FigureSource) {
    let reached = labelCounts.filter { count in
      records.allSatisfy { $0.checkpoints[.labels(count)].map { $0.isReached } ?? false }
    }
    self.labelCounts = reached
    guard !reached.isEmpty else { return }
    for measure in [Measure.accuracy, .matchedAccuracy, .bestScore] {
      let points = reached.compactMap { source.sampled(records, .plain, measure, .labels($0)) }
      guard points.count == reached.count, let first = points.first else { continue }
      means[measure] = points.map(\.mean)
      curves[measure] = LearningCurve(labelCounts: reached, values: points.map(\.mean))
      replicates[measure] = first.replicates.indices.map { index in
        LearningCurve(labelCounts: reached, values: points.map { $0.replicates[index] })
      }
    }
  }

  /// What random pairs cost to reach a figure, over `cost`.
  ///
  /// - Parameters:
  ///   - cost: what was spent, in the unit of which a random label costs `costPerLabel`.
  func factor(_ figure: Sampled, _ measure: Measure, cost: Double, costPerLabel: Double) -> CostFactor? {
    guard let curve = curves[measure], let replicates = replicates[measure] else { return nil }
    let crossing = curve.labelCount(reaching: figure.mean)
    let factors = zip(replicates, figure.replicates).filter { $0.1.isFinite }.map { curve, value in
      curve.labelCount(reaching: value).labelCount * costPerLabel / cost
    }
    return CostFactor(
      value: crossing.labelCount * costPerLabel / cost,
      bound: crossing.isAtLeast ? .atLeast : crossing.isAtMost ? .atMost : .exact,
      interval: Interval(percentilesOf: factors))
  }

  /// The curve's points, for reports.
  var points: [CurvePoint] {
    labelCounts.indices.map { index in
      CurvePoint(labelCount: labelCounts[index], means: means.mapValues { $0[index] })
    }
  }
}

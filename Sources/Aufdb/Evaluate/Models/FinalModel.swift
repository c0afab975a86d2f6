// The fresh reward models that collected labels are judged by, all linear, so that a fit is a matter of milliseconds.
//
//   plain       Bradley-Terry on the embeddings: what labels alone teach
//   pairwise    Bradley-Terry on the features of the PCA prior
//   pointwise   regression of the judge's scores of all judged responses, on the same features
//   component   the first principal component of how a prompt's candidates differ; labels decide on its sign alone
//   length      the longer response is the better one; no label is used
//
// The last two are baselines: what they reach, no method should be proud of.

import AufdbReward

/// A kind of final model.
public enum FinalModel: String, Sendable, Hashable, CaseIterable {
  case plain, pairwise, pointwise, component, length

  /// What stands in reports.
  public var title: String {
    switch self {
    case .plain: "plain linear"
    case .pairwise: "PCA prior, pairwise"
    case .pointwise: "PCA prior, pointwise"
    case .component: "first principal component, sign learnt"
    case .length: "length alone"
    }
  }

  /// Whether the model is a mere baseline, fitted to random pairs only.
  var isBaseline: Bool { self == .component || self == .length }
}

extension FinalModel {
  /// A fitted model: a weight for each input, and which inputs they are for.
  struct Fit {
    private enum Inputs {
      case plain, features, embeddings, lengths
    }

    private let inputs: Inputs
    private let weights: [Float]

    /// Fits a model to annotations.
    ///
    /// - Throws: `.badData` for inputs that no model can be fitted to.
    init(
      _ model: FinalModel, _ annotations: ArraySlice<Annotation>, _ data: EvaluationData, ridge: Double
    ) throws(AufdbError) {
      do throws(LinearFitError) {
        switch model {
        case .plain:
          inputs = .plain
          weights = try Self.pairwise(annotations, data.plainInputs, ridge)
        case .pairwise:
          inputs = .features
          weights = try Self.pairwise(annotations, data.features, ridge)
        case .pointwise:
          inputs = .features
          weights = try Self.pointwise(annotations, data, ridge)
        case .component:
          inputs = .embeddings
          weights = Self.signed(data.firstComponent, annotations, data)
        case .length: (inputs, weights) = (.lengths, [])
        }
      } catch {
        throw AufdbError(.badData, "a \(model.title) model can't be fitted: \(error)", hint: error.hint)
      }
    }

    /// The rewards of some rows of the pool.
    func rewards(ofRows rows: [Int], _ data: EvaluationData) -> [Float] {
      switch inputs {
      case .plain: data.plainInputs.products(ofRows: rows, with: weights)
      case .features: data.features.products(ofRows: rows, with: weights)
      case .embeddings: data.pool.embeddings.products(ofRows: rows, with: weights)
      case .lengths: rows.map { Float(data.pool.logLength($0)) }
      }
    }

    /// Bradley-Terry on all pairs that aren't ties. All pairs among m responses weigh 2 / m each, so that a response
    /// weighs what it would in a pair of its own.
    private static func pairwise(
      _ annotations: ArraySlice<Annotation>, _ inputs: Matrix<Float>, _ ridge: Double
    ) throws(LinearFitError) -> [Float] {
      var differences: [Float] = []
      var pairWeights: [Double] = []
      let width = inputs.columnCount
      inputs.withUnsafeElements { rows in
        for annotation in annotations {
          let weight = annotation.pairs.count > 1 ? 2 / Double(annotation.judged.count) : 1
          for pair in annotation.pairs where !pair.isTie {
            let (chosen, rejected) = (pair.chosen * width, pair.rejected * width)
            for column in 0..<width { differences.append(rows[chosen + column] - rows[rejected + column]) }
            pairWeights.append(weight)
          }
        }
      }
      let matrix = Matrix(rowCount: pairWeights.count, columnCount: width, elements: differences)
      let fit = try matrix.withView { (view) throws(LinearFitError) in
        try BradleyTerryFit(differences: view, pairWeights: pairWeights, ridge: ridge)
      }
      return fit.weights.map { Float($0) }
    }

    /// Regression on the scores of all judged responses, each counted once.
    private static func pointwise(
      _ annotations: ArraySlice<Annotation>, _ data: EvaluationData, _ ridge: Double
    ) throws(LinearFitError) -> [Float] {
      let judged = Set(annotations.flatMap(\.judged)).sorted()
      let groups = data.pool.groupSizes(ofRows: judged)
      let targets = judged.compactMap { PointwiseTarget.target(data.pool.scores[$0]) }
      let fit = try data.features.rows(judged).withView { (view) throws(LinearFitError) in
        try PointwiseFit(features: view, groupSizes: groups, targets: targets, ridge: ridge)
      }
      return fit.weights.map { Float($0) }
    }

    /// The direction, turned so that it gets at least half of the pairs right.
    private static func signed(
      _ direction: [Float], _ annotations: ArraySlice<Annotation>, _ data: EvaluationData
    ) -> [Float] {
      let pairs = annotations.flatMap(\.pairs).filter { !$0.isTie }
      let chosen = data.pool.embeddings.products(ofRows: pairs.map(\.chosen), with: direction)
      let rejected = data.pool.embeddings.products(ofRows: pairs.map(\.rejected), with: direction)
      let balance = zip(chosen, rejected).reduce(0) { $0 + ($1.0 > $1.1 ? 1 : $1.0 < $1.1 ? -1 : 0) }
      return balance < 0 ? direction.map { -$0 } : direction
    }
  }
}

extension EvaluationPool {
  /// How many of some rows, ascending, belong to each prompt that has any of them.
  fileprivate func groupSizes(ofRows rows: [Int]) -> [Int] {
    var sizes: [Int] = []
    var prompt = 0
    var end = 0
    for row in rows {
      if row >= end {
        while prompts[prompt].rows.upperBound <= row { prompt += 1 }
        end = prompts[prompt].rows.upperBound
        sizes.append(0)
      }
      sizes[sizes.count - 1] += 1
    }
    return sizes
  }
}

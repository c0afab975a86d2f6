// The kinds of reward heads, by the names that stores and the command line know.

import AufdbReward

/// A kind of reward head.
public enum HeadKind: String, Sendable, Hashable, CaseIterable {
  /// Many small networks, whose disagreement is the uncertainty.
  case ensemble
  /// One linear map with a Gaussian posterior.
  case linear
  /// A linear map on features of the prior from unlabelled candidates, from preferences.
  case pairwisePrior = "pairwise-prior"
  /// The same from scores.
  case pointwisePrior = "pointwise-prior"

  /// What inputs are scaled to, unless something else is asked for.
  var inputSize: InputScaling.Size { self == .ensemble ? .meanSquare(LearnerSettings().inputMeanSquare) : .unit }

  /// Makes a head from its numbers.
  func head(_ tensors: [HeadTensor]) throws(HeadError) -> any RewardHead {
    switch self {
    case .ensemble: try EnsembleHead(tensors: tensors)
    case .linear: try LinearHead(tensors: tensors)
    case .pairwisePrior: try PairwisePriorHead(tensors: tensors)
    case .pointwisePrior: try PointwisePriorHead(tensors: tensors)
    }
  }
}

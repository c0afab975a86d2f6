// The numbers of a linear head that make it again.

extension LinearEstimation {
  var tensors: [HeadTensor] {
    [
      HeadTensor("weights", shape: [weights.count], .float64(weights)),
      HeadTensor("beta", shape: [], .float64([beta])),
    ] + posterior.tensors + (prior?.tensors ?? [])
  }

  /// Reads what `tensors` recorded.
  /// - Parameter prior: read from them before, if there is one.
  init(tensors: [HeadTensor], prior: FeaturePrior? = nil) throws(HeadError) {
    let weights = try tensors.doubles("weights")
    let inputCount = prior?.dimension ?? weights.elements.count
    guard weights.shape == [inputCount] else {
      throw .unexpectedShape(
        tensor: "weights", shape: weights.shape, expected: "float64 [\(prior.map { "\($0.dimension)" } ?? "inputs")]")
    }
    let beta = try tensors.doubles("beta", shape: []).elements[0]
    guard beta >= 0 else { throw .unexpectedValue(tensor: "beta", value: "\(beta)", expected: "a number from 0 on") }
    try self.init(
      weights: weights.elements, beta: beta,
      posterior: GaussianPosterior(tensors: tensors, featureCount: inputCount), prior: prior)
  }
}

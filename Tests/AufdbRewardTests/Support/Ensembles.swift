// The ensemble, asked about matrices instead of views.

import AufdbReward
import AufdbTestSupport

extension EnsembleHead {
  func estimates(_ inputs: Matrix<Float>, threadCount: Int = 1) throws -> RewardEstimates {
    var estimates = RewardEstimates()
    try inputs.withView { inputs throws(EmbeddingError) in
      try estimate(inputs, threadCount: threadCount, into: &estimates)
    }
    return estimates
  }
}

extension EnsembleTraining {
  /// The training of a case that begins with some weights; w0 are those that the case says.
  init(example: RewardCase, weights: String) throws {
    let initial = try example.head("weights_initial")
    let tensors = try EnsembleTraining(initial).tensors.map { tensor in
      guard tensor.name == "weights" else { return tensor }
      return HeadTensor("weights", shape: tensor.shape, .float32(try example.matrix(weights).all))
    }
    try self.init(tensors: tensors)
  }

  mutating func train(
    _ inputs: Matrix<Float>, steps: [[PairIndex]], _ settings: TrainingSettings, threadCount: Int = 1
  ) throws -> [TrainingStep] {
    try inputs.withView { inputs throws(TrainingError) in
      try train(inputs, steps: steps, settings, threadCount: threadCount)
    }
  }
}

extension SeededGenerator {
  /// An ensemble with weights and biases in [-1, 1).
  mutating func ensemble(
    inputs: Int, hidden: Int, layers: Int, heads: Int, beta: Float = 1, centre: EnsembleHead.Centre = .mean,
    bounds: EnsembleHead.Bounds = .deviation
  ) throws -> EnsembleHead {
    let shape = try EnsembleShape(inputCount: inputs, hiddenCount: hidden, layerCount: layers, headCount: heads)
    return EnsembleHead(
      shape: shape, beta: beta, centre: centre, bounds: bounds, weights: matrix(heads, shape.parameterCount))
  }

  /// Pairs of different rows.
  mutating func pairs(_ count: Int, of rowCount: Int) -> [PairIndex] {
    (0..<count).map { _ in
      let chosen = Int.random(in: 0..<rowCount, using: &self)
      let step = Int.random(in: 1..<rowCount, using: &self)
      return PairIndex(chosen: chosen, rejected: (chosen + step) % rowCount)
    }
  }
}

extension EnsembleTraining {
  func gradient(
    _ inputs: Matrix<Float>, pairs: [PairIndex], _ settings: TrainingSettings
  ) throws -> (gradient: Matrix<Float>, step: TrainingStep) {
    try inputs.withView { inputs throws(TrainingError) in
      try gradient(inputs, pairs: pairs, settings, threadCount: 1)
    }
  }
}

extension SeededGenerator {
  /// A training whose weights, w0 and moments all differ.
  mutating func training(inputs: Int, hidden: Int, layers: Int, heads: Int) throws -> EnsembleTraining {
    let head = try ensemble(inputs: inputs, hidden: hidden, layers: layers, heads: heads)
    let shape = [heads, head.shape.parameterCount]
    func tensor(_ name: String, _ matrix: Matrix<Float>) -> HeadTensor {
      HeadTensor(name, shape: shape, .float32(matrix.all))
    }
    let squares = matrix(shape[0], shape[1], of: Float.self).all.map { 1e-4 * $0 * $0 }
    return try EnsembleTraining(
      tensors: head.tensors + [
        tensor("initial_weights", matrix(shape[0], shape[1])), tensor("first_moments", matrix(shape[0], shape[1])),
        HeadTensor("second_moments", shape: shape, .float32(squares)),
        HeadTensor("step_count", shape: [], .float64([0])),
      ])
  }
}

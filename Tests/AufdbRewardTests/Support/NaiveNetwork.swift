// One head of an ensemble in double precision by the definition, apart from the code under test.

import AufdbReward
import Glibc

struct NaiveNetwork {
  let layers: [EnsembleShape.Layer]
  let parameters: [Double]

  /// The network of one head.
  init(_ head: EnsembleHead, _ index: Int) {
    layers = head.shape.layers
    parameters = head.weights.row(index).map { Double($0) }
  }

  /// The outputs of all maps, after the rectifier where there is one; the last one is the reward.
  func outputs(_ input: [Double]) -> [[Double]] {
    var outputs: [[Double]] = []
    for layer in layers {
      let before = outputs.last ?? input
      outputs.append(
        (0..<layer.outputCount).map { unit in
          let start = layer.weightOffset + unit * layer.inputCount
          var sum = 0.0
          for place in 0..<layer.inputCount { sum += parameters[start + place] * before[place] }
          guard let biasOffset = layer.biasOffset else { return sum }
          return max(0, sum + parameters[biasOffset + unit])
        })
    }
    return outputs
  }

  func reward(_ input: [Double]) -> Double { outputs(input).last![0] }

  /// Adds what one response adds to the gradient, if the loss changes by `slope` with its reward.
  func addGradient(_ input: [Double], slope: Double, to gradient: inout [Double]) {
    let outputs = outputs(input)
    var delta = [slope]
    for (index, layer) in layers.enumerated().reversed() {
      let before = index > 0 ? outputs[index - 1] : input
      var next = [Double](repeating: 0, count: layer.inputCount)
      for unit in 0..<layer.outputCount where delta[unit] != 0 {
        let start = layer.weightOffset + unit * layer.inputCount
        for place in 0..<layer.inputCount {
          gradient[start + place] += delta[unit] * before[place]
          next[place] += delta[unit] * parameters[start + place]
        }
        if let biasOffset = layer.biasOffset { gradient[biasOffset + unit] += delta[unit] }
      }
      for place in next.indices where index > 0 && before[place] <= 0 { next[place] = 0 }
      delta = next
    }
  }
}

/// The gradient of the loss over pairs by the definition, and the loss.
func naiveGradient(
  _ training: EnsembleTraining, _ inputs: Matrix<Float>, _ pairs: [PairIndex], _ settings: TrainingSettings
) -> (gradient: [Double], loss: Double) {
  let shape = training.head.shape
  let terms = Double(pairs.count * shape.headCount)
  let parameterCount = Double(shape.headCount * shape.parameterCount)
  var (gradient, loss): ([Double], Double) = ([], 0)
  for head in 0..<shape.headCount {
    let network = NaiveNetwork(training.head, head)
    var own = [Double](repeating: 0, count: shape.parameterCount)
    for pair in pairs {
      let (chosen, rejected) = (inputs.row(pair.chosen).map(Double.init), inputs.row(pair.rejected).map(Double.init))
      let (first, second) = (network.reward(chosen), network.reward(rejected))
      loss += (log1p(exp(second - first)) + settings.centre * (first + second) * (first + second)) / terms
      let pull = 2 * settings.centre * (first + second) / terms
      let slope = -1 / (1 + exp(first - second)) / terms
      network.addGradient(chosen, slope: pull + slope, to: &own)
      network.addGradient(rejected, slope: pull - slope, to: &own)
    }
    let distances = zip(training.head.weights.row(head), training.initialWeights.row(head)).map {
      Double($0) - Double($1)
    }
    for (index, distance) in distances.enumerated() {
      own[index] += 2 * settings.regularisation * distance / parameterCount
      loss += settings.regularisation * distance * distance / parameterCount
    }
    gradient += own
  }
  return (gradient, loss)
}

// What training refuses, and how it ends when nothing is finite any more: as it was before.

import AufdbReward
import AufdbTestSupport
import Testing

@Suite struct TrainingErrorTests {
  private struct Example {
    var training: EnsembleTraining
    var inputs: Matrix<Float>
    let steps: [[PairIndex]]

    init(weight: Float = 1) throws {
      var generator = SeededGenerator(seed: 201)
      let head = try generator.ensemble(inputs: 5, hidden: 4, layers: 2, heads: 2)
      let weights = head.weights.all.map { weight * $0 }
      training = EnsembleTraining(
        EnsembleHead(
          shape: head.shape, beta: 1,
          weights: Matrix(rowCount: 2, columnCount: head.shape.parameterCount, elements: weights)))
      inputs = generator.matrix(8, 5)
      steps = (0..<3).map { _ in generator.pairs(4, of: 8) }
    }

    /// Expects training to fail with an error and to leave everything as it was.
    mutating func fails(_ settings: TrainingSettings = TrainingSettings(), with error: TrainingError) {
      let before = training
      #expect(throws: error) { try training.train(inputs, steps: steps, settings, threadCount: 2) }
      #expect(training == before)
    }
  }

  @Test func anEndlessRateDiverges() throws {
    var settings = TrainingSettings()
    settings.learningRate = 1e300
    var example = try Example()
    example.fails(settings, with: .diverged(step: 0, .weights))
  }

  @Test func aLargeRateDivergesInALaterStep() throws {
    var settings = TrainingSettings()
    settings.learningRate = 1e25
    var example = try Example()
    example.fails(settings, with: .diverged(step: 1, .loss))
  }

  @Test func hugeWeightsHaveNoLoss() throws {
    var example = try Example(weight: 1e18)
    example.inputs = Matrix(
      rowCount: 8, columnCount: 5, elements: example.inputs.all.map { $0 * 1e17 })
    example.fails(with: .diverged(step: 0, .loss))
  }

  @Test func aGradientMayOverflowAlone() throws {
    // The rewards and the loss are finite; their derivatives by the first map's weights aren't.
    let shape = try EnsembleShape(inputCount: 1, hiddenCount: 1, layerCount: 2, headCount: 1)
    let weights = Matrix<Float>(rowCount: 1, columnCount: 5, elements: [1e-17, 0, 1e17, 0, 1e17])
    var training = EnsembleTraining(EnsembleHead(shape: shape, beta: 1, weights: weights))
    let before = training
    var settings = TrainingSettings()
    settings.centre = 1
    let inputs = Matrix<Float>(rowCount: 2, columnCount: 1, elements: [1e17, 0])
    #expect(throws: TrainingError.diverged(step: 0, .gradient)) {
      try training.train(inputs, steps: [[PairIndex(chosen: 0, rejected: 1)]], settings)
    }
    #expect(training == before)
  }

  @Test(arguments: [Float.nan, .infinity, -1e18])
  func badInputsAreNamed(value: Float) throws {
    var example = try Example()
    let row = example.steps[1][2].rejected
    example.inputs[row, 3] = value
    example.fails(with: .inputs(.outOfRange(row: row, column: 3, value: "\(value)")))
  }

  @Test func rowsThatNoPairNamesDontMatter() throws {
    var example = try Example()
    let named = Set(example.steps.flatMap { $0 }.flatMap { [$0.chosen, $0.rejected] })
    let inputs = Matrix<Float>(rowCount: 9, columnCount: 5, elements: example.inputs.all + [.nan, 0, 0, 0, 0])
    #expect(!named.contains(8))
    var other = example.training
    let records = try other.train(inputs, steps: example.steps, TrainingSettings())
    #expect(try example.training.train(example.inputs, steps: example.steps, TrainingSettings()) == records)
    #expect(other == example.training)
  }

  @Test(
    arguments: [
      ("learning rate", \TrainingSettings.learningRate, [-1e-9, .nan, .infinity]),
      ("centre", \.centre, [-1, .nan, .infinity]),
      ("regularisation", \.regularisation, [-1, .nan, .infinity]),
      ("gradient norm limit", \.gradientNormLimit, [0, -1, .nan]),
      ("first beta", \.firstBeta, [-0.1, 1, .nan]),
      ("second beta", \.secondBeta, [-0.1, 1, .nan]),
      ("epsilon", \.epsilon, [0, -1, .nan, .infinity]),
    ] as [(String, WritableKeyPath<TrainingSettings, Double> & Sendable, [Double])])
  func senselessSettingsAreRefused(
    name: String, path: WritableKeyPath<TrainingSettings, Double> & Sendable, values: [Double]
  ) throws {
    var example = try Example()
    for value in values {
      var settings = TrainingSettings()
      settings[keyPath: path] = value
      let before = example.training
      let error = #expect(throws: TrainingError.self) {
        try example.training.train(example.inputs, steps: example.steps, settings)
      }
      guard case .unusable(let setting, let text, _)? = error else {
        Issue.record("\(name) \(value): \(String(describing: error))")
        continue
      }
      #expect(setting == name && text == "\(value)")
      #expect(example.training == before)
    }
  }

  @Test func badTensorsAreRefused() throws {
    let training = try Example().training
    let tensors = training.tensors
    for name in tensors.map(\.name) {
      #expect(throws: HeadError.missing(tensor: name)) {
        try EnsembleTraining(tensors: tensors.filter { $0.name != name })
      }
    }
    let shape = [2, training.head.shape.parameterCount]
    let negative = HeadTensor(
      "second_moments", shape: shape, .float32(Array(repeating: -1, count: shape[0] * shape[1])))
    let other = HeadTensor("first_moments", shape: [1, 1], .float32([0]))
    for tensor in [
      negative, other, HeadTensor("step_count", shape: [], .float64([-1])),
      HeadTensor("step_count", shape: [], .float64([0.5])),
    ] {
      #expect(throws: HeadError.self) {
        try EnsembleTraining(tensors: tensors.map { $0.name == tensor.name ? tensor : $0 })
      }
    }
  }

  @Test func messagesSayWhatAndWhere() {
    #expect("\(TrainingError.diverged(step: 3, .weights))" == "training diverged: the weights of step 3 aren't finite")
    #expect("\(TrainingError.diverged(step: 0, .loss))" == "training diverged: the loss of step 0 isn't finite")
    let error = TrainingError.unusable(setting: "centre", value: "-1.0", expected: "a number from 0")
    #expect("\(error)" == "the centre is -1.0, not a number from 0")
  }
}

// The numbers that make a training again, so that it goes on as if it had never stopped: those of the head, and
//
//   initial_weights, first_moments, second_moments   float32 [H, P]
//   step_count                                       float64 []

extension EnsembleTraining {
  /// All numbers of the head and of the optimiser.
  public var tensors: [HeadTensor] {
    head.tensors + [
      HeadTensor("initial_weights", initialWeights),
      HeadTensor("first_moments", firstMoments),
      HeadTensor("second_moments", secondMoments),
      HeadTensor("step_count", shape: [], .float64([Double(stepCount)])),
    ]
  }

  /// Makes a training from its numbers.
  /// - Throws: `HeadError` where one is missing, doesn't fit the others, or isn't such as training leaves.
  public init(tensors: [HeadTensor]) throws(HeadError) {
    let head = try EnsembleHead(tensors: tensors)
    func matrix(_ name: String) throws(HeadError) -> Matrix<Float> {
      try tensors.matrix(name, rowCount: head.shape.headCount, columnCount: head.shape.parameterCount)
    }
    let steps = try tensors.doubles("step_count", shape: []).elements[0]
    guard let stepCount = Int(exactly: steps), stepCount >= 0, stepCount < 1 << 53 else {
      throw .unexpectedValue(tensor: "step_count", value: "\(steps)", expected: "a number of steps")
    }
    let secondMoments = try matrix("second_moments")
    let negative = secondMoments.withUnsafeElements { $0.first { $0 < 0 } }
    if let negative {
      throw .unexpectedValue(tensor: "second_moments", value: "\(negative)", expected: "numbers from 0")
    }
    self.init(
      head: head, initialWeights: try matrix("initial_weights"), firstMoments: try matrix("first_moments"),
      secondMoments: secondMoments, stepCount: stepCount)
  }
}

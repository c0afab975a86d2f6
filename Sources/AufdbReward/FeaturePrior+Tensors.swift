// The numbers of a prior that make it again.

extension FeaturePrior {
  /// The head tensors that record it.
  public var tensors: [HeadTensor] {
    [
      HeadTensor("prior_scale", shape: [], .float64([scale])),
      HeadTensor(
        "prior_factor", shape: [dimension, dimension], .float32(factor.withUnsafeElements { Array($0) })),
    ]
  }

  /// Reads what `tensors` recorded.
  /// - Throws: `HeadError` where a tensor is missing, isn't square, or isn't finite.
  public init(tensors: [HeadTensor]) throws(HeadError) {
    let scale = try tensors.doubles("prior_scale", shape: []).elements[0]
    let factor = try tensors.singles("prior_factor")
    guard factor.shape.count == 2, factor.shape[0] == factor.shape[1], factor.shape[0] > 0 else {
      throw .unexpectedShape(tensor: "prior_factor", shape: factor.shape, expected: "float32 [inputs, inputs]")
    }
    self.init(
      scale: scale,
      factor: Matrix(rowCount: factor.shape[0], columnCount: factor.shape[1], elements: factor.elements))
  }
}

// How an ensemble begins: Glorot's and Bengio's uniform weights ("Understanding the difficulty of training deep
// feedforward neural networks", AISTATS 2010, equation 16), and no biases.

extension EnsembleHead {
  /// Draws the weights that an ensemble begins with: uniform in (-a, a) with a = sqrt(6 / (inputs + outputs)) of each
  /// linear map, the last one as well; biases are 0.
  ///
  /// - Parameter generator: asked once a weight, head after head in the order of its parameters, and not for biases. Of
  ///   the 64 bits the upper 24 are used: k of them is the number (2 k + 1) / 2^24 - 1, times a. So the same bits give
  ///   the same weights everywhere.
  /// - Returns: `headCount` x `parameterCount`.
  public static func xavierUniform(
    _ shape: EnsembleShape, using generator: inout some RandomNumberGenerator
  ) -> Matrix<Float> {
    var elements: [Float] = []
    elements.reserveCapacity(shape.headCount * shape.parameterCount)
    for _ in 0..<shape.headCount {
      for layer in shape.layers {
        let bound = (6 / Double(layer.inputCount + layer.outputCount)).squareRoot()
        for _ in 0..<layer.inputCount * layer.outputCount {
          let odd = 2 * (generator.next() >> 40) + 1
          elements.append(Float(bound * (Double(odd) * 0x1p-24 - 1)))
        }
        if layer.biasOffset != nil { elements.append(contentsOf: repeatElement(0, count: layer.outputCount)) }
      }
    }
    return Matrix(rowCount: shape.headCount, columnCount: shape.parameterCount, elements: elements)
  }
}

// The numbers that make an ensemble again, exactly.
//
//   shape    float64 [4]      inputs, hidden units, layers, heads
//   beta     float32 []
//   centre   float64 []       0 mean, 1 median
//   bounds   float64 []       0 deviation, 1 extremes
//   weights  float32 [H, P]

extension EnsembleHead {
  public var tensors: [HeadTensor] {
    let dimensions = [shape.inputCount, shape.hiddenCount, shape.layerCount, shape.headCount]
    return [
      HeadTensor("shape", shape: [4], .float64(dimensions.map { Double($0) })),
      HeadTensor("beta", shape: [], .float32([beta])),
      HeadTensor("centre", shape: [], .float64([Self.code(of: centre)])),
      HeadTensor("bounds", shape: [], .float64([Self.code(of: bounds)])),
      HeadTensor("weights", weights),
    ]
  }

  public init(tensors: [HeadTensor]) throws(HeadError) {
    let shape = try Self.shape(of: tensors)
    let beta = try tensors.singles("beta", shape: []).elements[0]
    guard beta >= 0 else {
      throw .unexpectedValue(tensor: "beta", value: "\(beta)", expected: "a number from 0")
    }
    self.init(
      shape: shape, beta: beta,
      centre: try Self.choice("centre", of: tensors), bounds: try Self.choice("bounds", of: tensors),
      weights: try tensors.matrix("weights", rowCount: shape.headCount, columnCount: shape.parameterCount))
  }

  private static func shape(of tensors: [HeadTensor]) throws(HeadError) -> EnsembleShape {
    let numbers = try tensors.doubles("shape", shape: [4]).elements
    let dimensions = numbers.compactMap { Int(exactly: $0) }
    let error = HeadError.unexpectedValue(
      tensor: "shape", value: "\(numbers)", expected: "the dimensions of an ensemble")
    guard dimensions.count == 4 else { throw error }
    do {
      return try EnsembleShape(
        inputCount: dimensions[0], hiddenCount: dimensions[1], layerCount: dimensions[2], headCount: dimensions[3])
    } catch {
      throw .unexpectedValue(tensor: "shape", value: "\(numbers)", expected: "what isn't so: \(error)")
    }
  }

  private static func code<Choice: CaseIterable & Hashable>(of choice: Choice) -> Double {
    for (index, other) in Choice.allCases.enumerated() where other == choice { return Double(index) }
    preconditionFailure("a case that isn't among all cases")
  }

  private static func choice<Choice: CaseIterable>(
    _ name: String, of tensors: [HeadTensor]
  ) throws(HeadError) -> Choice {
    let code = try tensors.doubles(name, shape: []).elements[0]
    for (index, choice) in Choice.allCases.enumerated() where Double(index) == code { return choice }
    throw .unexpectedValue(tensor: name, value: "\(code)", expected: "a whole number below \(Choice.allCases.count)")
  }
}

extension HeadTensor {
  /// The tensor of a matrix.
  init(_ name: String, _ matrix: Matrix<Float>) {
    self.init(
      name, shape: [matrix.rowCount, matrix.columnCount], .float32(matrix.withUnsafeElements { Array($0) }))
  }
}

extension [HeadTensor] {
  /// The matrix of a tensor of single precision.
  func matrix(_ name: String, rowCount: Int, columnCount: Int) throws(HeadError) -> Matrix<Float> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: try singles(name, shape: [rowCount, columnCount]).elements)
  }
}

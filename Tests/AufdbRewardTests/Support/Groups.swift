// The code under test, asked about matrices instead of buffers.

import AufdbReward

extension CandidateCovariance {
  init(of groups: [Matrix<Float>], dimension: Int) throws {
    self.init(dimension: dimension)
    for group in groups { try add(group) }
  }

  mutating func add(_ group: Matrix<Float>) throws {
    try group.withUnsafeElements { elements throws(EmbeddingError) in
      try add(elements, rowCount: group.rowCount)
    }
  }
}

extension FeaturePrior {
  func features(of group: Matrix<Float>, isCentred: Bool = true) throws -> Matrix<Float> {
    var workspace = GroupWorkspace()
    var features = Matrix<Float>(rowCount: group.rowCount, columnCount: dimension)
    try group.withUnsafeElements { elements throws(EmbeddingError) in
      try features.withUnsafeMutableElements { features throws(EmbeddingError) in
        try writeFeatures(
          of: elements, rowCount: group.rowCount, isCentred: isCentred, into: features, workspace: &workspace)
      }
    }
    return features
  }
}

extension PairInformation {
  func squaredDistances(of group: Matrix<Float>) throws -> Matrix<Double> {
    var workspace = GroupWorkspace()
    var distances = Matrix<Double>(rowCount: group.rowCount, columnCount: group.rowCount)
    try group.withUnsafeElements { elements throws(EmbeddingError) in
      try distances.withUnsafeMutableElements { distances throws(EmbeddingError) in
        try writeSquaredDistances(of: elements, rowCount: group.rowCount, into: distances, workspace: &workspace)
      }
    }
    return distances
  }

  @discardableResult
  mutating func add(_ first: [Float], _ second: [Float], weight: Double) throws -> Double {
    try first.withUnsafeBufferPointer { first throws(EmbeddingError) in
      try second.withUnsafeBufferPointer { second throws(EmbeddingError) in
        try add(first: first, second: second, weight: weight)
      }
    }
  }
}

// An ensemble of the usual size with responses and pairs, all of one seed.

import AufdbReward

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that can't be written, and why.
struct FileError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "\(path): \(reason)" }
}

/// 20 heads of two layers of 128 units, and the responses that it estimates and learns from.
struct Example {
  private let training: EnsembleTraining
  private let inputs: Matrix<Float>

  /// Pairs of a step.
  private static let pairCount = 64
  /// Steps whose outcome is compared.
  private static let comparedStepCount = 3

  init(inputCount: Int, responseCount: Int) throws {
    var bits = Bits()
    let shape = try EnsembleShape(inputCount: inputCount, hiddenCount: 128, layerCount: 2, headCount: 20)
    training = EnsembleTraining(
      EnsembleHead(shape: shape, beta: 1, weights: EnsembleHead.xavierUniform(shape, using: &bits)))
    inputs = Matrix(
      rowCount: responseCount, columnCount: inputCount,
      elements: (0..<responseCount * inputCount).map { _ in Float(Int32(truncatingIfNeeded: bits.next())) * 0x1p-31 })
  }

  func estimate(threadCount: Int, into estimates: inout RewardEstimates) throws {
    try inputs.withView { inputs throws(EmbeddingError) in
      try training.head.estimate(inputs, threadCount: threadCount, into: &estimates)
    }
  }

  /// The ensemble after some steps; pair p of step t is rows 128 t + 2 p and 128 t + 2 p + 1, beginning again where the
  /// responses end.
  func trained(stepCount: Int, threadCount: Int) throws -> EnsembleTraining {
    let steps = (0..<stepCount).map { step in
      (0..<Self.pairCount).map { pair in
        let row = 2 * (Self.pairCount * step + pair)
        return PairIndex(chosen: row % inputs.rowCount, rejected: (row + 1) % inputs.rowCount)
      }
    }
    var trained = training
    _ = try inputs.withView { inputs throws(TrainingError) in
      try trained.train(inputs, steps: steps, TrainingSettings(), threadCount: threadCount)
    }
    return trained
  }

  func write(to path: String) throws {
    try write([training.head.weights, inputs], to: path)
  }

  func writeResults(to path: String) throws {
    var estimates = RewardEstimates()
    try estimate(threadCount: 1, into: &estimates)
    let heads = Matrix(
      rowCount: inputs.rowCount, columnCount: training.head.headCount, elements: estimates.heads)
    let trained = try trained(stepCount: Self.comparedStepCount, threadCount: 1)
    try write([heads, trained.head.weights], to: path)
  }

  private func write(_ matrices: [Matrix<Float>], to path: String) throws {
    guard let file = fopen(path, "wb") else { throw FileError(path: path, reason: String(cString: strerror(errno))) }
    let areWritten = matrices.map { matrix in
      matrix.withUnsafeElements { fwrite($0.baseAddress, MemoryLayout<Float>.size, $0.count, file) == $0.count }
    }
    guard fclose(file) == 0, !areWritten.contains(false) else {
      throw FileError(path: path, reason: String(cString: strerror(errno)))
    }
  }
}

/// SplitMix64.
private struct Bits: RandomNumberGenerator {
  private var state: UInt64 = 20_240_607

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

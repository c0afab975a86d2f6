// The pairs of one step, through all heads and back: the loss and its gradient.
//
// A batch is made of panels of 32 responses, chosen ones and the rejected ones of the same pairs in turns. So a pair's
// two responses are next to each other in sums over lanes: where both let a hidden unit through, what they add to the
// gradient of its bias is often the same with opposite signs, and must leave nothing, not even a rounding error. AdamW
// would make steps out of it that are as long as any other.
//
// Each head is one item of work, from its rewards to its row of the gradient; what is summed over heads is summed
// afterwards in their order.

import CMatrix

/// The memory of a step of training, to be used for one step after the other.
struct TrainingBatch: ~Copyable {
  let threadCount: Int
  private let shape: EnsembleShape
  private var pass: NetworkPass
  private var pairCount = 0
  /// The inputs of the batch: row after row, in panels, and in panels whose units and lanes are exchanged.
  private let rows: AlignedFloats
  private let panels: AlignedFloats
  private let exchangedPanels: AlignedFloats
  /// All heads' rewards, head after head.
  private let rewards: AlignedFloats
  private let gradients: AlignedFloats
  /// What a thread needs for one head after the other: outputs, work, and the gradient of the rewards.
  private let threadMemory: AlignedFloats
  private let threadFloatCount: Int

  init(_ shape: EnsembleShape, largestPairCount: Int, threadCount: Int) {
    self.shape = shape
    self.threadCount = threadCount
    pass = NetworkPass(shape, rowCount: PairLanes(pairCount: largestPairCount).rowCount)
    rows = AlignedFloats(count: pass.responseCount * shape.inputCount)
    panels = AlignedFloats(count: pass.responseCount * shape.inputCount)
    exchangedPanels = AlignedFloats(count: pass.exchangedFloatCount(shape.inputCount))
    rewards = AlignedFloats(count: shape.headCount * pass.responseCount)
    gradients = AlignedFloats(count: shape.headCount * shape.parameterCount)
    threadFloatCount = pass.outputFloatCount + pass.workFloatCount + pass.responseCount
    threadMemory = AlignedFloats(count: min(threadCount, shape.headCount) * threadFloatCount)
  }

  /// The gradient that was found last, head after head.
  var gradient: UnsafeMutablePointer<Float> { gradients.start }
  var gradientCount: Int { shape.headCount * shape.parameterCount }

  /// Gathers the inputs of some pairs.
  mutating func load(_ inputs: MatrixView<Float>, pairs: [PairIndex]) throws(TrainingError) {
    precondition(inputs.columnCount == shape.inputCount, "inputs of another length than the ensemble's")
    precondition(!pairs.isEmpty, "a step without pairs")
    pairCount = pairs.count
    let lanes = PairLanes(pairCount: pairCount)
    pass = NetworkPass(shape, rowCount: lanes.rowCount)
    let (width, rowCount) = (shape.inputCount, lanes.rowCount)
    if pairCount % NetworkPass.laneCount > 0 {
      (rows.start + (rowCount - 2 * NetworkPass.laneCount) * width)
        .update(repeating: 0, count: 2 * NetworkPass.laneCount * width)
    }
    for (index, pair) in pairs.enumerated() {
      for (row, place) in [(pair.chosen, lanes.chosen(index)), (pair.rejected, lanes.rejected(index))] {
        try loadRow(row, of: inputs, into: rows.start + place * width)
      }
    }
    aufdb_pack_lanes(rowCount, width, rows.start, width, 1, panels.start)
    aufdb_exchange_panels(pass.panelCount, width, panels.start, exchangedPanels.start)
  }

  private func loadRow(
    _ row: Int, of inputs: MatrixView<Float>, into place: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    precondition(row >= 0 && row < inputs.rowCount, "a pair of rows that aren't there")
    let from = inputs.start! + row * inputs.rowStep
    if inputs.columnStep == 1 {
      place.update(from: from, count: shape.inputCount)
    } else {
      for column in 0..<shape.inputCount { place[column] = from[column * inputs.columnStep] }
    }
    let bad = aufdb_first_beyond(shape.inputCount, place, Group.magnitudeLimit)
    guard bad == shape.inputCount else {
      throw .inputs(.outOfRange(row: row, column: bad, value: "\(place[bad])"))
    }
  }

  /// Finds the gradient of the loss at some weights.
  func findGradient(
    weights: Matrix<Float>, initialWeights: Matrix<Float>, _ settings: TrainingSettings, learningRate: Double
  ) -> TrainingStep {
    let (shape, pass) = (shape, pass)
    let loss = PairLoss(lanes: PairLanes(pairCount: pairCount), headCount: shape.headCount, centre: settings.centre)
    let parameterCount = Double(shape.headCount * shape.parameterCount)
    let pull = Float(2 * settings.regularisation / parameterCount)
    var parts = [HeadLoss](repeating: HeadLoss(), count: shape.headCount)
    weights.withUnsafeElements { weights in
      initialWeights.withUnsafeElements { initialWeights in
        parts.withUnsafeMutableBufferPointer { parts in
          // Every item writes its head's rewards, gradient and loss; every thread has memory of its own.
          nonisolated(unsafe) let (weights, initialWeights) = (weights.baseAddress!, initialWeights.baseAddress!)
          nonisolated(unsafe) let (panels, exchangedPanels) = (panels.start, exchangedPanels.start)
          nonisolated(unsafe) let (rewards, gradient, parts) = (rewards.start, gradients.start, parts)
          nonisolated(unsafe) let memory = threadMemory.start
          let floatCount = threadFloatCount
          SharedWork.forEach(shape.headCount, threadCount: threadCount) { head, thread in
            let offset = head * shape.parameterCount
            let outputs = memory + thread * floatCount
            let work = outputs + pass.outputFloatCount
            let rewardGradient = work + pass.workFloatCount
            let own = pass.forwards(UnsafePointer(panels), weights: weights + offset, into: outputs)
            (rewards + head * pass.responseCount).update(from: own, count: pass.responseCount)
            var part = loss.setGradient(own, into: rewardGradient)
            pass.backwards(
              UnsafePointer(exchangedPanels), weights: weights + offset, outputs: UnsafePointer(outputs),
              rewardGradient: UnsafePointer(rewardGradient), into: gradient + offset, work: work)
            part.squares = aufdb_add_pull(
              shape.parameterCount, weights + offset, initialWeights + offset, pull, gradient + offset)
            parts[head] = part
          }
        }
      }
    }
    return step(parts, settings, learningRate: learningRate)
  }

  /// Sums up what the heads have found.
  private func step(_ parts: [HeadLoss], _ settings: TrainingSettings, learningRate: Double) -> TrainingStep {
    let termCount = Double(pairCount * shape.headCount)
    let lanes = PairLanes(pairCount: pairCount)
    let margins = (0..<pairCount).map { pair in
      (0..<shape.headCount).reduce(0.0) { sum, head in
        let own = rewards.start + head * pass.responseCount
        return sum + (Double(own[lanes.chosen(pair)]) - Double(own[lanes.rejected(pair)]))
      }
    }
    return TrainingStep(
      learningRate: learningRate, base: parts.reduce(0) { $0 + $1.base } / termCount,
      regularisation: settings.regularisation * parts.reduce(0) { $0 + $1.squares.distance }
        / Double(shape.headCount * shape.parameterCount),
      centre: settings.centre * parts.reduce(0) { $0 + $1.centre } / termCount,
      gradientNorm: parts.reduce(0) { $0 + $1.squares.gradient }.squareRoot(),
      winRate: Double(margins.count { $0 > 0 }) / Double(pairCount),
      meanMargin: margins.reduce(0, +) / termCount)
  }
}

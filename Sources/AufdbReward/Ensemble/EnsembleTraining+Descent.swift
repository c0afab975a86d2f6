// One step of the optimiser.

import CMatrix

extension EnsembleTraining {
  // A thread's share at a time: some hundred microseconds.
  private static var partCount: Int { 1 << 16 }

  /// Takes one step against the gradient that a batch has found.
  /// - Returns: whether all weights are finite.
  mutating func descend(_ batch: borrowing TrainingBatch, _ settings: TrainingSettings, _ step: TrainingStep) -> Bool {
    stepCount += 1
    let secondBias = 1 - PortableMath.power(settings.secondBeta, stepCount)
    let descent = AufdbAdamW(
      // The same small number as in PyTorch's clip_grad_norm_.
      shortening: Float(min(1, settings.gradientNormLimit / (step.gradientNorm + 1e-6))),
      first_beta: Float(settings.firstBeta), first_rest: Float(1 - settings.firstBeta),
      second_beta: Float(settings.secondBeta), second_rest: Float(1 - settings.secondBeta),
      rate: Float(step.learningRate / (1 - PortableMath.power(settings.firstBeta, stepCount))),
      inverse_bias: Float(1 / secondBias.squareRoot()), epsilon: Float(settings.epsilon))
    let (count, threadCount) = (batch.gradientCount, batch.threadCount)
    let partCount = (count + Self.partCount - 1) / Self.partCount
    var areFinite = [Bool](repeating: true, count: partCount)
    head.weights.withUnsafeMutableElements { weights in
      firstMoments.withUnsafeMutableElements { firstMoments in
        secondMoments.withUnsafeMutableElements { secondMoments in
          areFinite.withUnsafeMutableBufferPointer { areFinite in
            // Every item writes a part of its own.
            nonisolated(unsafe) let (gradient, weights) = (batch.gradient, weights.baseAddress!)
            nonisolated(unsafe) let (first, second) = (firstMoments.baseAddress!, secondMoments.baseAddress!)
            nonisolated(unsafe) let areFinite = areFinite
            SharedWork.forEach(partCount, threadCount: threadCount) { part, _ in
              let start = part * Self.partCount
              let isFinite = aufdb_adamw(
                min(Self.partCount, count - start), descent, gradient + start, weights + start, first + start,
                second + start)
              areFinite[part] = isFinite != 0
            }
          }
        }
      }
    }
    return !areFinite.contains(false)
  }
}

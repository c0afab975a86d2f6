// How strongly weights are held near where they began, as prompts are done; and how long one call of training is.

/// How the regularisation falls with the share of prompts done.
public enum RegularisationDecay: Sendable, Hashable {
  /// initial * base^(scaler * share)
  case exponential(base: Double, scaler: Double)
  /// initial * (1 - share)
  case linear

  /// The regularisation of a call of training.
  ///
  /// - Parameters:
  ///   - initial: before any prompt.
  ///   - doneCount: prompts done, those of this call's iteration included, so that it is never 0 in a run.
  ///   - promptCount: all prompts; at least 1, and at least `doneCount`.
  public func value(initial: Double, doneCount: Int, promptCount: Int) -> Double {
    precondition(doneCount >= 0 && promptCount > 0 && doneCount <= promptCount, "more prompts done than there are")
    let share = Double(doneCount) / Double(promptCount)
    return switch self {
    case .exponential(let base, let scaler): initial * PortableMath.power(base, scaler * share)
    case .linear: initial * (1 - share)
    }
  }
}

/// How many steps one call of training has, and how fast each learns.
public enum TrainingSchedule {
  /// T = ceil(min(`labelCount`, `batchCount` * `maxSteps`) / `batchCount`): each label of the buffer at most once.
  ///
  /// - Parameters:
  ///   - labelCount: labels in the replay buffer.
  ///   - batchCount: pairs of a step; at least 1. The last step may have fewer.
  ///   - maxSteps: at least 0.
  public static func stepCount(labelCount: Int, batchCount: Int, maxSteps: Int) -> Int {
    precondition(labelCount >= 0 && batchCount > 0 && maxSteps >= 0, "counts below what there can be")
    return min(labelCount / batchCount + (labelCount % batchCount > 0 ? 1 : 0), maxSteps)
  }

  /// initial * (1 + cos(pi * step / stepCount)) / 2, for steps from 0 to below `stepCount`.
  public static func learningRate(initial: Double, step: Int, stepCount: Int) -> Double {
    precondition(step >= 0 && step < stepCount, "a step outside the schedule")
    return initial * PortableMath.halfCosine(Double(step) / Double(stepCount))
  }
}

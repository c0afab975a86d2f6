// What one head's rewards of pairs add to the loss, and what it changes by with each of them.

import CMatrix

/// One head's sums of the parts of the loss.
struct HeadLoss {
  /// Of softplus(-margin).
  var base = 0.0
  /// Of squares of the sums of a pair's two rewards.
  var centre = 0.0
  /// Over parameters: of the gradient, and of the distances from the initial weights.
  var squares = AufdbSquares(gradient: 0, distance: 0)
}

/// Where the responses of a batch of pairs stand: panels of chosen ones and of the same pairs' rejected ones, in turns.
struct PairLanes {
  let pairCount: Int

  /// Whole panels.
  var rowCount: Int { 2 * NetworkPass.laneCount * NetworkPass.panelCount(pairCount) }

  func chosen(_ pair: Int) -> Int { pair + pair / NetworkPass.laneCount * NetworkPass.laneCount }

  func rejected(_ pair: Int) -> Int { chosen(pair) + NetworkPass.laneCount }
}

/// The loss of a batch of pairs, without the regularisation, which rewards have no part in.
struct PairLoss {
  let lanes: PairLanes
  let headCount: Int
  /// c.
  let centre: Double

  /// Sets what the loss changes by with each reward.
  ///
  /// - Parameters:
  ///   - rewards: of all responses.
  ///   - gradient: one a reward; 0 where there is no response.
  func setGradient(_ rewards: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>) -> HeadLoss {
    let termCount = Double(lanes.pairCount * headCount)
    gradient.update(repeating: 0, count: lanes.rowCount)
    var loss = HeadLoss()
    for pair in 0..<lanes.pairCount {
      let (chosenLane, rejectedLane) = (lanes.chosen(pair), lanes.rejected(pair))
      let (chosen, rejected) = (Double(rewards[chosenLane]), Double(rewards[rejectedLane]))
      let (margin, sum) = (chosen - rejected, chosen + rejected)
      // softplus(-x) = max(0, -x) + log(1 + exp(-|x|)), of which no term overflows; its slope is -1 / (1 + exp(x)).
      let tail = PortableMath.exp(-margin.magnitude)
      loss.base += max(0, -margin) + PortableMath.log1p(tail)
      loss.centre += sum * sum
      let slope = (margin > 0 ? tail : 1) / (1 + tail) / termCount
      let pull = 2 * centre * sum / termCount
      gradient[chosenLane] = Float(pull - slope)
      gradient[rejectedLane] = Float(pull + slope)
    }
    return loss
  }
}

// Which pairs a learner goes over, and in which order.

import AufdbReward
import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Replay buffer") struct ReplayBufferTests {
  /// A buffer of pairs that are told by their numbers: the chosen row of pair n holds n, the rejected one -n - 1.
  private func buffer(_ count: Int, capacity: Int? = nil) -> ReplayBuffer {
    var buffer = ReplayBuffer(width: 2, capacity: capacity)
    for number in 0..<count {
      let (chosen, rejected) = (
        Array(repeating: Float(number), count: 2), Array(repeating: Float(-number - 1), count: 2)
      )
      chosen.withUnsafeBufferPointer { chosen in
        rejected.withUnsafeBufferPointer { buffer.append(chosen: chosen, rejected: $0) }
      }
    }
    return buffer
  }

  private func settings(batch: Int, steps: Int, repeats: Bool) -> LearnerSettings {
    var settings = LearnerSettings()
    settings.batchSize = batch
    settings.stepCount = steps
    settings.repeats = repeats
    return settings
  }

  /// The numbers of a step's pairs, which the rows must agree about.
  private func numbers(_ step: [PairIndex], in buffer: ReplayBuffer) -> [Int] {
    step.map { pair in
      #expect(pair.rejected == pair.chosen + 1)
      return buffer.withInputs { inputs in
        let row = inputs.part(rows: pair.chosen..<pair.chosen + 2, columns: 0..<1)
        var values = [Float](repeating: 0, count: 2)
        values.withUnsafeMutableBufferPointer { values in
          [Float(1)].withUnsafeBufferPointer { one in
            MutableMatrixView(values, rowCount: 2, columnCount: 1)
              .setProduct(row, MatrixView(one, rowCount: 1, columnCount: 1))
          }
        }
        #expect(values[1] == -values[0] - 1)
        return Int(values[0])
      }
    }
  }

  @Test("each pass goes over all kept pairs once, and the newest are kept", arguments: [UInt64(1), 2, 3])
  func passes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      let count = Int.random(in: 1...30, using: &generator)
      let capacity = Bool.random(using: &generator) ? Int.random(in: 1...40, using: &generator) : nil
      let settings = settings(
        batch: Int.random(in: 1...9, using: &generator), steps: Int.random(in: 1...9, using: &generator),
        repeats: Bool.random(using: &generator))
      let buffer = buffer(count, capacity: capacity)
      let steps = buffer.steps(settings, seed: seed, iteration: 4)
      let kept = Set(max(0, count - (capacity ?? count))..<count)
      #expect(buffer.count == kept.count)
      let wanted = settings.batchSize * settings.stepCount
      let all = steps.flatMap { numbers($0, in: buffer) }
      let comment: Comment = "seed \(seed): \(count) pairs, capacity \(capacity ?? -1), \(settings)"
      #expect(all.count == (settings.repeats ? wanted : min(wanted, kept.count)), comment)
      #expect(steps.dropLast().allSatisfy { $0.count == settings.batchSize }, comment)
      for start in stride(from: 0, to: all.count, by: kept.count) {
        let pass = all[start..<min(start + kept.count, all.count)]
        #expect(Set(pass).count == pass.count && Set(pass).isSubset(of: kept), comment)
      }
      #expect(steps == buffer.steps(settings, seed: seed, iteration: 4), "the same again")
    }
  }

  @Test("the order is drawn anew for each iteration and seed")
  func keyed() {
    let (buffer, settings) = (buffer(20), settings(batch: 20, steps: 1, repeats: false))
    let orders = [(1, 1), (1, 2), (2, 1)].map { seed, iteration in
      numbers(buffer.steps(settings, seed: UInt64(seed), iteration: iteration)[0], in: buffer)
    }
    #expect(Set(orders).count == 3)
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<20) })
  }

  @Test("without pairs there are no steps")
  func empty() {
    #expect(buffer(0).steps(LearnerSettings(), seed: 0, iteration: 1).isEmpty)
  }
}

// Regularisation, learning rates and numbers of steps against the reference's tables, and their laws.

import AufdbReward
import Foundation
import Testing

@Suite struct TrainingScheduleTests {
  private struct Tables: Decodable {
    struct Decay: Decodable {
      let decayType: String
      let initialValue: Double
      let exponentialDecayBase: Double?
      let exponentialDecayScaler: Double?
      let nDone: Int
      let nTotal: Int
      let value: Double
    }

    struct Rates: Decodable {
      let stepCount: Int
      let lr0: Double
      let lr: [Double]

      enum CodingKeys: String, CodingKey {
        case stepCount = "T"
        case lr0, lr
      }
    }

    struct Steps: Decodable {
      let effectiveBatchSize: Int
      let maxSteps: Int
      let bufferLen: Int
      let numSteps: Int
    }

    struct Xavier: Decodable {
      struct Bound: Decodable {
        let layer: String
        let xavierUniformA: Double
      }

      let inDim: Int
      let hidden: Int
      let layers: Int
      let bounds: [Bound]
    }

    let regularizationDecay: [Decay]
    let cosineLr: [Rates]
    let stepsPerOuterBatch: [Steps]
    let xavierInit: [Xavier]

    init() throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(
        Tables.self, from: Data(contentsOf: RewardData.folder.appendingPathComponent("tables.json")))
    }
  }

  @Test(.enabled(if: RewardData.isPresent, "skipped: shared/data/reward is absent"))
  func tablesAgree() throws {
    let tables = try Tables()
    for row in tables.regularizationDecay {
      let decay = try Self.decay(row.decayType, row.exponentialDecayBase, row.exponentialDecayScaler)
      let value = decay.value(initial: row.initialValue, doneCount: row.nDone, promptCount: row.nTotal)
      #expect(isNear(value, row.value, relative: 1e-12), "\(row)")
    }
    for row in tables.cosineLr {
      let rates = (0..<row.stepCount).map {
        TrainingSchedule.learningRate(initial: row.lr0, step: $0, stepCount: row.stepCount)
      }
      #expect(zip(rates, row.lr).allSatisfy { isNear($0, $1, relative: 1e-12) } && row.lr.count == row.stepCount)
    }
    for row in tables.stepsPerOuterBatch {
      let count = TrainingSchedule.stepCount(
        labelCount: row.bufferLen, batchCount: row.effectiveBatchSize, maxSteps: row.maxSteps)
      #expect(count == row.numSteps, "\(row)")
    }
    for row in tables.xavierInit { try expectBounds(row) }
  }

  @Test(
    .enabled(if: RewardData.isPresent, "skipped: shared/data/reward is absent"),
    arguments: RewardData.names("outer"))
  func regularisationsOfRunsAgree(name: String) throws {
    let description = try RewardCase(name).description
    let row = try #require(description.regularization)
    let decay = try Self.decay(row.decayType, row.exponentialDecayBase, row.exponentialDecayScaler)
    let values = row.nDone.map { decay.value(initial: row.initialValue, doneCount: $0, promptCount: row.nTotal) }
    let expected = try #require(description.trainCalls).map(\.lambda)
    #expect(zip(values, expected).allSatisfy { isNear($0, $1, relative: 1e-12) } && values.count == expected.count)
  }

  @Test func regularisationFalls() {
    for decay in [RegularisationDecay.exponential(base: 0.9, scaler: 4308), .linear] {
      let values = (0...1000).map { decay.value(initial: 2, doneCount: $0, promptCount: 1000) }
      #expect(values[0] == 2)
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
      #expect(values[1000] >= 0)
    }
    #expect(RegularisationDecay.linear.value(initial: 2, doneCount: 7, promptCount: 7) == 0)
    let none = RegularisationDecay.exponential(base: 0, scaler: 10)
    #expect(none.value(initial: 2, doneCount: 1, promptCount: 7) == 0)
  }

  @Test func stepsAreAsManyAsTheRuleSays() {
    for (labels, batch, most) in [(0, 4, 3), (1, 4, 3), (4, 4, 3), (5, 4, 3), (12, 4, 3), (13, 4, 3), (9, 4, 0)] {
      let count = TrainingSchedule.stepCount(labelCount: labels, batchCount: batch, maxSteps: most)
      #expect(count == (min(labels, batch * most) + batch - 1) / batch, "\(labels), \(batch), \(most)")
    }
    #expect(TrainingSchedule.stepCount(labelCount: .max, batchCount: 2, maxSteps: .max) == Int.max / 2 + 1)
  }

  private static func decay(_ type: String, _ base: Double?, _ scaler: Double?) throws -> RegularisationDecay {
    guard type == "exponential" else { return .linear }
    return .exponential(base: try #require(base), scaler: try #require(scaler))
  }

  private func expectBounds(_ row: Tables.Xavier) throws {
    struct Constant: RandomNumberGenerator {
      let bits: UInt64

      func next() -> UInt64 { bits }
    }

    let shape = try EnsembleShape(inputCount: row.inDim, hiddenCount: row.hidden, layerCount: row.layers, headCount: 1)
    for (bits, sign) in [(UInt64.max, 1.0), (0, -1)] {
      var generator = Constant(bits: bits)
      let weights = EnsembleHead.xavierUniform(shape, using: &generator)
      let bounds = row.bounds.filter { $0.layer.hasPrefix("w") }
      #expect(bounds.count == shape.layers.count)
      for (layer, bound) in zip(shape.layers, bounds) {
        // The outermost numbers lie half a step inside.
        let expected = sign * bound.xavierUniformA * (1 - 0x1p-24)
        #expect(isNear(Double(weights[0, layer.weightOffset]), expected, relative: 1e-7))
        if let biasOffset = layer.biasOffset { #expect(weights[0, biasOffset] == 0) }
      }
    }
  }
}

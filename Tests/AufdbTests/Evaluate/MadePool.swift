// Made-up prompts with a planted linear reward: the score of a response is a function of its embedding.

import AufdbTestSupport
import Foundation

@testable import Aufdb

enum MadePool {
  static let dimension = 6

  /// Groups in the order of their ids.
  ///
  /// - Parameters:
  ///   - isTied: which prompts have equal scores only.
  static func groups(seed: UInt64, promptCount: Int, isTied: (Int) -> Bool = { _ in false }) -> [EvaluationPool.Group] {
    var generator = SeededGenerator(seed: seed)
    let reward = (0..<dimension).map { _ in PairedDifferenceTests.normal(&generator) }
    return (0..<promptCount).map { number in
      var group = EvaluationPool.Group()
      group.id = Array("p\(1000 + number)".utf8)
      for model in 0..<2 + number % 5 {
        let vector = (0..<dimension).map { Float(PairedDifferenceTests.normal(&generator) * Double($0 + 1) / 4) }
        let value = zip(reward, vector).reduce(0) { $0 + $1.0 * Double($1.1) }
        group.scores.append(isTied(number) ? 0.5 : 1 / (1 + exp(-2 * value)))
        group.textLengths.append(10 + Int(generator.next() % 200))
        group.models.append("m\(model)")
        group.embeddings += vector
      }
      return group
    }
  }

  static func pool(seed: UInt64, promptCount: Int = 30, isTied: (Int) -> Bool = { _ in false }) -> EvaluationPool {
    EvaluationPool(groups(seed: seed, promptCount: promptCount, isTied: isTied), dimension: dimension)
  }

  /// A protocol small enough for builds without the optimiser.
  static var options: EvaluateOptions {
    var options = EvaluateOptions()
    options.seedCount = 2
    options.budgets = [4, 8, 50]
    options.judgeCosts = [8, 16]
    options.curveLabelCount = 40
    options.outerBatchSize = 4
    options.bootstrapCount = 100
    options.rangeInterval = 4
    options.learner.headCount = 3
    options.learner.hiddenCount = 4
    options.learner.layerCount = 1
    options.learner.stepCount = 2
    options.learner.batchSize = 4
    return options
  }

  static func data(
    seed: UInt64, promptCount: Int = 30, _ options: EvaluateOptions = options, isTied: (Int) -> Bool = { _ in false }
  ) throws -> EvaluationData {
    let pool = pool(seed: seed, promptCount: promptCount, isTied: isTied)
    return try EvaluationData(pool, EvaluationSplit(holdout: 0.3, of: pool, seed: seed), options)
  }

  /// A store that holds the groups' prompts; texts are as long as the groups say.
  static func store(
    _ groups: [EvaluationPool.Group], judge: String = "overall", encoder: String = "e"
  ) throws -> ImportFixture {
    let store = try ImportFixture()
    try store.importLines(
      groups.map { group in
        completionsLine(
          String(decoding: group.id, as: UTF8.self),
          group.scores.indices.map {
            completion(group.models[$0], String(repeating: "a", count: group.textLengths[$0]), score: group.scores[$0])
          })
      }, judge: judge)
    var index: [String] = []
    for group in groups {
      for model in group.models {
        index.append(indexLine(index.count, String(decoding: group.id, as: UTF8.self), model))
      }
    }
    let elements = groups.flatMap(\.embeddings)
    try store.importMatrix(
      MatrixFiles.npy("<f4", rows: index.count, dimension: dimension, MatrixFiles.bytes(elements)), index,
      encoder: encoder, keepsFloat32: true)
    return store
  }
}

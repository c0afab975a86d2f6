// What shapes there are, and the weights that an ensemble of some shape begins with.

import AufdbReward
import AufdbTestSupport
import Foundation
import Testing

@Suite struct EnsembleShapeTests {
  @Test func theUsualOneHasThreeMaps() throws {
    let shape = try EnsembleShape(inputCount: 384, hiddenCount: 128, layerCount: 2, headCount: 20)
    #expect(shape.parameterCount == 384 * 128 + 128 + 128 * 128 + 128 + 128)
    #expect(shape.layers.map(\.inputCount) == [384, 128, 128])
    #expect(shape.layers.map(\.outputCount) == [128, 128, 1])
    #expect(shape.layers.map(\.weightOffset) == [0, 49280, 65792])
    #expect(shape.layers.map(\.biasOffset) == [49152, 65664, nil])
  }

  @Test(arguments: 1...5, [(1, 1), (7, 3), (3, 7)])
  func parametersAreThoseOfTheMaps(layerCount: Int, widths: (inputs: Int, hidden: Int)) throws {
    let shape = try EnsembleShape(
      inputCount: widths.inputs, hiddenCount: widths.hidden, layerCount: layerCount, headCount: 2)
    var offset = 0
    for layer in shape.layers {
      #expect(layer.weightOffset == offset)
      offset += layer.inputCount * layer.outputCount
      if let biasOffset = layer.biasOffset {
        #expect(biasOffset == offset)
        offset += layer.outputCount
      }
    }
    #expect(shape.parameterCount == offset)
    #expect(shape.layers.count == (layerCount == 1 ? 1 : layerCount + 1))
  }

  @Test(arguments: [0, -1, EnsembleShape.limit + 1, Int.max, Int.min])
  func senselessDimensionsAreRefused(count: Int) {
    #expect(throws: EnsembleShapeError.outOfRange(dimension: "inputs", count: count)) {
      try EnsembleShape(inputCount: count, hiddenCount: 1, layerCount: 1, headCount: 1)
    }
    #expect(throws: EnsembleShapeError.outOfRange(dimension: "hidden units", count: count)) {
      try EnsembleShape(inputCount: 1, hiddenCount: count, layerCount: 1, headCount: 1)
    }
    #expect(throws: EnsembleShapeError.outOfRange(dimension: "layers", count: count)) {
      try EnsembleShape(inputCount: 1, hiddenCount: 1, layerCount: count, headCount: 1)
    }
    #expect(throws: EnsembleShapeError.outOfRange(dimension: "heads", count: count)) {
      try EnsembleShape(inputCount: 1, hiddenCount: 1, layerCount: 1, headCount: count)
    }
  }

  @Test(arguments: [
    [EnsembleShape.limit, 2, 2, 1], [1, EnsembleShape.limit, 1 << 20, 1], [1, 1 << 20, 1 << 20, 1],
    [EnsembleShape.limit, 1, 1, 17], [EnsembleShape.limit, EnsembleShape.limit, EnsembleShape.limit, 1],
  ])
  func tooManyParametersAreRefused(dimensions: [Int]) {
    #expect(throws: EnsembleShapeError.tooManyParameters(limit: EnsembleShape.limit)) {
      try EnsembleShape(
        inputCount: dimensions[0], hiddenCount: dimensions[1], layerCount: dimensions[2], headCount: dimensions[3])
    }
  }

  @Test func firstWeightsFillTheirRanges() throws {
    let shape = try EnsembleShape(inputCount: 60, hiddenCount: 30, layerCount: 2, headCount: 4)
    var generator = SeededGenerator(seed: 81)
    let weights = EnsembleHead.xavierUniform(shape, using: &generator)
    for head in 0..<4 {
      let row = weights.row(head)
      for layer in shape.layers {
        let bound = (6 / Double(layer.inputCount + layer.outputCount)).squareRoot()
        let own = row[layer.weightOffset..<layer.weightOffset + layer.inputCount * layer.outputCount].map(Double.init)
        #expect(own.allSatisfy { $0.magnitude < bound })
        let count = Double(own.count)
        // Mean 0 and variance bound^2 / 3, within five standard errors.
        #expect((own.reduce(0, +) / count).magnitude <= 5 * bound / (3 * count).squareRoot())
        let variance = own.reduce(0) { $0 + $1 * $1 } / count
        #expect((variance - bound * bound / 3).magnitude <= 5 * bound * bound * (4 / 45 / count).squareRoot())
        if let biasOffset = layer.biasOffset {
          #expect(row[biasOffset..<biasOffset + layer.outputCount].allSatisfy { $0 == 0 })
        }
      }
    }
    #expect(Set(weights.all).count > weights.all.count / 2)
  }

  /// Which bits of the generator make which weight never changes: stores say only the seed.
  @Test func firstWeightsOfASeedStay() throws {
    struct Counter: RandomNumberGenerator {
      var count: UInt64 = 0

      mutating func next() -> UInt64 {
        count += 1
        return count << 60 | 0xFF_FFFF_FFFF
      }
    }

    var counter = Counter()
    let shape = try EnsembleShape(inputCount: 2, hiddenCount: 1, layerCount: 2, headCount: 2)
    let weights = EnsembleHead.xavierUniform(shape, using: &counter)
    func weight(_ draw: UInt64, _ bound: Double) -> Float {
      Float(bound * (Double(2 * ((draw % 16) << 20) + 1) / 0x1p24 - 1))
    }
    let (first, later) = (2.0.squareRoot(), 3.0.squareRoot())
    #expect(weights.row(0) == [weight(1, first), weight(2, first), 0, weight(3, later), 0, weight(4, later)])
    #expect(weights.row(1) == [weight(5, first), weight(6, first), 0, weight(7, later), 0, weight(8, later)])
    #expect(counter.count == 8)
  }
}

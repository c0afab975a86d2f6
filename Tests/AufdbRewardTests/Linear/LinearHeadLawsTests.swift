// What holds for all linear heads: the numbers they are made of make them again, and what must not matter doesn't.

import AufdbTestSupport
import Testing

@testable import AufdbReward

/// How a head is fitted to the same world.
enum HeadKind: CaseIterable, CustomTestStringConvertible {
  case linear, pairwise, pointwise

  var testDescription: String { "\(self)" }

  /// Labels in numbers below the dimension or above.
  func head(_ world: HeadWorld, labelCount: Int, seed: UInt64) throws -> any RewardHead {
    switch self {
    case .linear: try LinearHead(world.inputs, pairs: world.pairs(labelCount, seed: seed))
    case .pairwise: try PairwisePriorHead(world, pairs: world.pairs(labelCount, seed: seed))
    case .pointwise:
      try PointwisePriorHead(
        world, scores: world.scores(chance: 1, seed: seed).enumerated().map { $0 < labelCount ? $1 : nil })
    }
  }
}

@Suite struct LinearHeadLawsTests {
  private static let sizes = [3, 40, 2, 1, 70, 6]

  @Test(arguments: HeadKind.allCases, [5, 30])
  func tensorsMakeTheHeadAgain(kind: HeadKind, labelCount: Int) throws {
    let world = HeadWorld(sizes: [3, 8, 2, 5, 20], dimension: 12, seed: 831)
    let head = try kind.head(world, labelCount: labelCount, seed: 831)
    let again = try type(of: head).init(tensors: head.tensors)
    #expect(again.tensors == head.tensors)
    let (found, expected) = try (again.estimates(of: world), head.estimates(of: world))
    #expect(found == expected)
    #expect(again.inputCount == 12)
  }

  @Test(arguments: HeadKind.allCases, [5, 30])
  func damagedTensorsAreRefused(kind: HeadKind, labelCount: Int) throws {
    let world = HeadWorld(sizes: [3, 8, 2, 5, 20], dimension: 12, seed: 841)
    let head = try kind.head(world, labelCount: labelCount, seed: 841)
    for (index, tensor) in head.tensors.enumerated() {
      var tensors = head.tensors
      tensors.remove(at: index)
      #expect(throws: HeadError.self, "without \(tensor.name)") { try type(of: head).init(tensors: tensors) }
      tensors = head.tensors
      tensors[index] = HeadTensor(tensor.name, shape: [1, 1, 1], .float64([1]))
      #expect(throws: HeadError.self, "\(tensor.name) of another shape") {
        try type(of: head).init(tensors: tensors)
      }
      tensors[index] = tensor.withFirstElement(.nan)
      #expect(throws: HeadError.notFinite(tensor: tensor.name)) { try type(of: head).init(tensors: tensors) }
    }
    for (index, tensor) in head.tensors.enumerated()
    where ["beta", "posterior_ridge", "posterior_factor"].contains(tensor.name) {
      var tensors = head.tensors
      tensors[index] = tensor.withFirstElement(-1)
      #expect(throws: HeadError.self, "\(tensor.name) below 0") { try type(of: head).init(tensors: tensors) }
    }
  }

  @Test(arguments: HeadKind.allCases)
  func threadsAndBatchesChangeNoBit(kind: HeadKind) throws {
    let world = HeadWorld(sizes: Self.sizes, dimension: 9, seed: 851)
    let fitted = HeadWorld(sizes: [4, 3, 5], dimension: 9, seed: 851)
    let head = try kind.head(fitted, labelCount: 8, seed: 851)
    let whole = try head.estimates(of: world)
    for threadCount in [2, 3, 16] {
      let found = try head.estimates(of: world, threadCount: threadCount)
      #expect(found == whole)
    }
    let parts = try world.groups.map { try head.estimates(of: $0, groupSizes: [$0.rowCount]) }
    #expect(parts.flatMap(\.rewards) == whole.rewards)
    #expect(parts.flatMap(\.lower) == whole.lower)
    #expect(parts.flatMap(\.upper) == whole.upper)
  }

  @Test(arguments: HeadKind.allCases)
  func nothingIsEstimatedOfNothing(kind: HeadKind) throws {
    let head = try kind.head(HeadWorld(sizes: [4, 3], dimension: 3, seed: 861), labelCount: 3, seed: 861)
    var found = try head.estimates(of: HeadWorld(sizes: [2, 1], dimension: 3, seed: 862))
    try Matrix<Float>(rowCount: 0, columnCount: 3).withView { inputs throws(EmbeddingError) in
      try head.estimate(inputs, groupSizes: [0, 0], threadCount: 2, into: &found)
    }
    #expect(found == RewardEstimates())
  }

  /// A prompt's responses in another order have the same estimates in that order.
  @Test(arguments: HeadKind.allCases, [UInt64(871), 872])
  func theOrderOfResponsesDoesNotMatter(kind: HeadKind, seed: UInt64) throws {
    let world = HeadWorld(sizes: [4, 3, 6], dimension: 8, seed: seed)
    let head = try kind.head(world, labelCount: 6, seed: seed)
    var reversed = world
    reversed.groups[2] = Matrix(
      rowCount: 6, columnCount: 8, elements: (0..<6).reversed().flatMap { world.groups[2].row($0) })
    let (found, expected) = try (head.estimates(of: reversed), head.estimates(of: world))
    for row in 0..<6 {
      #expect((found.upper[7 + row] - expected.upper[12 - row]).magnitude <= 1e-5, "seed \(seed)")
      #expect((found.rewards[7 + row] - expected.rewards[12 - row]).magnitude <= 1e-5, "seed \(seed)")
    }
  }

  /// Moving all embeddings moves all rewards alike; turning them changes nothing.
  @Test(arguments: [HeadKind.pairwise, .pointwise], [UInt64(881), 882])
  func movingAndTurningEmbeddingsChangesNoComparison(kind: HeadKind, seed: UInt64) throws {
    let world = HeadWorld(sizes: [4, 3, 6], dimension: 8, seed: seed)
    var generator = SeededGenerator(seed: seed)
    let turn = generator.turn(8)
    var moved = world
    moved.groups = world.groups.map { group in
      Matrix(rowCount: group.rowCount, columnCount: 8, elements: group.all.map { $0 + 2 })
    }
    var turned = world
    turned.groups = world.groups.map { turn.turned($0) }
    let expected = try kind.head(world, labelCount: 6, seed: seed).estimates(of: world)
    for other in [moved, turned] {
      let found = try kind.head(other, labelCount: 6, seed: seed).estimates(of: other)
      for row in 1..<13 {
        let difference = (found.rewards[row] - found.rewards[0]) - (expected.rewards[row] - expected.rewards[0])
        #expect(difference.magnitude <= 1e-4, "seed \(seed)")
        #expect((found.deviations[row] - expected.deviations[row]).magnitude <= 1e-4, "seed \(seed)")
      }
    }
  }
}

extension HeadTensor {
  fileprivate func withFirstElement(_ value: Double) -> HeadTensor {
    switch elements {
    case .float32(var elements):
      elements[0] = Float(value)
      return HeadTensor(name, shape: shape, .float32(elements))
    case .float64(var elements):
      elements[0] = value
      return HeadTensor(name, shape: shape, .float64(elements))
    }
  }
}

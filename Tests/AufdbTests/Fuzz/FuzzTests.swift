// A moment of fuzzing in every run of the tests, by seeds that a failure names.

import Testing

@testable import Aufdb

@Suite("Fuzz")
struct FuzzTests {
  /// How many inputs a target gets; whole stores take milliseconds each.
  private static func inputCount(of target: FuzzTarget) -> Int {
    switch target.name {
    case "rows": 30
    case "store", "import", "bundle-content", "embeddings": 60
    case "filter", "npy", "safetensors", "batch", "bundle", "revision": 300
    default: 1000
    }
  }

  @Test("Sound inputs are read", arguments: FuzzTarget.all.map(\.name))
  func sound(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let seeds = try target.seeds()
    #expect(seeds.contains { target.isSound($0) })
    for seed in seeds { try seed.withUnsafeBytes { try target.check($0) } }
  }

  @Test(
    "Whatever is wrong with an input, it is refused or read, and what was read stays the same",
    arguments: FuzzTarget.all.map(\.name), [1, 2] as [UInt64])
  func mutated(name: String, seed: UInt64) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    var mutator = Mutator(seed: seed, seeds: try target.seeds())
    for number in 0..<Self.inputCount(of: target) {
      let input = mutator.next()
      do {
        try input.withUnsafeBytes { try target.check($0) }
      } catch {
        Issue.record("\(name), seed \(seed), input \(number) (\(input.count) bytes): \(error)")
      }
    }
  }
}

// How pairs weigh, and what scores aim at.

import AufdbReward
import Testing

@Suite struct LabelWeightTests {
  @Test func pairsWeighByTheirPromptsResponses() {
    let pairs = [(0, 1), (5, 6), (6, 7), (5, 7), (8, 9), (8, 9), (1, 0)].map { PairIndex(chosen: $0, rejected: $1) }
    let weights = PairWeights.byPrompt(pairs, prompts: [7, 1, 1, 1, 2, 2, 7])
    let share = 2.0 / 3
    #expect(weights == [1, share, share, share, 1, 1, 1])
    #expect(PairWeights.byPrompt([], prompts: []) == [])
  }

  @Test func targetsAreClippedLogits() throws {
    #expect(PointwiseTarget.target(0.5) == 0)
    #expect(PointwiseTarget.target(0) == -1)
    #expect(PointwiseTarget.target(1) == 1)
    #expect(PointwiseTarget.target(0.9995) == 1)
    let target = try #require(PointwiseTarget.target(0.75))
    #expect((target - 0.15694461266687277).magnitude <= 1e-15)  // log(3) / 7
    let opposite = try #require(PointwiseTarget.target(0.25))
    #expect(target == -opposite)
    for bad in [-1e-9, 1.0000001, .nan, .infinity] { #expect(PointwiseTarget.target(bad) == nil) }
  }
}

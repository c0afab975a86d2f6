// All aspects of a response together: the mean, failures among them, and the JSON of the column aspects.

import Glibc
import Testing

@testable import Aufdb

@Suite("Pointwise scores") struct PointwiseScoreTests {
  private func answer(_ digit: String) -> KeptAnswer {
    .chat(.of([TokenLogprob(digit, -0.125), TokenLogprob("a", -3, bytes: [97, 0])]))
  }

  @Test("the score is the mean, and the column has every reading")
  func whole() throws {
    let score = PointwiseScore(try madeJudge(.pointwise).rubric, answers: [answer("4"), answer("1")])
    #expect(score.overall == 2.5)
    let mass = TokenLogprob("", -0.125).probability
    let reading = #""mass":\#(mass),"logprobs":[["%",-0.125],["a",-3.0,[97,0]]]}"#
    #expect(
      score.json == #"{"wit":{"rating":4.0,"# + reading.replacing("%", with: "4")
        + #","length":{"rating":1.0,"# + reading.replacing("%", with: "1") + "}")
  }

  @Test("one failure leaves no score, and its text is kept, bounded")
  func failures() throws {
    let rubric = try madeJudge(.pointwise).rubric
    let failed = KeptAnswer.failure(ModelFailure("too long", text: String(repeating: "x", count: 2_000)))
    let score = PointwiseScore(rubric, answers: [answer("I"), failed])
    #expect(score.overall == nil)
    #expect(
      score.json == #"{"wit":{"failure":"none of 1 to 5 is among the first tokens","text":"I"},"#
        + #""length":{"failure":"too long","text":"\#(String(repeating: "x", count: 1_000))..."}}"#)
    #expect(PointwiseScore(rubric, answers: [answer("4"), failed]).overall == nil)
    let vector = PointwiseScore(rubric, answers: [.vector([], tokens: 0), answer("4")])
    #expect(vector.json.hasPrefix(#"{"wit":{"failure":"a vector where a text belongs"},"#))
  }
}

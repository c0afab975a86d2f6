// Records of very many responses, whose repeats are found by name and not by looking at each.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Long records") struct LongRecordTests {
  @Test("repeats are found, whatever stands between them", arguments: [10, 64, 66, 68, 130, 400], [0, 1] as [UInt64])
  func repeats(count: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let store = try ImportFixture()
    let responses = (0..<count).map { number -> String in
      let place = number / 2 * 2
      return completion(
        "m\(place % 7)", "\(place)", score: number % 2 == 0 ? nil : Double(place), more: #""sample":\#(place)"#)
    }
    let (_, report) = try store.importLines([completionsLine("p", responses)])
    #expect(report.added == [.prompts: 1, .responses: count / 2, .scores: count / 2])
    #expect(report.unchangedCount == count / 2)
    #expect(try store.importLines([completionsLine("p", responses.shuffled(using: &generator))]).commit == nil)

    let other = try ImportFixture()
    var contradictory = responses
    let place = Int(generator.next() % UInt64(count / 2)) * 2
    contradictory[place] = contradictory[place].replacing("text\":\"", with: "text\":\"not ")
    #expect(
      try other.refusal(of: [completionsLine("p", contradictory)])?.message.hasPrefix("the response of m") == true)
    contradictory = responses + [responses[place + 1].replacing("score\":", with: "score\":1")]
    #expect(
      try other.refusal(of: [completionsLine("p", contradictory)])?.message.hasPrefix("overall's score of m") == true)
    #expect(try other.count(.prompts) == 0)
  }
}

// What a program sees that uses this module: this file imports nothing internal.

import Aufdb
import AufdbModels
import AufdbTestSupport
import Testing

@Suite struct PublicInterfaceTests {
  @Test func aServerIsAsked() throws {
    var access = ModelAccess(baseURL: try FaultServer.shared().baseURL("public", "right"))
    access.inputPrice = 2
    access.outputPrice = 4
    var options = AskOptions()
    options.maximumCost = 1
    let key = try ModelKey(.environment("KEY")) { ["KEY": "a secret"][$0]?.replacing(" ", with: "-") }
    let asker = try ModelAsker(access, key: key, options)
    var number = 0
    var answers: [QuestionID: KeptAnswer] = [:]
    var progressCount = 0
    let report = try asker.ask(
      next: {
        guard number < 3 else { return nil }
        defer { number += 1 }
        return Trial.chat(number)
      },
      read: { (request, body) throws(ProtocolFault) in try ModelQuestions.answers(of: request, body: body) },
      keep: { answers.merge($0) { one, _ in one } },
      progress: { progressCount += $0.isEnding ? 0 : 1 },
      wish: { .goOn })
    #expect(report.end == .done && report.answeredCount == 3 && report.failedCounts.isEmpty)
    #expect(answers.count == 3)
    #expect(progressCount > 0)
    let cost = try #require(report.cost)
    #expect(abs(cost - 3 * (10 * 2 + 1 * 4) / 1e6) < 1e-12)
  }
}

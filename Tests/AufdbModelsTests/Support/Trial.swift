// One run against the server with faults, and what came of it.

import Aufdb
import AufdbTestSupport
import Foundation
import Synchronization
import Testing

@testable import AufdbModels

/// A run of an asker, from its questions to what was kept.
final class Trial {
  let server: FaultServer
  let name = UUID().uuidString
  var access: ModelAccess
  var options = AskOptions()
  var key: ModelKey?
  let time = TestClock()
  /// Called with each request that is refused as a whole.
  var split: (ModelRequest) -> [ModelRequest] = { _ in [] }
  var wish: () -> AskWish = { .goOn }
  /// What was kept, each time that something was, in that order.
  private(set) var kept: [(QuestionID, KeptAnswer)] = []
  private(set) var progresses: [AskProgress] = []

  init(_ script: String, concurrency: Int = 1, attempts: Int = 6) throws {
    server = try FaultServer.shared()
    access = ModelAccess(baseURL: server.baseURL(name, script))
    access.concurrency = concurrency
    access.attempts = attempts
    access.timeoutSeconds = 20
  }

  var book: FaultServer.Book { get throws { try server.book(name) } }

  /// Asks chats with the questions "q0", "q1"...
  func ask(count: Int) throws -> AskReport { try ask((0..<count).map(Self.chat)) }

  func ask(_ requests: [ModelRequest]) throws -> AskReport {
    var rest = requests[...]
    return try ask { rest.popFirst() }
  }

  func ask(next: () throws -> ModelRequest?) throws -> AskReport {
    let asker = try ModelAsker(access, key: key, options)
    return try asker.ask(
      clock: time.clock, next: next, split: split,
      read: { (request, body) throws(ProtocolFault) in try ModelQuestions.answers(of: request, body: body) },
      keep: { self.kept += $0 }, progress: { self.progresses.append($0) }, wish: wish)
  }

  /// The one answer to a question.
  func answer(_ number: Int) throws -> KeptAnswer {
    let answers = kept.filter { $0.0 == Self.id(number) }
    try #require(answers.count == 1, "question \(number) was kept \(answers.count) times")
    return answers[0].1
  }

  func failure(_ number: Int) throws -> ModelFailure {
    guard case .failure(let failure) = try answer(number) else {
      throw AufdbError(.internalDefect, "question \(number) has an answer")
    }
    return failure
  }

  static func id(_ number: Int) -> QuestionID {
    QuestionID(bytes: withUnsafeBytes(of: UInt64(number).bigEndian) { [UInt8](repeating: 7, count: 24) + $0 })!
  }

  static func chat(_ number: Int) -> ModelRequest {
    ModelRequest(
      questions: [id(number)], expectation: .chat, body: Array(#"{"user": "q\#(number)", "messages": []}"#.utf8),
      inputTokens: 8, outputTokens: 4)
  }

  /// One request of several texts, whose vectors have 3 numbers.
  static func texts(_ texts: [String], from number: Int = 0) throws -> ModelRequest {
    let list = texts.map { "\"\($0)\"" }.joined(separator: ", ")
    return ModelRequest(
      questions: texts.indices.map { id(number + $0) },
      expectation: .vectors(EmbeddingShape(dimension: 3, element: .float32)),
      body: Array(#"{"input": [\#(list)]}"#.utf8),
      inputTokens: 3 * texts.count, outputTokens: 0)
  }
}

extension AskEnd {
  /// What the run was refused with.
  var error: AufdbError? { if case .refused(let error) = self { error } else { nil } }
}

// Keeps answers while others are asked for: a thread of its own writes whatever has arrived since it began the last
// transaction, so that a slow disk makes transactions larger and requests no slower.
//
// The store is opened for each transaction and closed after it: a run that asks for hours keeps no other writer away for
// more than a moment, and waits as long as one needs.

import Dispatch
import Synchronization

/// Writes answers in the background.
final class AnswerKeeper: Sendable {
  typealias Answer = (QuestionID, KeptAnswer)

  private struct State {
    var waiting: [Answer] = []
    var isWriting = false
    var failure: (any Error)?
  }

  /// Beyond so many unwritten answers, whoever brings more waits.
  private static let limit = 20_000

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "aufdb.answers")
  private let write: @Sendable ([Answer]) throws -> Void

  /// - Parameter write: puts answers into the store and returns once they are there for good.
  init(write: @escaping @Sendable ([Answer]) throws -> Void) { self.write = write }

  /// Takes answers to be kept.
  ///
  /// - Throws: what keeping earlier ones threw.
  func keep(_ answers: [Answer]) throws {
    let (isFirst, isFull) = try state.withLock { state in
      if let failure = state.failure { throw failure }
      state.waiting += answers
      defer { state.isWriting = true }
      return (!state.isWriting, state.waiting.count > Self.limit)
    }
    if isFirst { queue.async { [self] in writeAll() } }
    if isFull { queue.sync {} }
  }

  /// Waits until all is written.
  ///
  /// - Throws: what keeping threw.
  func finish() throws {
    queue.sync {}
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private func writeAll() {
    while true {
      let answers = state.withLock { state -> [Answer] in
        defer { state.waiting = [] }
        if state.waiting.isEmpty { state.isWriting = false }
        return state.waiting
      }
      if answers.isEmpty { return }
      do {
        try write(answers)
      } catch {
        state.withLock { state in
          state.failure = error
          (state.waiting, state.isWriting) = ([], false)
        }
        return
      }
    }
  }
}

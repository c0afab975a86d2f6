// Answers kept in the background: by another thread, all of them, and never quietly not.

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Aufdb

@Suite("Keeping answers") struct AnswerKeeperTests {
  private struct DiskFull: Error {}

  /// What was written, transaction by transaction.
  private final class Book: Sendable {
    let writes = Mutex<[[QuestionID]]>([])
    var questions: [QuestionID] { writes.withLock { $0.flatMap(\.self) } }
    func add(_ answers: [AnswerKeeper.Answer]) { writes.withLock { $0.append(answers.map(\.0)) } }
  }

  private static func answers(_ numbers: Range<Int>) -> [AnswerKeeper.Answer] {
    numbers.map { number in
      let bytes = withUnsafeBytes(of: UInt64(number).bigEndian) { [UInt8](repeating: 0, count: 24) + $0 }
      return (QuestionID(bytes: bytes)!, .said("\(number)"))
    }
  }

  @Test("another thread writes, in the order of arrival; what arrives meanwhile is one transaction")
  func order() throws {
    let (book, begun, gate) = (Book(), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let caller = pthread_self()
    let isElsewhere = Mutex(true)
    let keeper = AnswerKeeper { answers in
      isElsewhere.withLock { $0 = $0 && pthread_equal(pthread_self(), caller) == 0 }
      begun.signal()
      gate.wait()
      book.add(answers)
    }
    try keeper.keep(Self.answers(0..<1))
    begun.wait()
    for number in 1..<40 { try keeper.keep(Self.answers(number..<number + 1)) }
    gate.signal()
    gate.signal()
    try keeper.finish()
    #expect(book.writes.withLock { $0.map(\.count) } == [1, 39])
    #expect(book.questions == Self.answers(0..<40).map(\.0) && isElsewhere.withLock(\.self))
    try keeper.finish()
  }

  @Test("what can't be written is thrown by whoever comes next, and at the end")
  func failure() throws {
    let book = Book()
    let keeper = AnswerKeeper { answers in
      if book.writes.withLock(\.count) == 1 { throw DiskFull() }
      book.add(answers)
    }
    try keeper.keep(Self.answers(0..<3))
    try keeper.finish()
    try keeper.keep(Self.answers(3..<4))
    #expect(throws: DiskFull.self) { try keeper.finish() }
    #expect(throws: DiskFull.self) { try keeper.keep(Self.answers(4..<5)) }
    #expect(throws: DiskFull.self) { try keeper.finish() }
    #expect(book.questions == Self.answers(0..<3).map(\.0))
  }

  @Test("whoever brings more than a slow disk takes waits for it")
  func backPressure() throws {
    let (book, begun, gate) = (Book(), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let keeper = AnswerKeeper { answers in
      begun.signal()
      gate.wait()
      gate.signal()
      book.add(answers)
    }
    try keeper.keep(Self.answers(0..<1))
    begun.wait()
    try keeper.keep(Self.answers(1..<20_001))
    #expect(book.questions.isEmpty, "so many are taken without waiting")
    DispatchQueue.global().async { gate.signal() }
    try keeper.keep(Self.answers(20_001..<40_002))
    #expect(book.questions.count == 40_002, "all is written by now")
  }

  @Test("many threads lose nothing")
  func threads() throws {
    let book = Book()
    let keeper = AnswerKeeper { book.add($0) }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<200 { try? keeper.keep(Self.answers(thread * 200 + number..<thread * 200 + number + 1)) }
    }
    try keeper.finish()
    #expect(Set(book.questions) == Set(Self.answers(0..<1600).map(\.0)) && book.questions.count == 1600)
  }

  @Test("a job whose store can't be written says so, and makes no rows")
  func jobs() throws {
    let store = try AskingStore()
    try store.addPrompts("a")
    let reading = try store.reading()
    let job = try reading.generating(by: reading.modelDefinition("ember"), GenerateOptions()) {
      throw AufdbError(.inputOutput, "no space left")
    }
    let request = try #require(try job.next())
    try job.keep([(request.questions[0], .said("yes"))])
    for body in [{ try job.finishKeeping() }, { _ = try job.settle(store.context()) }] {
      let error = #expect(throws: AufdbError.self) { try body() }
      #expect(error?.message == "no space left")
    }
    #expect(try store.keptCount() == 0 && store.generating().next() != nil)
  }
}

// The seal of a kept answer: what the column `answer` holds is
//
//   0x02, the first 8 bytes of SHA-256 over the question's 32 bytes and the answer's bytes, the answer's bytes
//
// so that neither can be changed, nor one question's answer stand for another's, unnoticed. KeptAnswer+Bytes.swift has
// the answer's bytes: a person finds a short one as text from the tenth byte on. Answers from before seals have none,
// and are read as they are; no such answer begins with 0x02.

import Crypto

extension KeptAnswer {
  private static let sealMark: UInt8 = 2
  private static let checkCount = 8
  /// How many bytes stand before the answer's own.
  private static let sealCount = 1 + checkCount

  /// As the table keeps it.
  ///
  /// - Complexity: O(length).
  func sealed(for question: [UInt8]) -> [UInt8] {
    let answer = encoded()
    return [Self.sealMark] + answer.lend { Self.check(question, $0) } + answer
  }

  /// Reads what the table keeps.
  ///
  /// - Throws: `.badData` for an answer that isn't the one that was kept for the question.
  /// - Complexity: O(length).
  init(sealed bytes: Bytes, for question: [UInt8]) throws(AufdbError) {
    guard bytes.first == Self.sealMark else {
      try self.init(encoded: Array(bytes))
      return
    }
    let answer = Bytes(rebasing: bytes.dropFirst(Self.sealCount))
    guard bytes.count >= Self.sealCount, Self.check(question, answer).elementsEqual(bytes[1..<Self.sealCount]) else {
      throw AufdbError(
        .badData, "the store is damaged: a kept answer isn't the one that was kept",
        hint: "`aufdb salvage STORE NEW` makes a store without it; `aufdb model answers STORE --forget` forgets all")
    }
    try self.init(encoded: Array(answer))
  }

  private static func check(_ question: [UInt8], _ answer: Bytes) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: question)
    hash.update(bufferPointer: answer)
    return Array(hash.finalize().prefix(checkCount))
  }
}

extension Verification {
  /// Every kept answer is one that can be read, of a question.
  mutating func checkAnswers() throws {
    let answers = try connection.statement("SELECT question, answer FROM main.answer")
    var bad: [[UInt8]] = []
    while try answers.step() {
      let question = Array(answers.bytes(0))
      let isSound = question.count == 32 && (try? KeptAnswer(sealed: answers.bytes(1), for: question)) != nil
      if !isSound { bad.append(Array(question.prefix(32))) }
    }
    guard let first = bad.first else { return }
    problem("answer: \(bad.count) kept answers are damaged, the first of the question \(CommitID.hex(first))")
  }
}

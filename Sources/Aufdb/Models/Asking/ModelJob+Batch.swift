// A job whose questions are answered elsewhere: they are written as a batch file, and the results are read from one.

/// What was made of a file of results.
public struct BatchReport: Sendable, Equatable {
  /// Lines with an answer, those that say why there is none included.
  public var keptCount = 0
  /// Of them, lines that say why: a question that is wrong, an answer that makes no sense.
  public var failedCount = 0
  /// Questions that weren't answered: an expired batch, a server that was overloaded. They can be asked again.
  public var unansweredCount = 0
  /// The words of the first of these.
  public var firstUnanswered: String?
  /// Lines that are no results, and the first of them.
  public var badLineCount = 0
  public var firstBadLine: AufdbError?
}

/// What a batch file can hold.
public struct BatchLimit: Sendable, Equatable {
  public var lineCount: Int
  public var byteCount: Int

  public init(lineCount: Int, byteCount: Int) {
    (self.lineCount, self.byteCount) = (lineCount, byteCount)
  }

  public static let none = BatchLimit(lineCount: .max, byteCount: .max)
  /// What OpenAI's Batch API takes: 50,000 lines and 200 MB.
  public static let openAI = BatchLimit(lineCount: 50_000, byteCount: 200_000_000)
}

extension ModelJob {
  /// Writes questions that have no answer as the lines of a batch file: all of them, or as many as it takes. What is left
  /// is written by the next call; the job is at its end when a call writes none.
  ///
  /// - Returns: how many lines there are. A line that no file takes is alone in its own.
  /// - Complexity: memory holds a page of questions.
  public func writeBatch(
    within limit: BatchLimit = .none, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    var (count, byteCount) = (0, 0)
    var writer = JSONWriter()
    while let question = try nextLine() {
      writer.removeAll()
      question.writeBatchLine(to: &writer)
      let isWritten = try writer.withBytes { line in
        byteCount += line.count
        guard count == 0 || count < limit.lineCount && byteCount <= limit.byteCount else { return false }
        try write(line)
        return true
      }
      guard isWritten else { break }
      waitingLines.removeFirst()
      count += 1
    }
    return count
  }

  /// Whether `writeBatch` has nothing left to write.
  public var isAtEnd: Bool { get throws { try nextLine() == nil } }

  /// The question of the next line; nil at the end.
  private func nextLine() throws -> ModelRequest? {
    if waitingLines.isEmpty, let request = try next() {
      waitingLines = request.questions.count > 1 ? request.parts[...] : [request]
    }
    return waitingLines.first
  }

  /// Keeps the answers of a file of results. What it answers need not be missing, nor be this job's.
  ///
  /// - Throws: `StreamError` where the file can't be read. A line that can't be is counted.
  /// - Complexity: memory holds a line.
  public func readBatch(_ file: String) throws -> BatchReport {
    var report = BatchReport()
    var results = try BatchReader(file)
    while true {
      do {
        guard let result = try results.next() else { break }
        if case .unanswered(let words) = result.outcome {
          report.unansweredCount += 1
          report.firstUnanswered = report.firstUnanswered ?? words
          continue
        }
        guard let answer = try answer(of: result, at: .init(file: file, line: results.lineNumber)) else { continue }
        report.keptCount += 1
        if case .failure = answer { report.failedCount += 1 }
        try keep([(result.question, answer)])
      } catch let bad as BatchReader.BadLine {
        report.badLineCount += 1
        report.firstBadLine = report.firstBadLine ?? bad.error
      }
    }
    try finishKeeping()
    return report
  }

  /// What is kept of a result. A body that isn't what was asked for is a failure: it was paid for.
  ///
  /// - Throws: `BatchReader.BadLine` for such a body where the question isn't this job's: the answer may be a good one to
  ///   what another job asks.
  private func answer(of result: BatchResult, at place: AufdbError.Place) throws -> KeptAnswer? {
    do throws(ProtocolFault) {
      return try result.kept(expecting: expectation)
    } catch let fault {
      guard try asks(result.question) else {
        throw BatchReader.BadLine(
          error: AufdbError(
            .badData, "this answers something else: \(fault.message)",
            hint: "read it with the options that the questions were written with", at: place))
      }
      return .failure(ModelFailure(fault.message, text: fault.excerpt))
    }
  }
}

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

extension ModelJob {
  /// Writes every question that has no answer as a line of a batch file. The job is at its end then.
  ///
  /// - Returns: how many lines there are.
  /// - Complexity: memory holds a page of questions.
  public func writeBatch(_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
    var count = 0
    var writer = JSONWriter()
    while let request = try next() {
      for part in request.questions.count > 1 ? request.parts : [request] {
        writer.removeAll()
        part.writeBatchLine(to: &writer)
        try writer.withBytes { try write($0) }
        count += 1
      }
    }
    return count
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

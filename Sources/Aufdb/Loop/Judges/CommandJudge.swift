// A program as a judge: the way to plug in anything.
//
// /bin/sh runs the command. It reads requests from its standard input, one JSON object a line,
//
//   {"id":0,"prompt_id":"p1","prompt":"Why is the sky blue?","first":{"model":"a","sample":0,"response":"..."},
//    "second":{"model":"b","sample":0,"response":"..."}}                     (on one line; a prompt may be a list of messages)
//
// and writes answers to its standard output, one a line, in any order (JudgeAnswer.swift has the fields):
//
//   {"id":0,"choice":"first","first_score":8,"second_score":5.5}
//
// It is sent a batch of pairs, and the next batch when all of these are answered; so it must not hold answers back until
// its input ends, unless it is run so that the input ends with each batch. It is kept over all batches. Exiting with 0
// when everything is answered is fine: it is started again for the next batch. A process that dies or hangs is started
// again, and sent what is unanswered.
//
// Both pipes are polled at once, and the requests are made one by one as there is room for them: neither side can wait
// for the other forever, and memory is one request and one line of an answer, whatever the batch.

/// Asks a command.
final class CommandJudge: PairJudge {
  /// The longest answer that is read: 1 MiB.
  static let lineLimit = 1 << 20
  /// How long it may take to exit once it has nothing left to do.
  private static let endSeconds = 5.0

  let name: String
  private let command: JudgeCommand
  private let texts: PairTexts
  private var process: JudgeProcess?
  private var lines = AnswerLines(lineLimit: CommandJudge.lineLimit)
  private var reader = JSONReader()
  private var batch = JudgeBatch([], firstID: 0)
  private var nextID: Int64 = 0

  init(_ command: JudgeCommand, in connection: Connection, prefix: String) throws {
    name = command.name
    self.command = command
    texts = try PairTexts(in: connection, prefix: prefix)
  }

  func verdicts(on pairs: [PendingPair]) throws -> [Verdict?] {
    batch = JudgeBatch(pairs, firstID: nextID)
    nextID += Int64(pairs.count)
    var failureCount = 0
    while !batch.isComplete {
      let isUsed = process != nil
      let answeredBefore = batch.answeredCount
      guard let end = try exchange(with: running()) else { break }
      process = nil
      batch.restart()
      if batch.isComplete { break }
      if batch.answeredCount > answeredBefore { failureCount = 0 }
      // One that was done with the batches before may go; it isn't counted, because the next one is new.
      if isUsed, end == .exited(0), batch.answeredCount == answeredBefore { continue }
      failureCount += 1
      guard failureCount <= command.restartLimit else {
        throw JudgeFailure(verdicts: batch.verdicts, cause: failure(end, startCount: failureCount))
      }
    }
    if command.readsToEnd { try finishProcess() }
    return batch.verdicts
  }

  func finish(_ report: inout AnnotateReport) throws { try finishProcess() }

  private func running() throws -> JudgeProcess {
    if let process { return process }
    let process = try JudgeProcess(command.text)
    self.process = process
    lines = AnswerLines(lineLimit: Self.lineLimit)
    return process
  }

  /// Sends what is unanswered and takes the answers.
  ///
  /// - Returns: nil once all are answered; otherwise how the process ended before.
  /// - Throws: `.badData` for an answer that makes no sense.
  private func exchange(with process: JudgeProcess) throws -> JudgeProcess.End? {
    var request = JSONWriter()
    var isRequestLeft = try write(to: &request)
    var sentBytes = 0
    var deadline = MonotonicTime.now + command.timeoutSeconds
    while true {
      let (canRead, canWrite) = process.wait(writes: isRequestLeft, until: deadline)
      if canWrite {
        sentBytes += request.withBytes { process.write(UnsafeRawBufferPointer(rebasing: $0[sentBytes...])) }
        if request.withBytes({ sentBytes == $0.count }) {
          sentBytes = 0
          isRequestLeft = try write(to: &request)
          if !isRequestLeft, command.readsToEnd { process.closeInput() }
        }
      }
      if canRead {
        let before = batch.answeredCount
        if try !readAnswers(of: process) { return try atEndOfOutput(of: process) }
        if batch.isComplete { return nil }
        if batch.answeredCount > before { deadline = MonotonicTime.now + command.timeoutSeconds }
      } else if !canWrite {
        return process.end(graceMilliseconds: 0)
      }
    }
  }

  /// Makes the next request; false where none is left.
  private func write(to writer: inout JSONWriter) throws -> Bool {
    guard let (id, pair) = batch.nextRequest() else { return false }
    writer.removeAll()
    writer.beginObject()
    writer.key("id")
    writer.int(id)
    try texts.write(pair, to: &writer)
    writer.endObject()
    writer.newline()
    return true
  }

  /// Reads what is there, and takes all whole answers.
  ///
  /// - Returns: false at the end of the output.
  private func readAnswers(of process: JudgeProcess) throws -> Bool {
    guard let count = lines.fill({ process.read(into: $0) }) else { return true }
    guard count > 0 else { return false }
    while let line = try located({ try lines.next() }) { try take(line) }
    return true
  }

  /// Takes the last answer, whose line has no end; one of a process that died is cut off.
  private func atEndOfOutput(of process: JudgeProcess) throws -> JudgeProcess.End? {
    let end = process.end(graceMilliseconds: Int(min(Self.endSeconds, command.timeoutSeconds) * 1000))
    if end == .exited(0), let line = lines.rest() { try take(line) }
    return end
  }

  private func take(_ line: Bytes) throws {
    try located {
      do {
        try batch.take(JudgeAnswer(line, &reader))
      } catch {
        var error = AufdbError.from(error)
        error.message = "a judge's answer is bad: \(error.message): \(Field.excerpt(line))"
        throw error
      }
    }
  }

  /// Adds the place to an error.
  private func located<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as AufdbError {
      error.place = .init(file: "output of \(command.text.shortened(to: 60))", line: lines.number)
      throw error
    }
  }

  /// Ends the input, and makes sure that no further answer comes. A process that stays is ended.
  private func finishProcess() throws {
    guard let process else { return }
    self.process = nil
    process.closeInput()
    let deadline = MonotonicTime.now + min(Self.endSeconds, command.timeoutSeconds)
    while process.wait(writes: false, until: deadline).canRead {
      if try !readAnswers(of: process) {
        _ = try atEndOfOutput(of: process)
        return
      }
    }
  }

  private func failure(_ end: JudgeProcess.End, startCount: Int) -> AufdbError {
    let what =
      switch end {
      case .killed: "gave no answer for \(Self.seconds(command.timeoutSeconds)) and was killed"
      case .exited(0): "exited before it had answered all"
      default: end.description
      }
    let times = startCount == 1 ? "" : ", \(startCount) times in a row"
    let hint =
      switch end {
      case .killed:
        "it must write each answer out at once (python3 -u, jq --unbuffered), or be run with --judge-reads-to-end"
      case .exited(127): "/bin/sh didn't find the command"
      case .exited(126): "/bin/sh can't run the command: is it executable?"
      default: "what it wrote to standard error may tell why"
      }
    return AufdbError(.refused, "the judge \(name.quoted) \(what)\(times)", hint: hint)
  }

  private static func seconds(_ seconds: Double) -> String {
    let isWhole = seconds == seconds.rounded() && seconds < 1e15
    return (isWhole ? "\(Int64(seconds))" : "\(seconds)") + (seconds == 1 ? " second" : " seconds")
  }
}

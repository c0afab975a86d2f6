// What people answered in a file of pairs: read as a whole, then asked pair by pair.

/// The lines of a file, by the pair that each is about.
final class FileAnswers {
  /// A line.
  struct Answer {
    /// nil: nobody has answered it.
    var verdict: Verdict?
    let line: Int
    /// The pair in words; nil where the line hides it.
    let pairName: String?
    var isAsked = false

    func saysSame(as other: Answer) -> Bool {
      guard var verdict, let other = other.verdict else { return true }
      verdict.line = other.line
      return verdict == other
    }
  }

  private let path: String
  private var answers: [PairID: Answer] = [:]

  /// - Throws: `.badData` with its line for what makes no sense, or contradicts another line.
  init(_ path: String) throws {
    self.path = path
    var lines = LineReader(try ByteSource(path: path))
    var reader = JSONReader()
    while let line = try lines.next() {
      do {
        try take(FileLine(line.bytes, &reader), line.number)
      } catch {
        var error = AufdbError.from(error)
        error.place = .init(file: path, line: line.number)
        throw error
      }
    }
    guard lines.lineNumber > 0 else { throw AufdbError(.badData, "the file is empty", at: .init(file: path)) }
  }

  private func take(_ line: FileLine, _ number: Int) throws(AufdbError) {
    var answer = Answer(verdict: line.verdict, line: number, pairName: line.pair?.name)
    answer.verdict?.line = number
    guard let earlier = answers[line.id] else {
      answers[line.id] = answer
      return
    }
    guard answer.saysSame(as: earlier) else { throw Self.contradiction(answer, earlier.line, line.id.text) }
    if earlier.verdict == nil { answers[line.id] = answer }
  }

  private static func contradiction(_ answer: Answer, _ earlierLine: Int, _ id: String) -> AufdbError {
    AufdbError(
      .badData, "the answer on \(answer.pairName ?? id) is not that of line \(earlierLine)",
      hint: "answers of several people go into files of their own")
  }

  /// The answer on a pair, in the pair's order, whichever way round the line has it.
  ///
  /// - Returns: nil where the file doesn't have the pair; an answer without a verdict where nobody has answered it.
  /// - Throws: `.badData` where two lines contradict each other.
  func answer(on pair: PendingPair) throws(AufdbError) -> Answer? {
    let (id, swappedID) = (PairID(pair), PairID(pair.swapped))
    answers[id]?.isAsked = true
    answers[swappedID]?.isAsked = true
    let swapped = answers[swappedID].map { answer in
      var answer = answer
      answer.verdict = answer.verdict?.swapped
      return answer
    }
    guard let answer = answers[id], let swapped else { return answers[id] ?? swapped }
    guard answer.saysSame(as: swapped) else {
      let (early, late) = answer.line < swapped.line ? (answer, swapped) : (swapped, answer)
      var error = Self.contradiction(late, early.line, id.text)
      error.place = .init(file: path, line: late.line)
      throw error
    }
    return answer.verdict == nil ? swapped : answer
  }

  /// Refuses answers on pairs that nobody asked about. Lines without an answer do no harm.
  func checkAllAsked() throws(AufdbError) {
    let stray = answers.filter { !$0.value.isAsked && $0.value.verdict != nil }
    guard let (id, answer) = stray.min(by: { $0.value.line < $1.value.line }) else { return }
    throw AufdbError(
      .badData, "the pair is not selected: \(answer.pairName ?? "that of the id \(id.text)")",
      hint: "`aufdb import STORE FILE --as labels` takes labels that no selection asked for",
      at: .init(file: path, line: answer.line))
  }
}

extension Verdict {
  /// The same verdict, the two responses called the other way round.
  fileprivate var swapped: Verdict {
    var verdict = self
    (verdict.firstScore, verdict.secondScore) = (secondScore, firstScore)
    verdict.choice = choice == .first ? .second : choice == .second ? .first : .tie
    return verdict
  }
}

/// A line of a file of answers, parsed; FileJudge.swift has its fields.
private struct FileLine {
  let id: PairID
  /// nil where the line is blind.
  let pair: PendingPair?
  let verdict: Verdict?

  init(_ line: Bytes, _ reader: inout JSONReader) throws {
    var (id, promptID, first, second): (PairID?, String?, ResponseKey?, ResponseKey?)
    var annotators: [String] = []
    var fields = VerdictFields()
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "id": id = try Self.id(&reader)
      case "prompt_id": promptID = Self.string(try Field.name(&reader, "prompt_id"))
      case "first": first = try Self.response(&reader, "first")
      case "second": second = try Self.response(&reader, "second")
      case "annotator", "judge":
        if try !reader.nullIfPresent() { annotators.append(Self.string(try Field.name(&reader, key.text))) }
      default: if try !fields.take(key, &reader) { _ = try reader.skipValue() }
      }
    }
    try reader.finish()
    guard annotators.count < 2 else {
      throw AufdbError(
        .badData, "annotator and judge stand in one line", hint: "they are two names of one field: keep one of them")
    }
    var verdict = try fields.verdict()
    verdict?.annotator = annotators.first
    self.verdict = verdict
    if let promptID, let first, let second {
      guard first != second else {
        throw AufdbError(.badData, "first and second are the same response, that of \(first.name)")
      }
      let pair = PendingPair(promptID: promptID, first: first, second: second)
      guard id == nil || id == PairID(pair) else { throw AufdbError(.badData, "id is that of another pair") }
      (self.id, self.pair) = (PairID(pair), pair)
    } else if let id {
      (self.id, self.pair) = (id, nil)
    } else {
      throw Field.missing(promptID == nil ? "prompt_id" : first == nil ? "first.model" : "second.model")
    }
  }

  private static func string(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func id(_ reader: inout JSONReader) throws -> PairID {
    let text = try Field.text(&reader, "id")
    guard let id = PairID(text) else {
      throw AufdbError(.badData, "id is \"\(Field.excerpt(text))\", not the 32 digits that stood there")
    }
    return id
  }

  /// A response's model and sample; nil where it has no model.
  private static func response(_ reader: inout JSONReader, _ name: String) throws -> ResponseKey? {
    guard try reader.peekKind() == .object else { throw Field.mistyped(&reader, name, "an object") }
    var model: String?
    var sample: Int64 = 0
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "model": model = string(try Field.name(&reader, "\(name).model"))
      case "sample": sample = try Field.wholeNumber(&reader, "\(name).sample")
      default: _ = try reader.skipValue()
      }
    }
    return model.map { ResponseKey(model: $0, sample: sample) }
  }
}

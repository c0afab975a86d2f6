// One answer of a command judge, and the batch of pairs that it belongs to.
//
//   id                         that of the request
//   choice                     "first", "second" or "tie"; null where the judge can't or won't tell
//   first_score, second_score  its scores of the two, where it gives any: both or none, and the chosen response's is not
//                              the lower one
// Other fields are passed over.

/// A line that a command judge wrote, parsed.
struct JudgeAnswer {
  let id: Int64
  /// nil: it can't or won't tell.
  let verdict: Verdict?

  /// - Throws: `JSONError`, or `.badData` without a place.
  init(_ line: Bytes, _ reader: inout JSONReader) throws {
    var id: Int64?
    var fields = VerdictFields()
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      if key == "id" {
        id = try Field.wholeNumber(&reader, "id")
      } else if try !fields.take(key, &reader) {
        _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let id else { throw Field.missing("id") }
    self.id = id
    verdict = try fields.verdict()
  }
}

/// The fields in which a judge, program or person, says which response is better; they come in any order.
struct VerdictFields {
  private var choice: PairChoice?
  private var isChoiceGiven = false
  private var firstScore: Double?
  private var secondScore: Double?

  /// Reads a field's value if it is one of these.
  mutating func take(_ key: JSONKey, _ reader: inout JSONReader) throws -> Bool {
    switch key {
    case "choice":
      isChoiceGiven = true
      guard let text = try Field.optionalText(&reader, "choice") else { return true }
      choice = PairChoice(rawValue: String(decoding: text, as: UTF8.self))
      guard choice != nil else {
        throw AufdbError(.badData, "choice is \"\(Field.excerpt(text))\", not first, second, tie or null")
      }
    case "first_score": firstScore = try Field.optionalNumber(&reader, "first_score")
    case "second_score": secondScore = try Field.optionalNumber(&reader, "second_score")
    default: return false
    }
    return true
  }

  /// - Returns: nil where the choice is null.
  /// - Throws: `.badData` where the choice is missing, or the scores contradict it.
  func verdict() throws(AufdbError) -> Verdict? {
    guard isChoiceGiven else { throw Field.missing("choice") }
    guard let choice else { return nil }
    if let firstScore, let secondScore {
      let isContradicted =
        choice == .first && firstScore < secondScore || choice == .second && secondScore < firstScore
      guard !isContradicted else {
        throw AufdbError(.badData, "choice is \(choice.rawValue), and its score is the lower one")
      }
    } else if firstScore != nil || secondScore != nil {
      throw AufdbError(.badData, "first_score and second_score go together: one of them is missing")
    }
    return Verdict(choice: choice, firstScore: firstScore, secondScore: secondScore)
  }
}

/// The pairs of a batch, and what was answered so far.
struct JudgeBatch {
  /// The id of the first pair; the others follow.
  private let firstID: Int64
  let pairs: [PendingPair]
  private(set) var verdicts: [Verdict?]
  private(set) var answeredCount = 0
  private var isAnswered: [Bool]
  private var isSent: [Bool]
  private var next = 0

  init(_ pairs: [PendingPair], firstID: Int64) {
    self.pairs = pairs
    self.firstID = firstID
    verdicts = Array(repeating: nil, count: pairs.count)
    isAnswered = Array(repeating: false, count: pairs.count)
    isSent = isAnswered
  }

  var isComplete: Bool { answeredCount == pairs.count }

  /// Begins again with a new process, which is sent what the last one didn't answer.
  mutating func restart() {
    isSent = Array(repeating: false, count: pairs.count)
    next = 0
  }

  /// The next pair to be sent, if any is left.
  mutating func nextRequest() -> (id: Int64, pair: PendingPair)? {
    while next < pairs.count, isAnswered[next] { next += 1 }
    guard next < pairs.count else { return nil }
    defer { next += 1 }
    isSent[next] = true
    return (firstID + Int64(next), pairs[next])
  }

  /// Notes an answer.
  ///
  /// - Throws: `.badData` without a place, for an answer that nobody asked for, or that came before.
  mutating func take(_ answer: JudgeAnswer) throws(AufdbError) {
    let place = Int(answer.id - firstID)
    // What came before this batch was answered, or there would be no such batch.
    guard place >= 0, place >= pairs.count || !isAnswered[place] else {
      throw AufdbError(.badData, "the pair \(answer.id) is answered twice")
    }
    guard place < pairs.count, isSent[place] else {
      throw AufdbError(.badData, "the pair \(answer.id) was not asked about")
    }
    isAnswered[place] = true
    answeredCount += 1
    verdicts[place] = answer.verdict
  }
}

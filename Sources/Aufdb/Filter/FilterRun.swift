// One run of the filter: a line in, a pick, its lines out, and the counts.

import AufdbAcquisition

/// One run, from the first line to the last.
final class FilterRun {
  private let options: FilterOptions
  private let methods: MethodOfLine
  private var record = FilterRecord()
  private var writer = JSONWriter()
  /// The method of the lines so far; nil before the first prompt where it isn't fixed.
  private var method: (any SelectionMethod)?
  /// The method that goes with the columns of the last line, where it isn't fixed.
  private var made: (columns: CandidateColumns, method: any SelectionMethod)?
  /// All methods of one name draw by the same key.
  private let key: RandomKey
  private(set) var report = FilterReport()

  /// One pair of a prompt, with its reasons where they are asked for.
  private struct Pick {
    var pair: Pair
    var explanation: Explanation?
  }

  /// A matrix of so many responses squared is 128 MB; beyond, a line could take any amount.
  private static let matrixLimit = 4096

  init(_ options: FilterOptions, _ methods: MethodOfLine) {
    self.options = options
    self.methods = methods
    method = methods.fixed
    key = RandomKey(seed: options.seed, purpose: options.method)
  }

  /// Takes one line, and writes what comes of it.
  ///
  /// - Throws: `.badData` with the place, unless bad lines are passed over; what `output` throws.
  func take(
    _ line: Bytes, at place: @autoclosure () -> AufdbError.Place, _ output: (Bytes) throws -> Void
  ) throws {
    let outcome: (method: any SelectionMethod, picks: [Pick])
    do {
      outcome = try read(line)
    } catch {
      let located = Self.located(error, place())
      guard options.skipsBad, located.kind == .badData else { throw located }
      report.badLineCount += 1
      if report.firstBadLine == nil { report.firstBadLine = located }
      return
    }
    if methods.fixed == nil { try checkSame(outcome.method, place()) }
    method = outcome.method
    report.promptCount += 1
    guard !outcome.picks.isEmpty else { return }
    writer.removeAll()
    for pick in outcome.picks { writeLine(pick.pair, pick.explanation) }
    try writer.withBytes(output)
  }

  /// Refuses a line that would be treated differently from those before it.
  ///
  /// That is not one of the bad lines that may be passed over: which of the two it is would depend on their order.
  private func checkSame(_ method: any SelectionMethod, _ place: AufdbError.Place) throws(AufdbError) {
    guard let before = self.method, let difference = MethodOfLine.difference(method, before) else { return }
    throw AufdbError(
      .badData,
      "this line's columns make it --\(difference.name) \(difference.one), "
        + "those before made it --\(difference.name) \(difference.other)",
      hint: "say for all lines which it is", at: place)
  }

  /// The method for a line, made anew only where the columns aren't those of the line before.
  private func method(for line: Bytes) throws -> any SelectionMethod {
    if let fixed = methods.fixed { return fixed }
    let columns = try record.columns(of: line)
    if let made, made.columns == columns { return made.method }
    let method = try methods.method(for: columns)
    made = (columns, method)
    return method
  }

  /// Reads a line and picks its pairs; none of a prompt that is skipped, which is counted.
  ///
  /// - Throws: what is wrong with the line, without its place. Nothing is counted then.
  private func read(_ line: Bytes) throws -> (any SelectionMethod, [Pick]) {
    let method = try method(for: line)
    try record.parse(line, needs: method.needs, others: options.explains ? .explained : [])
    if record.storage.count > Self.matrixLimit, options.explains || options.judgedCount > 2 {
      throw AufdbError(
        .badData, "\(record.storage.count) responses are too many for --explain and --judged",
        hint: "they take prompts of up to \(Self.matrixLimit)")
    }
    let random = key.prompt(record.promptID)
    let demand = PairDemand(responseCount: options.judgedCount)
    return try record.storage.withCandidates { (candidates) throws(CandidatesError) in
      let outcome = try method.pairs(demand, candidates, random: random)
      report.rewardsOutsideBoundsCount += candidates.rewardsOutsideBoundsCount
      switch outcome {
      case .pairs(let pairs):
        return (
          method,
          pairs.map { pair in
            Pick(pair: pair, explanation: options.explains ? method.explain(pair, candidates, random: random) : nil)
          }
        )
      case .skipped(let reason):
        report.skipped[reason, default: 0] += 1
        return (method, [])
      }
    }
  }

  private func writeLine(_ pair: Pair, _ explanation: Explanation?) {
    writer.beginObject()
    writer.key("prompt_id")
    writer.string(record.promptID)
    writer.key("first")
    writer.int(Int64(pair.first))
    writer.key("second")
    writer.int(Int64(pair.second))
    if let explanation {
      writer.key("explanation")
      explanation.write(to: &writer) { index, writer in writer.int(Int64(index)) }
    }
    writer.endObject()
    writer.newline()
    report.pairCount += 1
  }

  /// An error about a line, with its place.
  private static func located(_ error: any Error, _ place: AufdbError.Place) -> AufdbError {
    if let error = error as? CandidatesError { return AufdbError(.badData, "\(error)", at: place) }
    var error = AufdbError.from(error)
    error.place = place
    return error
  }
}

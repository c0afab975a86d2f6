// People as a judge: pairs go out into a file, and come back with answers.
//
// Where the file doesn't exist, it is written with the pairs that were asked about, one JSON object a line,
//
//   {"prompt_id":"p1","prompt":"Why is the sky blue?","first":{"model":"a","sample":0,"response":"..."},
//    "second":{"model":"b","sample":0,"response":"..."},"choice":null}
//
// and nobody has a verdict yet. Whoever answers replaces null by "first", "second" or "tie". Where the file exists, its
// answers are the verdicts: in any order, some or all of them. A line may also have first_score and second_score, and
// `annotator`, who answered it (or `judge`, as labels have it). `first` and `second` are what the line calls so, which
// may be the other way round than the store has it.
//
// A blind file shows neither prompt_id nor models, so that nobody is led by a name; an `id` stands for them, and which
// response comes first is a matter of chance, because a selection's first is its method's guess.
//
// The answers of a file are held in memory: people's files are small.

import Glibc

/// Writes pairs out for people, or reads their answers.
final class FileJudge: PairJudge {
  let name: String
  private let file: JudgeFile
  private let texts: PairTexts
  private let answers: FileAnswers?
  private var sheet: BundleFile?
  private var written: Set<PairID> = []

  /// - Throws: `.badData` with its line for an answer that makes no sense; `.cannotOpenInput`.
  init(_ file: JudgeFile, in connection: Connection, prefix: String) throws {
    name = file.name
    self.file = file
    texts = try PairTexts(in: connection, prefix: prefix)
    answers = access(file.path, F_OK) == 0 || errno != ENOENT ? try FileAnswers(file.path) : nil
  }

  /// Whether there are answers; otherwise the pairs that it is asked about are written out.
  var hasAnswers: Bool { answers != nil }

  /// Whether the file of answers has a line on a pair.
  func holds(_ pair: PendingPair) throws -> Bool { try answers?.answer(on: pair) != nil }

  func verdicts(on pairs: [PendingPair]) throws -> [Verdict?] {
    try pairs.map { pair in
      guard let answers else {
        try write(pair)
        return nil
      }
      return try answers.answer(on: pair)?.verdict
    }
  }

  /// Gives the file its name, or makes sure that no answer is left which nobody asked for.
  func finish(_ report: inout AnnotateReport) throws {
    try answers?.checkAllAsked()
    report.writtenCount = written.count
    try sheet?.publish()
    sheet = nil
  }

  private func write(_ pair: PendingPair) throws {
    let id = PairID(pair)
    guard written.insert(id).inserted else { return }
    var line = JSONWriter()
    line.beginObject()
    if file.isBlind {
      // The id is as good as a coin.
      let shown = id.isEven ? pair : pair.swapped
      line.key("id")
      line.string(PairID(shown).text)
      try texts.write(shown, isBlind: true, to: &line)
    } else {
      try texts.write(pair, to: &line)
    }
    line.key("choice")
    line.null()
    line.endObject()
    line.newline()
    if sheet == nil { sheet = try BundleFile(at: file.path, force: false) }
    try line.withBytes { bytes in try sheet?.write(bytes) }
  }
}

extension PendingPair {
  var swapped: PendingPair { PendingPair(promptID: promptID, first: second, second: first) }
}

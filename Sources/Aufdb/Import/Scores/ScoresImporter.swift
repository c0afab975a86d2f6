// Puts scores into the store, a response's a line:
//
//   prompt_id, model, sample?, judge?, score?, aspects?, critique?
//
// These are the columns of the relation, so that rows which a query gives can come in again. `score` is a number, a text
// that is one, or nothing ("", "N/A" or null); `aspects` is any JSON, kept without white space. One of the three must
// say something. `judge` may be missing or null where the import names a judge for such lines. Fields of other names are
// passed over.

final class ScoresImporter: RecordImporter {
  private let settlement: Settlement
  private let judge: HeldBytes?
  private let scores: ScoreRows
  private let responses: ResponseLookup
  private var reader = JSONReader()
  private var aspects = JSONField("aspects")

  init(_ state: ImportState) throws {
    settlement = state.settlement()
    judge = state.judge.map { HeldBytes($0) }
    scores = try ScoreRows(into: state.change)
    responses = try ResponseLookup(state)
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    var row = try parse(line)
    let prompt = try responses.prompt(row.promptID)
    row.sample = try responses.require(row.promptID, row.model, row.sample, in: prompt)
    row.promptID = prompt.id
    let isToBeInserted = try settlement.isToBeInserted(
      .scores, scores.find(row), isFolded: prompt.isFolded, &report
    ) { row.conflict }
    if isToBeInserted { try scores.insert(row) }
  }

  private func parse(_ line: Bytes) throws -> ScoreRow {
    var (promptID, model, judge): (Bytes?, Bytes?, Bytes?)
    var (score, aspectsText, critique): (Double?, Bytes?, Bytes?)
    var sample: Int64 = 0
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "model": model = try Field.name(&reader, "model")
      case "sample": sample = try Field.wholeNumber(&reader, "sample")
      case "judge": judge = try reader.nullIfPresent() ? nil : Field.name(&reader, "judge")
      case "score": score = try Field.score(&reader, "score")
      case "critique": critique = try Field.optionalText(&reader, "critique")
      case "aspects": aspectsText = try aspects.parse(&reader)
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let promptID else { throw Field.missing("prompt_id") }
    guard let model else { throw Field.missing("model") }
    guard let judge = judge ?? self.judge?.bytes else { throw Field.missingJudge }
    guard score != nil || aspectsText != nil || critique?.isEmpty == false else {
      throw AufdbError(.badData, "score is missing", hint: "aspects or a critique would do, too")
    }
    return ScoreRow(
      promptID: promptID, model: model, sample: sample, judge: judge, score: score, aspects: aspectsText,
      critique: critique)
  }
}

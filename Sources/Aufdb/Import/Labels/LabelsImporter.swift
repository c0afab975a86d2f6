// Puts labels into the store; LabelRecord.swift tells what their lines look like.

final class LabelsImporter: RecordImporter {
  private let settlement: Settlement
  private let judge: HeldBytes?
  private let labels: LabelRows
  private let responses: ResponseLookup
  private var reader = JSONReader()
  private var details = JSONField("details")

  init(_ state: ImportState) throws {
    settlement = state.settlement()
    judge = state.judge.map { HeldBytes($0) }
    labels = try LabelRows(into: state.change)
    responses = try ResponseLookup(state)
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    var label = try LabelRecord(line, &reader, details: &details)
    guard let judge = label.judge ?? judge?.bytes else { throw Field.missingJudge }
    let prompt = try responses.prompt(label.promptID)
    label.chosen.sample = try responses.require(
      label.promptID, label.chosen.model, label.chosen.sample, in: prompt)
    label.rejected.sample = try responses.require(
      label.promptID, label.rejected.model, label.rejected.sample, in: prompt)
    label.promptID = prompt.id
    // Two responses of a prompt that was folded into another may be one there.
    guard !label.chosen.isSameResponse(as: label.rejected) else { throw LabelRecord.sameResponse(label.chosen) }
    let isToBeInserted = try settlement.isToBeInserted(
      .labels, labels.find(label, judge: judge), isFolded: prompt.isFolded, &report
    ) {
      LabelRows.conflict(label, judge: judge)
    }
    if isToBeInserted { try labels.insert(label, judge: judge) }
  }
}

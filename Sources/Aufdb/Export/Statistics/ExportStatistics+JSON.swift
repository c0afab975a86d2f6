// The figures of an export in its manifest.

extension ExportStatistics {
  /// A JSON object, its keys in alphabetical order.
  var json: String {
    Operation.object([
      "lengths": .json(
        Operation.object([
          "chosen_mean": ExportReport.number(lengths.chosenMean), "cohens_d": ExportReport.number(lengths.cohensD),
          "equal": .integer(Int64(lengths.equalCount)), "longer_chosen": .integer(Int64(lengths.longerCount)),
          "longer_share": ExportReport.number(lengths.longerShare),
          "rejected_mean": ExportReport.number(lengths.rejectedMean),
          "shorter_chosen": .integer(Int64(lengths.shorterCount)),
        ])),
      "models": .list(models.map { .json(Self.object($0)) }),
      "score_gaps": .json(
        Operation.object([
          "bins": .list(scoreGaps.bins.map { .json(Self.object($0)) }), "mean": ExportReport.number(scoreGaps.mean),
          "pairs": .integer(Int64(scoreGaps.count)),
        ])),
    ])
  }

  private static func object(_ model: ModelRecord) -> String {
    Operation.object([
      "losses": .integer(Int64(model.lossCount)), "model": model.model.map { .text($0) } ?? .null,
      "models": .integer(Int64(model.modelCount)), "ties": .integer(Int64(model.tieCount)),
      "win_rate": ExportReport.number(model.winRate), "wins": .integer(Int64(model.winCount)),
    ])
  }

  private static func object(_ bin: ScoreGaps.Bin) -> String {
    Operation.object(["gap": .text(bin.words), "pairs": .integer(Int64(bin.count))])
  }
}

// What a careful reader of a training set wants to know of it, as its card and manifest tell.
//
// Everything is of the pairs that were written. A tie that was kept says nothing about which response is better, and is
// left out of all but the models' ties.

/// Figures about the pairs of an export.
public struct ExportStatistics: Sendable, Equatable {
  public var lengths: LengthStatistics
  public var scoreGaps: ScoreGaps
  /// Those with the most pairs first; of equally many, in the order of their names' bytes.
  public var models: [ModelRecord]
}

/// Whether longer responses are the chosen ones. Lengths are in Unicode scalars.
public struct LengthStatistics: Sendable, Equatable {
  /// How many chosen responses are longer than the rejected one, are shorter, and are as long.
  public var longerCount = 0
  public var shorterCount = 0
  public var equalCount = 0
  /// Means over pairs; nil where there are none.
  public var chosenMean: Double?
  public var rejectedMean: Double?
  /// Cohen's d of the lengths of chosen against rejected responses; nil for fewer than two pairs, or where all are as
  /// long.
  public var cohensD: Double?

  /// How often the longer response is the chosen one, among pairs whose lengths differ; nil where there are none.
  public var longerShare: Double? {
    let count = longerCount + shorterCount
    return count == 0 ? nil : Double(longerCount) / Double(count)
  }

  /// Whether length goes with preference so far that whoever trains should know.
  public var isBiased: Bool { longerShare.map { $0 > 0.6 } ?? false }
}

/// By how much chosen responses have the higher score.
public struct ScoreGaps: Sendable, Equatable {
  /// Gaps above `lower`, up to `upper`; where both are equal, that very gap.
  public struct Bin: Sendable, Equatable {
    /// nil: any, however low, up to but without `upper`.
    public var lower: Double?
    /// nil: any, however high.
    public var upper: Double?
    public var count = 0

    /// "below 0", "0", "0 to 0.1", "above 8"
    public var words: String {
      switch (lower, upper) {
      case (nil, nil): "any"
      case (nil, let upper?): "below \(Self.digits(upper))"
      case (let lower?, nil): "above \(Self.digits(lower))"
      case (let lower?, let upper?):
        lower == upper ? Self.digits(lower) : "\(Self.digits(lower)) to \(Self.digits(upper))"
      }
    }

    private static func digits(_ edge: Double) -> String {
      edge == edge.rounded() ? String(Int(edge)) : edge.description
    }
  }

  /// How many pairs have both scores.
  public var count = 0
  /// nil where there are none.
  public var mean: Double?
  /// All gaps below 0, those of 0, and then in steps that fit scores from 0 to 1 as well as from 1 to 10.
  public var bins: [Bin]
}

/// How a model's responses fared.
public struct ModelRecord: Sendable, Equatable {
  /// nil: all models beyond the first thirty together.
  public var model: String?
  /// How many models this is.
  public var modelCount = 1
  public var winCount = 0
  public var lossCount = 0
  public var tieCount = 0

  /// The share of wins among wins and losses; nil where there are neither.
  public var winRate: Double? {
    winCount + lossCount == 0 ? nil : Double(winCount) / Double(winCount + lossCount)
  }
}

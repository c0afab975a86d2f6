// Counts what ExportStatistics tells, pair by pair: memory is a few numbers, and a row for each model.

/// Mean and variance of whole numbers that come one by one, from sums that are exact as long as their
/// count times the largest is below 2^63.
struct WholeMoments {
  private(set) var count = 0
  private var sum: Int128 = 0
  private var squares: Int128 = 0

  mutating func add(_ number: Int) {
    count += 1
    sum += Int128(number)
    squares += Int128(number) * Int128(number)
  }

  /// nil where there were no numbers.
  var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }

  /// The sample variance, by count - 1; nil for fewer than two numbers.
  var variance: Double? {
    guard count > 1 else { return nil }
    return Double(Int128(count) * squares - sum * sum) / (Double(count) * Double(count - 1))
  }
}

struct StatisticsTally {
  private var lengths = LengthStatistics()
  private var chosenLength = WholeMoments()
  private var rejectedLength = WholeMoments()
  private var gap = CompensatedMean()
  private var gaps = ScoreGaps(bins: Self.bins)
  private var names = ByteNames()
  private var models: [ModelRecord] = []

  /// How many models have a row of their own.
  private static let modelLimit = 30

  private static let bins: [ScoreGaps.Bin] = {
    let edges = [0, 0, 0.1, 0.25, 0.5, 1, 2, 4, 8]
    return zip([nil] + edges, edges + [nil]).map { ScoreGaps.Bin(lower: $0, upper: $1) }
  }()

  mutating func add(_ pair: PreferencePair) {
    let (chosen, rejected) = (model(pair.chosenModel), model(pair.rejectedModel))
    guard !pair.isTie else {
      models[chosen].tieCount += 1
      models[rejected].tieCount += 1
      return
    }
    models[chosen].winCount += 1
    models[rejected].lossCount += 1
    addLengths(pair.chosen.scalarCount, pair.rejected.scalarCount)
    if let margin = pair.margin, margin.isFinite { add(gap: margin) }
  }

  private mutating func addLengths(_ chosen: Int, _ rejected: Int) {
    if chosen == rejected {
      lengths.equalCount += 1
    } else if chosen > rejected {
      lengths.longerCount += 1
    } else {
      lengths.shorterCount += 1
    }
    chosenLength.add(chosen)
    rejectedLength.add(rejected)
  }

  private mutating func add(gap margin: Double) {
    gap.add(margin)
    gaps.count += 1
    // The first bin is all below 0.
    let bin = margin < 0 ? 0 : gaps.bins.dropFirst().firstIndex { $0.upper.map { margin <= $0 } ?? true }
    gaps.bins[bin ?? 0].count += 1
  }

  private mutating func model(_ name: Bytes) -> Int {
    let number = names.number(adding: name)
    if number == models.count { models.append(ModelRecord(model: String(decoding: name, as: UTF8.self))) }
    return number
  }

  var statistics: ExportStatistics {
    var lengths = lengths
    lengths.chosenMean = chosenLength.mean
    lengths.rejectedMean = rejectedLength.mean
    lengths.cohensD = Self.cohensD(chosenLength, rejectedLength)
    var gaps = gaps
    gaps.mean = gap.value
    return ExportStatistics(lengths: lengths, scoreGaps: gaps, models: table)
  }

  /// Cohen's d of two samples of equal size: the difference of their means, in units of the root of the mean of their
  /// variances. (J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd edition, 1988, section 2.2)
  ///
  /// nil for fewer than two numbers each, or where none differ.
  static func cohensD(_ one: WholeMoments, _ other: WholeMoments) -> Double? {
    guard let mean = one.mean, let otherMean = other.mean, let variance = one.variance,
      let otherVariance = other.variance, variance + otherVariance > 0
    else { return nil }
    return (mean - otherMean) / ((variance + otherVariance) / 2).squareRoot()
  }

  private var table: [ModelRecord] {
    let count = { (index: Int) in models[index].winCount + models[index].lossCount + models[index].tieCount }
    let sorted = models.indices.sorted { one, other in
      count(one) != count(other)
        ? count(one) > count(other) : names.names[one].lexicographicallyPrecedes(names.names[other])
    }
    let others = sorted.dropFirst(Self.modelLimit)
    guard others.count > 1 else { return sorted.map { models[$0] } }
    let rest = others.reduce(into: ModelRecord(model: nil, modelCount: others.count)) { rest, index in
      rest.winCount += models[index].winCount
      rest.lossCount += models[index].lossCount
      rest.tieCount += models[index].tieCount
    }
    return sorted.prefix(Self.modelLimit).map { models[$0] } + [rest]
  }
}

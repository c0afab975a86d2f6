// What a method sees of one prompt: columns of numbers, one value a response, lent for the length of a call.

/// A checked view of one prompt's k responses; a column that is absent is empty, a present one has k values.
///
/// It owns nothing: the memory belongs to whoever made it (`CandidateStorage`, or a slice of larger columns) and must
/// outlive the view, which therefore isn't stored or passed on beyond the call it was lent to. Making one costs O(k)
/// for the checks and allocates nothing. A view that exists is sound: finite numbers, equal lengths, lower <= upper.
/// A reward outside its bounds is allowed; see `rewardsOutsideBoundsCount`.
public struct Candidates {
  /// k, the number of responses.
  public let count: Int
  /// The reward model's rewards.
  public let rewards: UnsafeBufferPointer<Float>
  /// Lower bounds of the rewards.
  public let lower: UnsafeBufferPointer<Float>
  /// Upper bounds of the rewards.
  public let upper: UnsafeBufferPointer<Float>
  /// One judge's scores, on the judge's own scale.
  public let scores: UnsafeBufferPointer<Double>
  /// Lengths of the responses' texts, in any one unit.
  public let textLengths: UnsafeBufferPointer<Int>
  /// The rewards of an ensemble's h heads: k rows of h values, one row after the other.
  public let heads: UnsafeBufferPointer<Float>
  /// Features: k rows of d values, one row after the other.
  public let features: UnsafeBufferPointer<Float>
  /// The models that made the responses.
  public let models: ModelNames
  /// Which columns are present. With k = 0 none is.
  public let columns: CandidateColumns

  /// Checks the columns and makes the view.
  ///
  /// - Parameter count: k >= 0; needed because a prompt may carry no column at all (the method `random` needs none).
  /// - Throws: `CandidatesError` for a column of another length, a NaN or an infinity, or a lower bound above its
  ///   upper bound; the first found, columns in the order of the parameters.
  public init(
    count: Int,
    rewards: UnsafeBufferPointer<Float> = .init(start: nil, count: 0),
    lower: UnsafeBufferPointer<Float> = .init(start: nil, count: 0),
    upper: UnsafeBufferPointer<Float> = .init(start: nil, count: 0),
    scores: UnsafeBufferPointer<Double> = .init(start: nil, count: 0),
    textLengths: UnsafeBufferPointer<Int> = .init(start: nil, count: 0),
    heads: UnsafeBufferPointer<Float> = .init(start: nil, count: 0),
    features: UnsafeBufferPointer<Float> = .init(start: nil, count: 0),
    models: ModelNames = .none
  ) throws(CandidatesError) {
    precondition(count >= 0, "a negative number of responses")
    self.count = count
    self.rewards = rewards
    self.lower = lower
    self.upper = upper
    self.scores = scores
    self.textLengths = textLengths
    self.heads = heads
    self.features = features
    self.models = models
    var present: CandidateColumns = []
    if try Self.isPresent(length: rewards.count, count, .rewards) { present.insert(.rewards) }
    if try Self.isPresent(length: lower.count, count, .lower) { present.insert(.lower) }
    if try Self.isPresent(length: upper.count, count, .upper) { present.insert(.upper) }
    if try Self.isPresent(length: scores.count, count, .scores) { present.insert(.scores) }
    if try Self.isPresent(length: textLengths.count, count, .textLengths) { present.insert(.textLengths) }
    if try Self.isPresent(length: models.count, count, .models) { present.insert(.models) }
    if try Self.isPresentMatrix(length: heads.count, count, .heads) { present.insert(.heads) }
    if try Self.isPresentMatrix(length: features.count, count, .features) { present.insert(.features) }
    columns = present
    try Self.checkFinite(rewards, .rewards)
    try Self.checkFinite(lower, .lower)
    try Self.checkFinite(upper, .upper)
    try Self.checkFinite(scores, .scores)
    try Self.checkFinite(heads, .heads, rowLength: headCount)
    try Self.checkFinite(features, .features, rowLength: featureDimension)
    if present.isSuperset(of: .bounds) {
      try checkBoundOrder()
    }
  }

  /// h, the number of heads; 0 where there are none.
  public var headCount: Int { count == 0 ? 0 : heads.count / count }
  /// d, the number of features of a response; 0 where there are none.
  public var featureDimension: Int { count == 0 ? 0 : features.count / count }

  /// The number of responses whose reward lies outside their bounds; 0 where a column is absent.
  ///
  /// Allowed, because the bounds of an ensemble needn't hold its mean after rounding or calibration, but worth a
  /// warning when there are many. Complexity: O(k).
  public var rewardsOutsideBoundsCount: Int {
    guard columns.isSuperset(of: .estimates) else { return 0 }
    var outsideCount = 0
    for index in 0..<count where rewards[index] < lower[index] || rewards[index] > upper[index] {
      outsideCount += 1
    }
    return outsideCount
  }

  private static func isPresent(
    length: Int, _ count: Int, _ column: CandidateColumns
  ) throws(CandidatesError) -> Bool {
    guard length == 0 || length == count else {
      throw .lengthMismatch(column: column, length: length, responseCount: count)
    }
    return length != 0
  }

  /// A matrix has as many values for each response, one or more.
  private static func isPresentMatrix(
    length: Int, _ count: Int, _ column: CandidateColumns
  ) throws(CandidatesError) -> Bool {
    guard length == 0 || (count > 0 && length % count == 0) else {
      throw .lengthMismatch(column: column, length: length, responseCount: count)
    }
    return length != 0
  }

  private static func checkFinite<Number: BinaryFloatingPoint>(
    _ values: UnsafeBufferPointer<Number>, _ column: CandidateColumns, rowLength: Int = 1
  ) throws(CandidatesError) {
    for index in values.indices where !values[index].isFinite {
      throw .notFinite(column: column, index: index / rowLength, value: "\(values[index])")
    }
  }

  private func checkBoundOrder() throws(CandidatesError) {
    for index in 0..<count where lower[index] > upper[index] {
      throw .reversedBounds(index: index, lower: lower[index], upper: upper[index])
    }
  }
}

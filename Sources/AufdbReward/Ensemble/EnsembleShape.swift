// What an ensemble looks like, and where in memory its numbers stand.
//
// Each of its heads is a small network of its own on the same inputs. With L layers and h hidden units it is
//
//   L = 1    one linear map inputs -> 1, without a bias and without hidden units
//   L >= 2   inputs -> h, then L - 1 times h -> h, each with a bias and rectified; then a linear map h -> 1 without one
//
// so that the usual L = 2 has three linear maps. A head's parameters are one row of numbers: map after map its weights,
// output unit after output unit, and then its biases, if it has any. (This is the order of ActiveUltraFeedback's own
// networks, so that their weights can be taken over.)

/// The dimensions of an ensemble of equal networks.
public struct EnsembleShape: Sendable, Hashable {
  /// The length of an input row.
  public let inputCount: Int
  /// Units of a hidden layer; without meaning where there is none.
  public let hiddenCount: Int
  /// L.
  public let layerCount: Int
  public let headCount: Int

  /// No dimension is larger, and no head has more parameters: offsets and sums of sizes are then far from overflowing.
  public static let limit = 1 << 28

  /// - Throws: `EnsembleShapeError` where a dimension is less than 1, or numbers are too large.
  public init(inputCount: Int, hiddenCount: Int, layerCount: Int, headCount: Int) throws(EnsembleShapeError) {
    let dimensions = [
      ("inputs", inputCount), ("hidden units", hiddenCount), ("layers", layerCount), ("heads", headCount),
    ]
    for (name, count) in dimensions where !(1...Self.limit).contains(count) {
      throw .outOfRange(dimension: name, count: count)
    }
    self.inputCount = inputCount
    self.hiddenCount = hiddenCount
    self.layerCount = layerCount
    self.headCount = headCount
    // Each factor is small enough for a product of two; of more than two only the logarithms are.
    let hiddenParameters = hiddenCount * (inputCount + 2)
    let laterLayers = layerCount == 1 ? 0 : layerCount - 1
    let (later, overflows) = laterLayers.multipliedReportingOverflow(by: hiddenCount * (hiddenCount + 1))
    guard !overflows, later <= Self.limit, layerCount == 1 || hiddenParameters <= Self.limit,
      parameterCount <= Self.limit, parameterCount * headCount <= 16 * Self.limit
    else { throw .tooManyParameters(limit: Self.limit) }
  }

  /// A linear map of one head.
  public struct Layer: Sendable, Hashable {
    public let inputCount: Int
    public let outputCount: Int
    /// Where its weights begin in a head's row: `outputCount` x `inputCount`, row-major.
    public let weightOffset: Int
    /// Where its biases begin, one an output; nil for the last map, which has none and isn't rectified.
    public let biasOffset: Int?
  }

  /// The linear maps of a head, in order.
  public var layers: [Layer] {
    var layers: [Layer] = []
    var (width, offset) = (inputCount, 0)
    for _ in 0..<(layerCount == 1 ? 0 : layerCount) {
      let biasOffset = offset + width * hiddenCount
      layers.append(
        Layer(inputCount: width, outputCount: hiddenCount, weightOffset: offset, biasOffset: biasOffset))
      (width, offset) = (hiddenCount, biasOffset + hiddenCount)
    }
    layers.append(Layer(inputCount: width, outputCount: 1, weightOffset: offset, biasOffset: nil))
    return layers
  }

  /// How many parameters one head has.
  public var parameterCount: Int {
    guard layerCount > 1 else { return inputCount }
    return hiddenCount * (inputCount + 2) + (layerCount - 1) * hiddenCount * (hiddenCount + 1)
  }
}

/// Dimensions that no ensemble can have.
public enum EnsembleShapeError: Error, Sendable, Hashable {
  case outOfRange(dimension: String, count: Int)
  case tooManyParameters(limit: Int)
}

extension EnsembleShapeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfRange(let dimension, let count):
      "an ensemble can't have \(count) \(dimension): there must be from 1 to \(EnsembleShape.limit)"
    case .tooManyParameters(let limit):
      "an ensemble of such dimensions has more than \(limit) parameters a head, or 16 times as many in all"
    }
  }
}

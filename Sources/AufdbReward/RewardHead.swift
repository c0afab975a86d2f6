// What all reward heads have in common: matrices of inputs in, estimates out, and the numbers that make a head again.
//
// A head is a value. It knows rows of inputs (a response's embedding and other features, scaled: `InputScaling`) and
// which of them are of one prompt; where they come from and where estimates go is its caller's business.

/// A trained map from inputs to rewards with bounds.
public protocol RewardHead: Sendable {
  /// The name of this kind of head, as stores record it; it never changes.
  static var kind: String { get }

  /// The length of an input row.
  var inputCount: Int { get }
  /// How many single heads give a reward of their own; 0 where it is no ensemble.
  var headCount: Int { get }

  /// Estimates responses.
  ///
  /// - Parameters:
  ///   - inputs: n x `inputCount`, the rows of a prompt one after the other.
  ///   - groupSizes: how many rows each prompt has; their sum is n. A head that compares responses within a prompt needs
  ///     all of a prompt's; others give the same for any grouping.
  ///   - threadCount: at least 1; the result has the same bits for any.
  ///   - estimates: replaced; its memory is used again.
  /// - Throws: `EmbeddingError.outOfRange`; what `estimates` holds then means nothing.
  func estimate(
    _ inputs: MatrixView<Float>, groupSizes: [Int], threadCount: Int, into estimates: inout RewardEstimates
  ) throws(EmbeddingError)

  /// All numbers that make the head again, exactly.
  var tensors: [HeadTensor] { get }

  /// Makes a head from its numbers.
  /// - Throws: `HeadError` where one is missing, has another shape than the others ask for, or isn't finite.
  init(tensors: [HeadTensor]) throws(HeadError)
}

/// What a head says of n responses: columns of n numbers.
public struct RewardEstimates: Sendable, Equatable {
  public var rewards: [Float] = []
  /// At most the reward; NaN, as `upper`, where the head can't tell (an ensemble of one).
  public var lower: [Float] = []
  public var upper: [Float] = []
  /// The rewards of single heads: n rows of `headCount`, one after the other.
  public var heads: [Float] = []

  /// Makes estimates of no responses.
  public init() {}
}

/// Numbers of a head under a name, row-major.
public struct HeadTensor: Sendable, Equatable {
  public enum Elements: Sendable, Equatable {
    case float32([Float])
    case float64([Double])

    public var count: Int {
      switch self {
      case .float32(let elements): elements.count
      case .float64(let elements): elements.count
      }
    }
  }

  public let name: String
  /// One number a dimension; none for a single number.
  public let shape: [Int]
  public let elements: Elements

  /// - Precondition: as many elements as the shape says.
  public init(_ name: String, shape: [Int], _ elements: Elements) {
    precondition(shape.reduce(1, *) == elements.count, "another number of elements than the shape says")
    self.name = name
    self.shape = shape
    self.elements = elements
  }
}

/// Why numbers make no head.
public enum HeadError: Error, Sendable, Hashable {
  case missing(tensor: String)
  case unexpectedShape(tensor: String, shape: [Int], expected: String)
  case notFinite(tensor: String)
  case unexpectedValue(tensor: String, value: String, expected: String)
}

extension HeadError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let tensor): "there is no tensor '\(tensor)'"
    case .unexpectedShape(let tensor, let shape, let expected):
      "the tensor '\(tensor)' has the shape \(shape), not \(expected)"
    case .notFinite(let tensor): "the tensor '\(tensor)' holds a number that isn't finite"
    case .unexpectedValue(let tensor, let value, let expected):
      "the tensor '\(tensor)' holds \(value), not \(expected)"
    }
  }
}

extension [HeadTensor] {
  /// The elements of a tensor of single precision.
  public func singles(_ name: String, shape: [Int]? = nil) throws(HeadError) -> (elements: [Float], shape: [Int]) {
    guard let tensor = first(where: { $0.name == name }) else { throw .missing(tensor: name) }
    guard case .float32(let elements) = tensor.elements, shape == nil || shape == tensor.shape else {
      throw .unexpectedShape(tensor: name, shape: tensor.shape, expected: "float32 \(shape.map { "\($0)" } ?? "")")
    }
    guard elements.allSatisfy(\.isFinite) else { throw .notFinite(tensor: name) }
    return (elements, tensor.shape)
  }

  /// The elements of a tensor of double precision.
  public func doubles(_ name: String, shape: [Int]? = nil) throws(HeadError) -> (elements: [Double], shape: [Int]) {
    guard let tensor = first(where: { $0.name == name }) else { throw .missing(tensor: name) }
    guard case .float64(let elements) = tensor.elements, shape == nil || shape == tensor.shape else {
      throw .unexpectedShape(tensor: name, shape: tensor.shape, expected: "float64 \(shape.map { "\($0)" } ?? "")")
    }
    guard elements.allSatisfy(\.isFinite) else { throw .notFinite(tensor: name) }
    return (elements, tensor.shape)
  }
}

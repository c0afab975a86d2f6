// A stored vector in single precision, in memory that serves one vector after the other.

/// The elements of the vector that was decoded last. Memory is allocated for the first vector, and for longer ones.
public struct EmbeddingVector: ~Copyable {
  private var storage: UnsafeMutableBufferPointer<Float>

  /// How many elements it has; 0 before the first is decoded.
  public private(set) var dimension = 0

  /// Makes an empty vector.
  public init() { storage = .allocate(capacity: 0) }

  deinit { storage.deallocate() }

  /// Decodes a vector as the relation embeddings holds it.
  ///
  /// - Parameters:
  ///   - bytes: the column `vector`, at any address.
  ///   - element: what the column `element` says.
  /// - Throws: `.badData` where the bytes aren't whole elements, or there is none; the vector before is kept then.
  /// - Complexity: O(dimension).
  public mutating func decode(_ bytes: UnsafeRawBufferPointer, as element: EmbeddingElement) throws(AufdbError) {
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: element.byteCount)
    guard rest == 0, count > 0 else {
      throw AufdbError(
        .badData,
        count == 0 && rest == 0
          ? "a vector without elements"
          : "a vector of \(bytes.count) bytes, which aren't whole elements of \(element.rawValue)")
    }
    if storage.count < count {
      storage.deallocate()
      storage = .allocate(capacity: count)
      storage.initialize(repeating: 0)
    }
    try element.decode(bytes, into: UnsafeMutableBufferPointer(rebasing: storage[..<count]))
    dimension = count
  }

  /// Lends the elements.
  public func withValues<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(rebasing: storage[..<dimension]))
  }
}
